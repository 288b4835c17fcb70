#include "analysis/experiment/experiment_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/experiment/course.hpp"
#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/dynamics_section.hpp"
#include "analysis/experiment/events_section.hpp"
#include "analysis/experiment/nearest_name.hpp"
#include "analysis/experiment/parameters_section.hpp"
#include "analysis/experiment/requests_section.hpp"
#include "analysis/experiment/step_bias_key.hpp"
#include "analysis/experiment/until_section.hpp"
#include "landscapes/basin_raster.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers::analysis {

namespace {

constexpr double most_trajectories = 1099511627776;  // 2^40: the counter's field
constexpr int most_bins = 100'000;                   // all axes together; counts are kept per replicate and start group

void read_landscape(Section section, Draft& draft) {
  std::vector<std::string> names;
  for (const auto& entry : landscapes::catalogue()) names.push_back(entry.name);
  if (!section.has("name")) section.missing("key 'landscape.name' is missing; allowed: " + join(names));
  const auto name = section.name("name", names,
                                 {"rastrigin", "ackley", "rosenbrock", "himmelblau", "gaussian-mixture", "deep-linear",
                                  "entropic-bottleneck", "formula", "network"});
  if (!name) return;
  draft.experiment.landscape.name = *name;

  const auto& entry = landscapes::find(*name);
  std::shared_ptr<const landscapes::Landscape> landscape;
  const ReadParameters read = read_parameters(section, entry.parameters, fmt::format("landscape '{}'", *name),
                                              [&](const auto& given) { landscape = entry.make(given); });
  section.finish(home_of);
  draft.experiment.landscape.parameters = read.given;
  if (read.whole) draft.landscape = std::move(landscape);
}

/// A number of steps, given in steps (`key`) or as a time (`key`_time, or `time` for `steps`).
std::optional<std::uint64_t> read_steps(Section& section, const std::string& key, const std::string& time_key,
                                        double least, bool round_up, std::optional<double> h) {
  const auto steps = section.count(key, least, longest_run);
  const auto time = section.number(time_key, {"a number >= 0", [](double a) { return a >= 0; }});
  if (section.has(key) && section.has(time_key)) {
    section.refuse(time_key, fmt::format("either '{}' or '{}'", key, time_key));
    return {};
  }
  if (!time || !h) return steps;
  double count = *time / *h;
  if (std::abs(count - std::round(count)) <= 1e-6 * count) count = std::round(count);
  if (round_up) count = std::ceil(count);
  if (count == std::floor(count) && count >= least && count <= longest_run) return std::uint64_t(count);
  section.refuse(time_key,
                 fmt::format("a whole number of time steps, {} or more; this is {} steps of {}", least, count, *h));
  return {};
}

bool right_length(Section& section, const std::string& key, const std::vector<double>& numbers, int dim) {
  if (int(numbers.size()) == dim) return true;
  section.refuse(key, fmt::format("a list of {} number{}, one a dimension of the landscape", dim, dim == 1 ? "" : "s"));
  return false;
}

std::optional<Start> read_start(Section section, const landscapes::Landscape* landscape, double guard_radius) {
  Start start;
  const std::string kind = section.has("kind")
                               ? section.name("kind", {"points", "gaussian", "uniform"}, {"file"}).value_or("")
                               : (section.find("kind"), "points");
  if (kind.empty()) return {};
  const int dim = landscape ? landscape->dim() : 0;
  const auto list = [&](const char* key, std::vector<double>& into) {
    const auto numbers = section.numbers(key);
    if (!section.has(key)) section.missing(fmt::format("key '{}' is missing: a list of numbers", section.full(key)));
    if (numbers && dim > 0 && right_length(section, key, *numbers, dim)) into = *numbers;
  };
  if (kind == "points") {
    const Node* at = section.find("at");
    const auto* points = at ? at->as<Node::List>() : nullptr;
    if (!at) section.missing(fmt::format("key '{}' is missing: a list of points", section.full("at")));
    if (at && (!points || points->empty() || points->size() > 1024))
      section.refuse("at", "a list of 1 to 1024 points such as [[-1.0], [1.0]]");
    for (std::size_t i = 0; points && i < points->size(); ++i) {
      const auto point = numbers_in((*points)[i]);
      const auto refuse = [&](const std::string& allowed) {
        section.problems().add((*points)[i].where, fmt::format("key '{}' has the point {}; allowed: {}",
                                                               section.full("at"), (*points)[i].text(), allowed));
      };
      if (!point || (dim > 0 && int(point->size()) != dim))
        refuse(dim > 0 ? fmt::format("lists of {} number{}, one a dimension of the landscape", dim, dim == 1 ? "" : "s")
                       : "lists of numbers");
      else if (std::any_of(point->begin(), point->end(), [&](double x) { return std::abs(x) > guard_radius; }))
        refuse(fmt::format("coordinates within the guard radius {}", guard_radius));
      else
        start.at.push_back(*point);
    }
  } else if (kind == "gaussian") {
    start.kind = Start::Kind::gaussian;
    list("mean", start.mean);
    list("deviation", start.deviation);
    if (std::any_of(start.deviation.begin(), start.deviation.end(), [](double s) { return s < 0; }))
      section.refuse("deviation", "numbers >= 0");
  } else {
    start.kind = Start::Kind::uniform;
    list("low", start.low);
    list("high", start.high);
    for (std::size_t i = 0; i < std::min(start.low.size(), start.high.size()); ++i)
      if (start.low[i] > start.high[i]) section.refuse("low", "numbers that are not above those of 'high'");
  }
  section.finish();
  return start;
}

/// The steps that some epochs take after others, in place of `key`: a whole number, or rounded up.
std::optional<std::uint64_t> read_epochs(Section& section, const std::string& key, const std::string& epochs_key,
                                         bool round_up, std::uint64_t steps_before, const Experiment& experiment) {
  const auto epochs = section.number(epochs_key, {"a number >= 0", [](double a) { return a >= 0; }});
  if (!epochs) return {};
  if (section.has(key)) {
    section.refuse(epochs_key, fmt::format("either '{}' or '{}'", key, epochs_key));
    return {};
  }
  const auto& dynamics = experiment.dynamics;
  if (!dynamics.dataset_size || !dynamics.batch_size ||
      (dynamics.batch_size_schedule && !dynamics.batch_size_schedule->schedule.stepwise())) {
    section.refuse(epochs_key,
                   "only beside 'dynamics.dataset_size' and a 'dynamics.batch_size' that is a number or a "
                   "schedule of stages");
    return {};
  }
  const ExampleClock clock(experiment);
  const std::uint64_t before = clock.examples(steps_before);
  const double examples = *epochs * double(*dynamics.dataset_size), most = longest_run;
  const auto last = before + std::uint64_t(std::min(std::round(examples), most));
  const std::uint64_t steps = clock.first_step(last);
  if (examples <= most && (round_up || (clock.examples(steps) == last && steps > steps_before)))
    return steps - steps_before;
  section.refuse(epochs_key, fmt::format("a whole number of steps, 1 or more, at most {:.0g} examples", most));
  return {};
}

/// Where steps have several lengths, a time is no number of steps.
void refuse_times(Section& section, const Experiment& experiment) {
  if (!experiment.dynamics.learning_rate_schedule || experiment.dynamics.time_step) return;
  for (const auto& [key, instead] : {std::pair{"burn_in_time", "burn_in' or 'burn_in_epochs"},
                                     {"time", "steps' or 'epochs"},
                                     {"sample_every_time", "sample_every"}})
    if (section.has(key))
      section.refuse(key,
                     fmt::format("'{}', for the time step follows the schedule of 'dynamics.learning_rate'", instead));
}

/// Every schedule lasts as long as the run.
void check_lengths(const Experiment& experiment, const std::string& where, Problems& problems) {
  const auto course = course_of(experiment);
  if (!course) return;
  const std::uint64_t steps = experiment.ensemble.burn_in + experiment.ensemble.steps;
  for (const auto& [key, lasts] : course->that_end_before(steps))
    problems.add(where, fmt::format("the schedule of 'dynamics.{}' ends after {}, and the run has {} steps, burn-in "
                                    "included; allowed: then = \"hold\", then = \"repeat\", or a longer one",
                                    key, lasts, steps));
}

/// Numbers of single precision go from 1e-38 to 1e38, and their squares and quotients have to be among them.
void check_single_precision(Section& section, const Experiment& experiment) {
  if (experiment.ensemble.precision != Precision::single_precision || !dynamics_are_whole(experiment)) return;
  const sde::SchemeParameters p = scheme_parameters(experiment);
  std::vector<double> numbers = {p.temperature, p.time_step, p.friction};
  for (const auto& [key, value] : experiment.landscape.parameters) {
    if (const auto* number = std::get_if<double>(&value)) numbers.push_back(*number);
    if (const auto* list = std::get_if<std::vector<double>>(&value))
      numbers.insert(numbers.end(), list->begin(), list->end());
  }
  for (double number : numbers)
    if (number != 0 && (std::abs(number) < 1e-18 || std::abs(number) > 1e18)) {
      section.refuse("precision", fmt::format("\"double\" beside {:.3g}; in single precision the temperature, time "
                                              "step, friction and landscape are of a size from 1e-18 to 1e18",
                                              number));
      return;
    }
}

void read_ensemble(Section section, Draft& draft) {
  auto& ensemble = draft.experiment.ensemble;
  std::optional<double> h;
  if (dynamics_are_whole(draft.experiment)) h = time_step(draft.experiment);
  refuse_times(section, draft.experiment);
  if (auto count = section.count("trajectories", 1, most_trajectories)) ensemble.trajectories = *count;
  if (const auto device = section.name("device", {"auto", "cpu", "cuda"})) ensemble.device = *device;
  if (auto radius =
          section.number("guard_radius", {"a number > 0 and <= 1e30", [](double a) { return a > 0 && a <= 1e30; }}))
    ensemble.guard_radius = *radius;
  const auto burn_in = read_steps(section, "burn_in", "burn_in_time", 0, true, h);
  const auto burn_in_epochs = read_epochs(section, "burn_in", "burn_in_epochs", true, 0, draft.experiment);
  ensemble.burn_in = burn_in ? *burn_in : burn_in_epochs.value_or(0);
  auto steps = read_steps(section, "steps", "time", 1, false, h);
  if (const auto epochs = read_epochs(section, "steps", "epochs", false, ensemble.burn_in, draft.experiment))
    steps = epochs;
  const auto every = read_steps(section, "sample_every", "sample_every_time", 1, false, h);
  if (!section.has("steps") && !section.has("time") && !section.has("epochs") && !section.has("until") &&
      !section.misspelt("steps"))
    section.missing(
        "key 'ensemble.steps' (or 'ensemble.time') is missing: how long to sample after the burn-in; or "
        "'ensemble.until'");
  ensemble.sample_every = every.value_or(1);
  ensemble.steps = steps.value_or(ensemble.sample_every);
  read_until(section, draft);
  if (steps && every && *steps % *every != 0) {
    const std::string key = section.has("sample_every") ? "sample_every" : "sample_every_time";
    section.refuse(key, *every > *steps
                            ? fmt::format("not more than the {} steps after burn-in", *steps)
                            : fmt::format("a divisor of the {} steps after burn-in, which {} is not", *steps, *every));
  }
  if (auto precision = section.name("precision", {"double", "single"}))
    ensemble.precision = *precision == "single" ? Precision::single_precision : Precision::double_precision;
  if (section.has("precision")) check_single_precision(section, draft.experiment);
  if (ensemble.precision == Precision::single_precision && ensemble.guard_radius > 1e9)
    section.refuse("guard_radius", "up to 1e9 in single precision, where the loss beyond may be no number");
  if (section.has("start")) {
    ensemble.start = read_start(section.section("start"), draft.landscape.get(), ensemble.guard_radius);
  } else if (section.find("start"); draft.landscape) {
    Start start;
    for (const auto& minimum : draft.landscape->minima())
      start.at.emplace_back(minimum.at.data(), minimum.at.data() + minimum.at.size());
    if (start.at.empty())
      section.missing("key 'ensemble.start' is missing; the minima of this landscape are not known");
    for (const std::vector<double>& point : start.at)
      if (std::ranges::any_of(point, [&](double x) { return std::abs(x) > ensemble.guard_radius; })) {
        section.missing(
            fmt::format("the default start, the minima of the landscape, lies beyond the guard radius {}; "
                        "allowed: an 'ensemble.start' within it, or a larger 'ensemble.guard_radius'",
                        ensemble.guard_radius));
        break;
      }
    ensemble.start = start;
  }
  section.finish(home_of);
  check_lengths(draft.experiment, section.where(), section.problems());
}

/// One entry of `record.density`; bins default to 200 on one axis and 100 x 100 on two.
std::optional<sde::DensityGrid> read_density(Section section, const landscapes::Landscape* landscape) {
  sde::DensityGrid grid;
  const int dim = landscape ? landscape->dim() : 1 << 30;
  const std::string axes_allowed =
      landscape ? fmt::format("one or two different axes from 0 to {}", dim - 1) : "one or two different axes";
  const auto axes = section.numbers("axes");
  if (!section.has("axes")) grid.axes = {0};
  if (axes) {
    const bool whole =
        std::all_of(axes->begin(), axes->end(), [&](double a) { return a >= 0 && a < dim && a == std::floor(a); });
    if (axes->empty() || axes->size() > 2 || !whole || (axes->size() == 2 && (*axes)[0] == (*axes)[1]))
      section.refuse("axes", axes_allowed);
    else
      grid.axes.assign(axes->begin(), axes->end());
  }
  const int axis_count = int(grid.axes.size());
  grid.bins.assign(axis_count, axis_count == 2 ? 100 : 200);
  if (const Node* bins = section.find("bins")) {
    auto counts = numbers_in(*bins);
    if (const auto one = number_in(*bins)) counts = std::vector<double>(std::max(axis_count, 1), *one);
    double product = 1;
    bool whole = counts.has_value();
    for (double count : counts.value_or(std::vector<double>{})) {
      whole = whole && count >= 1 && count == std::floor(count);
      product *= count;
    }
    if (!whole || product > most_bins || (axis_count > 0 && int(counts->size()) != axis_count))
      section.refuse("bins",
                     fmt::format("a whole number >= 1, or a list of one an axis; at most {} in all", most_bins));
    else
      grid.bins.assign(counts->begin(), counts->end());
  }
  if (const Node* range = section.find("range")) {
    const auto* rows = range->as<Node::List>();
    bool good = rows && (axis_count == 0 || int(rows->size()) == axis_count);
    for (std::size_t i = 0; good && i < rows->size(); ++i) {
      const auto ends = numbers_in((*rows)[i]);
      good = ends && ends->size() == 2 && (*ends)[0] < (*ends)[1];
      if (good) grid.range.push_back({(*ends)[0], (*ends)[1]});
    }
    if (!good) section.refuse("range", "[low, high] with low < high for each axis, such as [[-3.0, 3.0]]");
    if (!good) return {};
    for (int axis = 0; axis < axis_count; ++axis) {
      const auto [low, high] = grid.range[axis];
      const double largest = std::max(std::abs(low), std::abs(high)), width = (high - low) / grid.bins[axis];
      if (std::isfinite(width) && width >= 2 * (largest - std::nextafter(largest, 0))) continue;
      section.refuse("range",
                     fmt::format("so wide that double precision tells the edges of {} bins apart, and narrower "
                                 "than its largest number",
                                 grid.bins[axis]));
      return {};
    }
  }
  section.finish();
  return axis_count > 0 ? std::optional(grid) : std::nullopt;
}

/// `record.phases`, of the first schedule unless another is named.
void read_phases(Section& section, Experiment& experiment) {
  auto& phases = experiment.record.phases;
  std::vector<std::string> scheduled;
  if (experiment.dynamics.learning_rate_schedule) scheduled.emplace_back("learning_rate");
  if (experiment.dynamics.batch_size_schedule) scheduled.emplace_back("batch_size");
  if (experiment.dynamics.temperature_schedule) scheduled.emplace_back("temperature");
  if (!scheduled.empty()) phases.of = scheduled.front();
  if (!section.find("phases")) return;
  if (scheduled.empty()) {
    section.refuse("phases", "only beside a schedule of learning_rate, batch_size or temperature");
    return;
  }
  Section table = section.section("phases");
  if (const auto of = table.name("of", scheduled)) phases.of = *of;
  if (const auto bins = table.count("bins", 1, 1000)) phases.bins = int(*bins);
  if (const auto at_end = table.truth("at_end")) phases.at_end = *at_end;
  table.finish();
}

void read_record(Section section, Draft& draft) {
  auto& record = draft.experiment.record;
  if (const Node* density = section.find("density")) {
    const auto* list = density->as<Node::List>();
    if (!list || list->size() > 100) section.refuse("density", "a list of at most 100 tables { axes, bins, range }");
    if (list && list->empty() && draft.experiment.ensemble.until)
      section.refuse("density", "a list of one or more, beside 'ensemble.until', which is about their error");
    for (std::size_t k = 0; list && k < list->size(); ++k) {
      const auto grid = read_density(Section(&(*list)[k], fmt::format("record.density[{}]", k), section.problems()),
                                     draft.landscape.get());
      if (!grid) continue;
      record.density.push_back(*grid);
      draft.density_where.push_back((*list)[k].where);
    }
  } else {
    record.density.push_back({{0}, {200}, {}});
    draft.density_where.push_back(section.where());
  }
  const auto& ensemble = draft.experiment.ensemble;
  record.path_every = ensemble.sample_every;
  if (section.find("paths") && section.has("paths")) {
    Section paths = section.section("paths");
    record.path_count = paths.count("count", 0, 1e6).value_or(0);
    if (!paths.has("count")) paths.missing("key 'record.paths.count' is missing: how many trajectories to keep");
    if (const auto every = paths.count("every", 1, longest_run)) {
      record.path_every = *every;
      if (*every % ensemble.sample_every != 0)
        paths.refuse("every", fmt::format("a multiple of the {} steps from sample to sample", ensemble.sample_every));
      else if (*every > ensemble.steps)
        paths.refuse("every", fmt::format("at most the {} steps after burn-in", ensemble.steps));
    }
    if (record.path_count > ensemble.trajectories)
      paths.refuse("count", fmt::format("at most the {} trajectories", ensemble.trajectories));
    paths.finish();
  }
  read_phases(section, draft.experiment);
  read_events(section, draft);
  read_requests(section, draft);
  if (const auto basins = section.name("basins", {"stated", "gradient-flow"})) {
    record.basins_by_flow = *basins == "gradient-flow";
    const std::string obstacle =
        record.basins_by_flow && draft.landscape ? landscapes::raster_obstacle(*draft.landscape) : "";
    if (!obstacle.empty()) section.refuse("basins", fmt::format("\"stated\", for {}", obstacle));
  }
  section.finish(home_of);
}

void read_compare(Section section, Draft& draft) {
  auto& compare = draft.experiment.compare;
  const auto structure = draft.noise ? draft.noise->structure() : sde::NoiseStructure::isotropic;
  if (structure != sde::NoiseStructure::isotropic) compare.prediction = "none";
  if (auto name = section.name("prediction", {"boltzmann-gibbs", "none"})) compare.prediction = *name;
  if (structure == sde::NoiseStructure::heavy_tailed && compare.prediction != "none")
    section.refuse("prediction", "\"none\" under stable noise, which has no temperature");
  if (const auto course = course_of(draft.experiment)) {
    const Range temperature = survey(draft.experiment, *course).temperature;
    if (!temperature.is_one() && section.has("prediction") && compare.prediction != "none")
      section.refuse("prediction",
                     fmt::format("\"none\" under a schedule: the temperature goes from {:.4g} to {:.4g}, and "
                                 "there is no stationary law",
                                 temperature.low, temperature.high));
    if (!temperature.is_one()) compare.prediction = "none";
  }
  if (auto tolerance = section.number("tolerance", between(0, 1, false))) compare.tolerance = *tolerance;
  if (auto alpha = section.number("alpha", between(1e-12, 0.5, false))) compare.alpha = *alpha;
  read_step_bias(section, draft);
  section.finish(home_of);
}

void read_checkpoint(Section section, Experiment& experiment) {
  auto& checkpoint = experiment.checkpoint;
  if (auto seconds = section.number("every_seconds", positive_number())) checkpoint.every_seconds = *seconds;
  if (auto keep = section.truth("keep")) checkpoint.keep = *keep;
  section.finish(home_of);
}

}  // namespace

