#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "apps/figures/axis.hpp"
#include "apps/figures/density_map.hpp"
#include "apps/figures/figure.hpp"
#include "apps/figures/terminal_density.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/process/progress.hpp"
#include "tests/catch.hpp"

using namespace kramers::apps;

namespace {

using Tree = boost::property_tree::ptree;

struct Element {
  std::string tag, classes, text;
  Tree attributes;
  double number(const char* name) const { return attributes.get<double>(name); }
};

void collect(const Tree& tree, std::vector<Element>& found) {
  for (const auto& [tag, child] : tree) {
    if (tag.starts_with('<')) continue;
    const Tree attributes = child.get_child("<xmlattr>", Tree());
    found.push_back({tag, attributes.get("class", ""), child.data(), attributes});
    collect(child, found);
  }
}

/// All elements in document order, from a real parser: throws if it is not XML.
std::vector<Element> elements(const std::string& svg) {
  std::istringstream in(svg);
  Tree tree;
  boost::property_tree::read_xml(in, tree);
  std::vector<Element> found;
  collect(tree, found);
  return found;
}

std::vector<Element> of_class(const std::vector<Element>& all, const std::string& classes) {
  std::vector<Element> found;
  for (const Element& e : all)
    if (e.classes == classes) found.push_back(e);
  return found;
}

double tick_value(std::string label) {
  if (label.starts_with("\u2212")) label.replace(0, std::string("\u2212").size(), "-");
  return std::stod(label);
}

/// The straight line through the first and the last of the axis labels: coordinate of a value.
Scale axis(const std::vector<Element>& labels, const char* coordinate, double offset) {
  const Element &a = labels.front(), &b = labels.back();
  return {tick_value(a.text), tick_value(b.text), a.number(coordinate) - offset, b.number(coordinate) - offset};
}

/// The levels of a step path: ordinates at M and V. The path leaves out no bin, so there is one a bin.
std::vector<double> levels(const std::string& d) {
  std::vector<double> y;
  double x, first;
  int count = 0;
  std::istringstream in(d.substr(1));
  in >> x >> first;
  y.push_back(first);
  for (char command; in >> command;) {
    double value;
    in >> value;
    if (command == 'V') y.push_back(value);
    count += command == 'H';
  }
  REQUIRE(count == int(y.size()));
  return y;
}

DensityFigure example(int panels, bool round_numbers = true) {
  DensityFigure figure{.title = "a <b> & \"c\" 'd'",
                       .axis_label = "theta",
                       .law = "Boltzmann-Gibbs",
                       .edges = {-1, -0.5, 0, 1, 2},
                       .panels = {}};
  for (int i = 0; i < panels; ++i)
    figure.panels.push_back({.label = fmt::format("T < {} & more", i + 1),
                             .probability = {0.1, 0.2, 0.5, 0.2},
                             .error = {0.01, 0.02, 0.01, 0.005},
                             .prediction = {0.15, 0.2, 0.45, round_numbers ? 0.2 : 0.19},
                             .integrator = {},
                             .verdict = "disagrees: total variation 0.05 > 0.01 & <more>",
                             .decision = kramers::analysis::Decision::disagrees});
  return figure;
}

DensityMap example_map() {
  DensityMap map{.title = "map & <more>", .axis_labels = {"x", "y"}, .edges = {}, .panels = {}};
  map.edges = {std::vector<double>{0, 1, 2, 4}, std::vector<double>{-1, 0, 1}};
  map.panels.push_back({.label = "T = 1",
                        .probability = {0.1, 0.2, 0.1, 0.2, 0.3, 0.1},
                        .error = {0.01, 0.01, 0.01, 0.01, 0.01, 0.01},
                        .prediction = {0.1, 0.17, 0.1, 0.2, 0.3, 0.12},
                        .verdict = "",
                        .decision = kramers::analysis::Decision::agrees});
  return map;
}

}  // namespace

TEST_CASE("every figure is well-formed XML, whatever its texts", "[figure]") {
  std::vector<std::string> documents;
  for (Theme theme : {Theme::follow_reader, Theme::light, Theme::dark}) {
    for (int panels : {1, 2, 3, 4, 7}) documents.push_back(svg(example(panels), {.theme = theme}));
    documents.push_back(svg(example(3), {.figure = FigureStyle::Figure::residual, .theme = theme}));
    documents.push_back(svg(example_map(), theme));
  }
  for (const std::string& document : documents) CHECK_NOTHROW(elements(document));
  CHECK(of_class(elements(documents[0]), "title").at(0).text == example(1).title);
  CHECK(of_class(elements(documents[0]), "label").at(0).text == "T < 1 & more");
  CHECK(escape("a<b>&\"'\x01\n") == "a&lt;b&gt;&amp;&quot;&apos; ");

  // The strict parser's word, where it is installed.
  if (std::system("command -v xmllint > /dev/null 2>&1") != 0) return;
  const auto file = std::filesystem::temp_directory_path() / fmt::format("kramers-figure-{}.svg", ::getpid());
  for (const std::string& document : documents) {
    std::ofstream(file) << document;
    CHECK(std::system(fmt::format("xmllint --noout '{}'", file.string()).c_str()) == 0);
  }
  std::filesystem::remove(file);
}

