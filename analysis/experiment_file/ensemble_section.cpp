#include "analysis/experiment_file/ensemble_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/start_section.hpp"
#include "analysis/experiment_file/until_section.hpp"

namespace kramers::analysis {

namespace {

constexpr double most_trajectories = 1099511627776;  // 2^40: the counter's field

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

}  // namespace

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
  for (const char* key : {"time", "epochs"})
    if (section.has(key)) ensemble.length_key = key;
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
  read_start(section, draft);
  section.finish(home_of);
  check_lengths(draft.experiment, section.where(), section.problems());
}

void write_ensemble(ResolvedWriter& w) {
  w.table("ensemble");
  w.key("trajectories", [](const Experiment& e) { return std::to_string(e.ensemble.trajectories); });
  w.key("burn_in", [](const Experiment& e) { return std::to_string(e.ensemble.burn_in); },
        {"burn_in_time", "burn_in_epochs"});
  w.key("steps",
        [](const Experiment& e) { return e.ensemble.until ? std::string() : std::to_string(e.ensemble.steps); },
        {"time", "epochs"});
  w.key("until", until_text);
  w.key("sample_every", [](const Experiment& e) { return std::to_string(e.ensemble.sample_every); },
        {"sample_every_time"});
  w.key("start", [](const Experiment& e) { return start_text(*e.ensemble.start); });
  w.key("precision", [](const Experiment& e) {
    return toml(e.ensemble.precision == Precision::single_precision ? "single" : "double");
  });
  w.key("guard_radius", [](const Experiment& e) { return toml(e.ensemble.guard_radius); });
}

}  // namespace kramers::analysis