std::string home_of(const std::string& key) {
  static const std::vector<std::string> keys = {"title",
                                                "seed",
                                                "landscape.name",
                                                "dynamics.kind",
                                                "dynamics.scheme",
                                                "dynamics.learning_rate",
                                                "dynamics.batch_size",
                                                "dynamics.noise",
                                                "dynamics.noise.sigma",
                                                "dynamics.calculus",
                                                "dynamics.temperature",
                                                "dynamics.time_step",
                                                "dynamics.friction",
                                                "dynamics.momentum",
                                                "dynamics.dataset_size",
                                                "ensemble.trajectories",
                                                "ensemble.burn_in",
                                                "ensemble.burn_in_time",
                                                "ensemble.burn_in_epochs",
                                                "ensemble.steps",
                                                "ensemble.time",
                                                "ensemble.epochs",
                                                "ensemble.until",
                                                "ensemble.until.total_variation_error",
                                                "ensemble.sample_every",
                                                "ensemble.sample_every_time",
                                                "ensemble.start",
                                                "ensemble.precision",
                                                "ensemble.guard_radius",
                                                "ensemble.device",
                                                "record.density",
                                                "record.paths",
                                                "record.phases",
                                                "record.events",
                                                "record.autocorrelation",
                                                "record.time_series",
                                                "record.split_r_hat",
                                                "record.area_rate",
                                                "record.fluctuation_dissipation",
                                                "record.quantiles",
                                                "record.basins",
                                                "compare.prediction",
                                                "compare.tolerance",
                                                "compare.alpha",
                                                "compare.step_bias",
                                                "checkpoint.every_seconds",
                                                "checkpoint.keep",
                                                "sweep.zip"};
  for (const std::string& full : keys)
    if (full == key || full.ends_with("." + key)) return full;
  return "";
}

Draft read_sections(const Node& document, std::uint64_t run, std::uint64_t runs, Problems& problems) {
  Draft draft;
  draft.run = run;
  draft.runs = runs;
  Section top(&document, "", problems);
  if (auto title = top.string("title")) draft.experiment.title = *title;
  if (auto seed = top.count("seed", 0, 9223372036854775807.0)) draft.experiment.seed = *seed;
  read_landscape(top.section("landscape"), draft);
  read_dynamics(top.section("dynamics"), draft);
  read_ensemble(top.section("ensemble"), draft);
  read_record(top.section("record"), draft);
  read_compare(top.section("compare"), draft);
  read_checkpoint(top.section("checkpoint"), draft.experiment);
  top.find("sweep");
  for (const char* key : {"schedule", "events", "network"})
    top.later(key, "allowed: title, seed, landscape, dynamics, ensemble, record, compare, checkpoint, sweep");
  top.finish(home_of);
  return draft;
}

}  // namespace kramers::analysis
