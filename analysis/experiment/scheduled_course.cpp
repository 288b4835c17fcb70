#include "analysis/experiment/scheduled_course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include "sde/numbers/infinity.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using sde::Schedule;

/// A batch size over steps, whatever its clock: a stage of so many examples is as many steps of it.
Schedule over_steps(const Experiment& experiment) {
  const auto& given = experiment.dynamics.batch_size_schedule;
  if (!given) {
    const double S = *experiment.dynamics.batch_size;
    return Schedule({{Schedule::Shape::constant, S, S, Schedule::forever}}, 1);
  }
  if (!given->in_epochs) return given->schedule;
  std::vector<Schedule::Part> parts = given->schedule.parts();
  for (Schedule::Part& part : parts)
    if (part.length != Schedule::forever) part.length /= std::uint64_t(part.from);
  return Schedule(parts, given->schedule.repeat_from());
}

/// key, schedule
std::vector<std::pair<std::string, const GivenSchedule*>> schedules(const Experiment& experiment) {
  std::vector<std::pair<std::string, const GivenSchedule*>> all;
  const auto add = [&](const char* key, const std::optional<GivenSchedule>& given) {
    if (given) all.emplace_back(key, &*given);
  };
  add("learning_rate", experiment.dynamics.learning_rate_schedule);
  add("batch_size", experiment.dynamics.batch_size_schedule);
  add("temperature", experiment.dynamics.temperature_schedule);
  return all;
}

}  // namespace

bool has_schedule(const Experiment& experiment) { return !schedules(experiment).empty(); }

ExampleClock::ExampleClock(const Experiment& experiment) : batch_size_(over_steps(experiment)) {}

std::uint64_t ExampleClock::examples(std::uint64_t step) const { return batch_size_.sum(step); }

double ExampleClock::batch_size(std::uint64_t step) const { return batch_size_.value(step); }

std::uint64_t ExampleClock::next_change(std::uint64_t step) const { return batch_size_.next_change(step); }