TEST_CASE("every bin is drawn, and a density stands where the axes say", "[figure]") {
  DensityFigure figure = example(1);
  figure.panels[0].integrator = {0.11, 0.21, 0.48, 0.2};
  const Panel& panel = figure.panels[0];
  const auto all = elements(svg(figure));

  // Labels of the y axes: first the density's, which begins with 0, then the residual's, which begins below 0.
  std::vector<Element> density_labels, residual_labels;
  for (const Element& label : of_class(all, "tick y"))
    (residual_labels.empty() && (density_labels.empty() || label.number("y") < density_labels.back().number("y"))
         ? density_labels
         : residual_labels)
        .push_back(label);
  REQUIRE(density_labels.size() > 2);
  REQUIRE(residual_labels.size() > 2);
  const Scale y = axis(density_labels, "y", 4), residual_y = axis(residual_labels, "y", 4);
  const Scale x = axis(of_class(all, "tick x"), "x", 0);

  // Coordinates are written to 0.01 px, labels likewise: 0.02 px in all, stretched at most twice beyond the end labels.
  const auto bins = of_class(all, "bin");
  REQUIRE(bins.size() == panel.probability.size());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    CHECK(std::abs(bins[i].number("x") - x(figure.edges[i])) < 0.05);
    CHECK(std::abs(bins[i].number("width") - (x(figure.edges[i + 1]) - x(figure.edges[i]))) < 0.05);
  }
  const auto check = [&](const std::string& classes, const Scale& scale, const std::vector<double>& mass,
                         const std::vector<double>& minus) {
    const auto paths = of_class(all, classes);
    for (const Element& path : paths) {
      if (path.tag != "path") continue;
      const auto drawn = levels(path.attributes.get<std::string>("d"));
      REQUIRE(drawn.size() == mass.size());
      for (std::size_t i = 0; i < mass.size(); ++i) {
        const double density = (mass[i] - (minus.empty() ? 0 : minus[i])) / (figure.edges[i + 1] - figure.edges[i]);
        CHECK(std::abs(drawn[i] - scale(density)) < 0.05);
      }
      return;
    }
    FAIL("nothing of class " << classes << " is drawn");
  };
  check("sampled", y, panel.probability, {});
  check("predicted", y, panel.prediction, {});
  check("integrator", y, panel.integrator, {});
  check("residual sampled", residual_y, panel.probability, panel.prediction);
  check("residual predicted", residual_y, panel.prediction, panel.prediction);
  check("residual integrator", residual_y, panel.integrator, panel.prediction);
}

TEST_CASE("the error band reaches two standard errors either side", "[figure]") {
  // One bin, so that the band is one rectangle: 0.5 +- 2 * 0.1 on width 1, prediction 0.5.
  DensityFigure figure{.title = "", .axis_label = "", .edges = {0, 1}, .panels = {{}}};
  figure.panels[0].probability = {0.5};
  figure.panels[0].error = {0.1};
  figure.panels[0].prediction = {0.4};
  const auto all = elements(svg(figure, {.figure = FigureStyle::Figure::residual}));
  const Scale y = axis(of_class(all, "tick y"), "y", 4);
  const std::string d = of_class(all, "residual band").at(0).attributes.get<std::string>("d");
  double left, high, right, low;
  REQUIRE(std::sscanf(d.c_str(), "M%lf %lfH%lfV%lf", &left, &high, &right, &low) == 4);
  CHECK(std::abs(high - y(0.3)) < 0.05);
  CHECK(std::abs(low - y(-0.1)) < 0.05);
}

TEST_CASE("a picture follows the reader's light or dark setting unless told otherwise", "[figure]") {
  const std::string query = "prefers-color-scheme";
  CHECK(svg(example(1)).find(query) != std::string::npos);
  const std::string light = svg(example(1), {.theme = Theme::light}), dark = svg(example(1), {.theme = Theme::dark});
  CHECK(light.find(query) == std::string::npos);
  CHECK(dark.find(query) == std::string::npos);
  CHECK(light != dark);
  CHECK(light.find(".paper{fill:#ffffff}") != std::string::npos);
}

