#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "analysis/results/part_file.hpp"
#include "analysis/results/results_file.hpp"
#include "apps/commands/flags.hpp"
#include "apps/commands/read_results.hpp"
#include "apps/figures/list.hpp"
#include "apps/figures/svg.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"

namespace kramers {
namespace {

struct PlotOptions {
  std::string file;
  std::string figure = apps::figures().front().name;
  std::optional<int> run;  // of a sweep; default: all
  int density = 0;         // of the [record] list
  std::string output;      // SVG
  bool overwrite = false;  // even where another file has to give way
  bool dark = false;
};

std::vector<std::string> figure_names() {
  std::vector<std::string> names;
  for (const apps::Figure& figure : apps::figures()) names.emplace_back(figure.name);
  return names;
}

std::string what_is_drawn() {
  std::vector<std::string> names = figure_names();
  names.front() += " (default)";
  return fmt::format("{}; over two axes a figure shows both", fmt::join(names, " or "));
}

/// Our pictures give way to each other, nothing else does.
void check_replaceable(const std::string& path) {
  analysis::check_regular_or_absent(analysis::end_of_links(path));
  std::ifstream file(path);
  std::string head(apps::svg_head.size(), ' ');
  if (!file.read(head.data(), std::ssize(head)) && file.gcount() == 0) return;  // absent or empty
  if (head != apps::svg_head)
    throw std::invalid_argument(
        fmt::format("will not overwrite {}: it is no figure of kramers; allowed: --overwrite, or another -o", path));
}

int plot(const PlotOptions& options) {
  if (!options.output.ends_with(".svg"))
    throw std::invalid_argument("--output " + options.output + ": a figure's name ends in .svg");
  static auto& interrupt = *new apps::Interrupt("kramers: interrupted; nothing was written\n");  // to the very end
  const apps::Claim claim(options.output, {}, {options.file});
  if (!options.overwrite) check_replaceable(options.output);
  const auto all = apps::figures();
  const apps::Figure& figure = *std::ranges::find(all, options.figure, &apps::Figure::name);
  const analysis::Results results = apps::read_results(options.file);
  apps::FigureOptions how{.density = options.density};
  if (options.dark) how.theme = apps::Theme::dark;
  for (int run = 0; run < int(results.runs.size()); ++run)
    if (!options.run || *options.run == run) how.runs.push_back(run);
  if (how.runs.empty())
    throw std::invalid_argument(
        fmt::format("--run {}: {} holds the runs 0 to {}", *options.run, options.file, results.runs.size() - 1));
  const std::string obstacle = figure.obstacle(results, how);
  if (!obstacle.empty()) throw std::invalid_argument(obstacle);
  const std::string svg = figure.svg(results, how);
  interrupt.hold();  // a file is written whole
  analysis::PartFile file(options.output);
  file.fill({std::as_bytes(std::span(svg))});
  file.become_target();
  fmt::print("{}\n", options.output);
  return status::done;
}

}  // namespace

Command plot_command() {
  return command_of<PlotOptions>(
      "plot", "one figure as SVG", "  kramers plot wide.h5 --figure residual --run 0 -o residual.svg", plot,
      [](Flags& flags, PlotOptions& o) {
        flags.results(o.file);
        flags.add({.name = "--figure", .value = &o.figure, .what = what_is_drawn(), .one_of = figure_names()});
        flags.add({.name = "--density",
                   .value = &o.density,
                   .what = "which of the recorded densities; default: the first, 0",
                   .whole_range = {{0, 99}}});
        flags.add(
            {.name = "--run", .value = &o.run, .what = "run of a sweep; default: all", .whole_range = {{0, 65535}}});
        flags.add(
            {.name = "-o,--output", .value = &o.output, .what = "figure to write", .required = true, .type = "X.svg"});
        flags.overwrite(o.overwrite);
        flags.add({.name = "--dark", .value = &o.dark, .what = "for dark pages"});
      });
}

}  // namespace kramers