std::uint64_t ExampleClock::first_step(std::uint64_t examples) const {
  std::uint64_t low = 0, high = examples;  // a step sees one example or more
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (this->examples(middle) < examples)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

ScheduledCourse::ScheduledCourse(const Experiment& experiment) : experiment_(experiment) {
  for (const auto& [key, given] : schedules(experiment_))
    if (given->in_epochs && !clock_) clock_.emplace(experiment_);
}

std::uint64_t ScheduledCourse::tick(const GivenSchedule& given, std::uint64_t step) const {
  return given.in_epochs ? clock_->examples(step) : step;
}

/// The first step after this one that may be at a tick or later.
std::uint64_t ScheduledCourse::step_of(const GivenSchedule& given, std::uint64_t step, std::uint64_t tick) const {
  if (!given.in_epochs || tick == Schedule::forever) return tick;
  const std::uint64_t examples = tick - clock_->examples(step), S = std::uint64_t(clock_->batch_size(step));
  return std::min(step + (examples + S - 1) / S, clock_->next_change(step));
}

const GivenSchedule* ScheduledCourse::phased() const {
  for (const auto& [key, given] : schedules(experiment_))
    if (key == experiment_.record.phases.of) return given;
  return nullptr;
}

ScheduledCourse::At ScheduledCourse::at(std::uint64_t step) const {
  const auto& dynamics = experiment_.dynamics;
  At at{.rates = rates(experiment_), .parameters = {}, .end = Schedule::forever, .smooth = Schedule::forever};
  const auto follow = [&](const std::optional<GivenSchedule>& given, std::optional<double>& value) {
    if (!given) return;
    const std::uint64_t now = tick(*given, step);
    value = given->schedule.value(now);
    at.end = std::min(at.end, step_of(*given, step, given->schedule.next_change(now)));
    at.smooth = std::min(at.smooth, step_of(*given, step, given->schedule.next_part(now)));
  };
  follow(dynamics.learning_rate_schedule, at.rates.learning_rate);
  follow(dynamics.batch_size_schedule, at.rates.batch_size);
  follow(dynamics.temperature_schedule, at.rates.temperature);
  if (const GivenSchedule* of = phased()) {
    const std::uint64_t next = of->schedule.next_phase(tick(*of, step), experiment_.record.phases.bins);
    at.end = std::min(at.end, step_of(*of, step, next));
    at.smooth = std::min(at.smooth, step_of(*of, step, next));
  }
  at.parameters = scheme_parameters(experiment_, at.rates);
  return at;
}

sde::Course::Stage ScheduledCourse::stage(std::uint64_t step) const {
  const At now = at(step);
  return {now.parameters, now.end};
}

std::vector<std::uint64_t> ScheduledCourse::position(std::uint64_t step) const {
  std::vector<std::uint64_t> all;
  for (const auto& [key, given] : schedules(experiment_))
    all.push_back(given->schedule.earliest_like(tick(*given, step)));
  if (clock_) all.push_back(clock_->earliest_like(step));
  return all;
}

int ScheduledCourse::phases() const {
  const GivenSchedule* of = phased();
  return of ? of->schedule.phases(experiment_.record.phases.bins) : 0;
}

int ScheduledCourse::phase(std::uint64_t step) const {
  const GivenSchedule* of = phased();
  return of ? of->schedule.phase(tick(*of, step), experiment_.record.phases.bins) : 0;
}

int ScheduledCourse::phase_of_sample(std::uint64_t steps) const {
  const GivenSchedule* of = phased();
  if (!of) return -1;
  const std::uint64_t now = tick(*of, steps - 1);
  const int bins = experiment_.record.phases.bins;
  if (experiment_.record.phases.at_end && of->schedule.next_phase(now, bins) > tick(*of, steps)) return -1;
  return of->schedule.phase(now, bins);
}

std::vector<ScheduledCourse::Short> ScheduledCourse::that_end_before(std::uint64_t steps) const {
  std::vector<Short> all;
  for (const auto& [key, given] : schedules(experiment_)) {
    const std::uint64_t length = given->schedule.length();
    if (tick(*given, steps - 1) < length) continue;
    const double lasts = double(length) / (given->in_epochs ? double(*experiment_.dynamics.dataset_size) : 1);
    all.push_back({key, fmt::format("{:g} {}", lasts, given->in_epochs ? "epochs" : "steps")});
  }
  return all;
}

std::shared_ptr<const ScheduledCourse> course_of(const Experiment& experiment) {
  const bool has_course = has_schedule(experiment) && dynamics_are_whole(experiment);
  return has_course ? std::make_shared<const ScheduledCourse>(experiment) : nullptr;
}

namespace {

/// Sums over steps: of h, and by phase.
struct StepSums {
  double time = 0;
  std::vector<CourseSurvey::Phase> phases;

  /// this += (this - then) times, as after so many more periods of which one is over.
  void repeat(const StepSums& then, double times) {
    const auto add = [times](auto& sum, const auto& before) {
      sum += std::remove_reference_t<decltype(sum)>(times) * (sum - before);
    };
    add(time, then.time);
    for (std::size_t p = 0; p < phases.size(); ++p) {
      add(phases[p].steps, then.phases[p].steps);
      add(phases[p].learning_rate, then.phases[p].learning_rate);
      add(phases[p].batch_size, then.phases[p].batch_size);
      add(phases[p].temperature, then.phases[p].temperature);
    }
  }
};

/// The steps first .. last - 1; look(what a step is told) sees each that is unlike those before.
template <class Look>
StepSums sum_over(const ScheduledCourse& course, std::uint64_t first, std::uint64_t last, Look look) {
  const std::uint64_t stride = 1 + ((last - first) >> 20);
  StepSums sums{.phases = std::vector<CourseSurvey::Phase>(course.phases())};
  // The period is found as Brent does: the place where a step stands is held against one that is now and then renewed.
  std::uint64_t landmark = first, visits = 0, renewal = 1;
  std::vector<std::uint64_t> position = course.position(first);
  StepSums then = sums;
  bool period_known = false;
  for (std::uint64_t step = first; step < last;) {
    ScheduledCourse::At now = course.at(step);
    look(now);
    std::uint64_t end = std::min(now.end, last);
    if (const std::uint64_t smooth = std::min({now.smooth, step + stride, last}); smooth > end) {
      end = smooth;
      now = course.at(step + (end - step) / 2);
    }
    const double steps = double(end - step);
    sums.time += steps * now.parameters.time_step;
    if (!sums.phases.empty()) {
      CourseSurvey::Phase& phase = sums.phases[course.phase(step)];
      phase.steps += end - step;
      phase.learning_rate += steps * now.rates.learning_rate.value_or(0);
      phase.batch_size += steps * now.rates.batch_size.value_or(0);
      phase.temperature += steps * now.parameters.temperature;
    }
    step = end;
    if (period_known || step >= last) continue;
    if (course.position(step) == position) {
      const std::uint64_t period = step - landmark, times = (last - step) / period;
      sums.repeat(then, double(times));
      step += times * period;
      period_known = true;
    } else if (++visits == renewal) {
      landmark = step;
      position = course.position(step);
      then = sums;
      visits = 0;
      renewal *= 2;
    }
  }
  return sums;
}

}  // namespace

CourseSurvey survey(const Experiment& experiment, const ScheduledCourse& course) {
  constexpr Range nothing = {infinity, -infinity};
  const auto widen = [](Range& range, double value) {
    range = {std::min(range.low, value), std::max(range.high, value)};
  };
  const auto widen_given = [&](std::optional<Range>& range, const std::optional<double>& value) {
    if (!value) return;
    if (!range) range = nothing;
    widen(*range, *value);
  };
  const sde::SchemeFacts& scheme = *sde::find_scheme(experiment.dynamics.scheme);
  CourseSurvey s{.temperature = nothing, .effective_temperature = nothing, .time_step = nothing};
  s.unstable_from = infinity;
  const auto look = [&](const ScheduledCourse::At& now) {
    const sde::SchemeParameters& p = now.parameters;
    widen(s.temperature, p.temperature);
    widen(s.effective_temperature, sde::effective_temperature(p));
    widen(s.time_step, p.time_step);
    widen_given(s.learning_rate, now.rates.learning_rate);
    widen_given(s.batch_size, now.rates.batch_size);
    s.unstable_from = std::min(s.unstable_from, scheme.unstable_from(p));
  };
  const std::uint64_t burn_in = experiment.ensemble.burn_in;
  s.burn_in_time = sum_over(course, 0, burn_in, look).time;
  const StepSums sampled = sum_over(course, burn_in, burn_in + experiment.ensemble.steps, look);
  s.sampled_time = sampled.time;
  s.phases = sampled.phases;
  for (CourseSurvey::Phase& phase : s.phases) {
    const double steps = std::max(1.0, double(phase.steps));
    phase.learning_rate /= steps;
    phase.batch_size /= steps;
    phase.temperature /= steps;
  }
  return s;
}

}  // namespace kramers::analysis