TEST_CASE("a figure refuses what it cannot draw", "[figure]") {
  DensityFigure figure = example(1);
  figure.panels[0].error.pop_back();
  CHECK_THROWS_AS(svg(figure), std::invalid_argument);
  figure = example(1);
  figure.panels[0].probability[2] = NAN;
  CHECK_THROWS_AS(svg(figure), std::invalid_argument);
  figure = example(1);
  figure.panels[0].prediction.clear();
  CHECK_NOTHROW(svg(figure));
  CHECK_THROWS_AS(svg(figure, {.figure = FigureStyle::Figure::residual}), std::invalid_argument);
  figure.panels.clear();
  CHECK_THROWS_AS(svg(figure), std::invalid_argument);
  figure = example(1);
  figure.edges.clear();
  CHECK_THROWS_AS(svg(figure), std::invalid_argument);
}

TEST_CASE("a heat map covers its plane once, cell by cell in the right shade", "[figure]") {
  const auto all = elements(svg(example_map()));
  double area = 0;
  std::map<std::string, int> rectangles;
  for (const Element& e : all) {
    if (e.tag != "path" || !e.classes.starts_with("cells ")) continue;
    std::istringstream in(e.attributes.get<std::string>("d"));
    double x1, y1, x2, y2, back;
    for (char m; in >> m >> x1 >> y1 >> m >> x2 >> m >> y2 >> m >> back >> m;) {
      area += std::abs((x2 - x1) * (y2 - y1));
      ++rectangles[e.classes];
    }
  }
  // Three maps of 260 x 260 px, each edge rounded to 0.01 px.
  CHECK(std::abs(area - 3 * 260 * 260) < 30);
  // Residuals in standard errors: 0, 3, 0, 0, 0, -2; 20 shades from -5 to 5, so that 3 is shade 16 (or, rounded, 15),
  // -2 shade 6 (or 5).
  CHECK(rectangles["cells r16"] + rectangles["cells r15"] == 1);
  CHECK(rectangles["cells r6"] + rectangles["cells r5"] == 1);
  // Cell 4 has the largest mass, 0.3, but an area of 2: the largest density is 0.2, that of the neighbours 1 and 3 (of
  // 3 alone in the prediction).
  CHECK(rectangles["cells d31"] == 2);
}

TEST_CASE("ticks are round numbers within the range, labelled by their values", "[figure]") {
  for (const auto& [low, high] : std::vector<std::array<double, 2>>{
           {0, 1}, {-3, 3}, {0, 2.0967}, {-0.0213, 0.0213}, {-3e-5, 3e-5}, {0, 7e8}, {1000, 1001}, {-1, 1e-3}})
    for (int most : {2, 3, 5, 9, 13}) {
      const Ticks marks = ticks(low, high, most);
      CHECK(int(marks.at.size()) <= most);
      for (std::size_t i = 0; i < marks.at.size(); ++i) {
        CHECK(marks.at[i] >= low - 1e-9 * (high - low));
        CHECK(marks.at[i] <= high + 1e-9 * (high - low));
        CHECK(std::abs(std::stod(marks.labels[i]) * std::pow(10, marks.exponent) - marks.at[i]) < 1e-9 * (high - low));
        CHECK(marks.labels[i].size() <= 8);
      }
    }
  CHECK(ticks(-3, 3, 7).labels == std::vector<std::string>{"-3", "-2", "-1", "0", "1", "2", "3"});
  CHECK_THROWS_AS(ticks(1, 1, 5), std::invalid_argument);
}

namespace {

std::vector<std::vector<std::string>> cells_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n')
      rows.emplace_back();
    else if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80)
      rows.back().back() += text[i];
    else
      rows.back().push_back(std::string(1, text[i]));
  }
  return rows;
}

}  // namespace

TEST_CASE("columns in the terminal are as high as the density, to an eighth of a row", "[terminal]") {
  // 64 columns, 4 bins of 16 columns each; 8 rows, the largest density fills them.
  const TerminalDensity density{{0, 1, 2, 3, 4}, {0.13, 0.22, 0.4, 0.25}, {}, "theta"};
  const std::string blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto rows = cells_of(draw(density, {.width = 72, .height = 8}));
  for (int bin = 0; bin < 4; ++bin)
    for (int column = bin * 16; column < bin * 16 + 16; ++column) {
      int eighths = 0;
      for (int row = 1; row <= 8; ++row) {
        if (int(rows[row].size()) <= 8 + column) continue;
        for (int k = 1; k <= 8; ++k)
          if (rows[row][8 + column] == blocks[k]) eighths += k;
      }
      CHECK(eighths == std::lround(64 * density.probability[bin] / 0.4));
    }
  for (const auto& row : rows) CHECK(row.size() <= 72);
  // The axis knows the density itself: 0.4 a unit of theta at the top, 0.2 half way.
  const auto label = [&](int row) { return rows[row][3] + rows[row][4] + rows[row][5]; };
  CHECK(label(1) == "0.4");
  CHECK(label(5) == "0.2");
}

TEST_CASE("the prediction is marked at its height in the terminal", "[terminal]") {
  // 0.1 of 0.4 over 9 rows of three thirds: 6.75, so the seventh third from below, the lowest of the third row; 0.4 the
  // highest of the ninth.
  const TerminalDensity density{{0, 1, 2, 3, 4}, {0.25, 0.25, 0.25, 0.25}, {0.1, 0.2, 0.4, 0.3}, ""};
  const auto rows = cells_of(draw(density, {.width = 72, .height = 9}));
  CHECK(rows[9 - 2][8 + 5] == "_");
  CHECK(rows[9 - 8][8 + 2 * 16 + 5] == "¯");
  const std::string plain = draw(density, {.width = 72, .height = 9, .ascii = true});
  for (char c : plain) CHECK(static_cast<unsigned char>(c) < 0x80);
  CHECK(cells_of(plain)[9 - 2][8 + 5] == "-");
  CHECK_THROWS_AS(draw({{0, 1}, {0.5, 0.5}, {}, ""}), std::invalid_argument);
  CHECK_NOTHROW(draw({{0, 1}, {0.0}, {}, ""}));
}

TEST_CASE("progress off a terminal is a line every ten seconds, and none in a shorter run", "[progress]") {
  double time = 100;
  std::ostringstream out;
  {
    Progress progress(Progress::Mode::lines, out, [&] { return time; });
    progress.run(2, 3);
    for (int i = 1; i <= 99; ++i) time = 100 + 0.1 * i, progress.update(1e8 * i, 1e10, "P 0.45");
    CHECK(out.str().empty());
    for (int i = 100; i <= 250; ++i) time = 100 + 0.1 * i, progress.update(1e8 * i, 1e11, "P 0.45");
    CHECK(out.str() ==
          " 10 %  run 2/3  1.00e+09 steps/s  1 min 30 s left  P 0.45\n"
          " 20 %  run 2/3  1.00e+09 steps/s  1 min 20 s left  P 0.45\n");
    progress.finish();
  }
  CHECK(out.str().ends_with("2.5e+10 trajectory-steps in 25 s, 1.00e+09 a second\n"));

  out.str("");
  time = 0;
  Progress short_run(Progress::Mode::lines, out, [&] { return time; });
  time = 9;
  short_run.update(1, 2);
  short_run.finish();
  CHECK(out.str().empty());
}

TEST_CASE("progress on a terminal redraws one line and takes it away; quiet says nothing", "[progress]") {
  double time = 0;
  std::ostringstream out, nothing;
  {
    Progress progress(Progress::Mode::live, out, [&] { return time; });
    for (int i = 1; i <= 100; ++i) time = 0.01 * i, progress.update(i, 400);
    const std::string text = out.str();
    const auto redrawn = std::count(text.begin(), text.end(), '\r');
    CHECK(redrawn >= 9);
    CHECK(redrawn <= 10);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(text.find("1.00e+02 steps/s  3 s left") != std::string::npos);
  }
  CHECK(out.str().ends_with("\r\033[K"));
  {
    Progress progress(Progress::Mode::quiet, nothing, [&] { return time; });
    time = 1000;
    progress.update(1, 2);
    progress.finish();
  }
  CHECK(nothing.str().empty());
  CHECK(duration_text(59.6) == "1 min 00 s");
  CHECK(duration_text(7623) == "2 h 07 min");
  CHECK(duration_text(3 * 86400 + 4 * 3600) == "3 d 04 h");
}

namespace {
volatile std::sig_atomic_t outer_calls = 0;
extern "C" void outer_handler(int) { outer_calls = outer_calls + 1; }
}  // namespace

TEST_CASE("an interrupt is remembered while wanted, and handled as before afterwards", "[progress]") {
  const auto original = std::signal(SIGTERM, outer_handler);
  {
    Interrupt interrupt;
    CHECK_FALSE(interrupt.requested());
    std::raise(SIGTERM);
    CHECK(interrupt.requested());
    CHECK(interrupt.signal() == SIGTERM);
    CHECK(outer_calls == 0);
  }
  std::raise(SIGTERM);
  CHECK(outer_calls == 1);
  std::signal(SIGTERM, original);
}
