#include "analysis/experiment/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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
  At at{.rates = rates(experiment_), .parameters = {}, .end = Schedule::forever};
  const auto follow = [&](const std::optional<GivenSchedule>& given, std::optional<double>& value) {
    if (!given) return;
    const std::uint64_t now = tick(*given, step);
    value = given->schedule.value(now);
    at.end = std::min(at.end, step_of(*given, step, given->schedule.next_change(now)));
  };
  follow(dynamics.learning_rate_schedule, at.rates.learning_rate);
  follow(dynamics.batch_size_schedule, at.rates.batch_size);
  follow(dynamics.temperature_schedule, at.rates.temperature);
  if (const GivenSchedule* of = phased()) {
    const std::uint64_t next = of->schedule.next_phase(tick(*of, step), experiment_.record.phases.bins);
    at.end = std::min(at.end, step_of(*of, step, next));
  }
  at.parameters = scheme_parameters(experiment_, at.rates);
  return at;
}

sde::Course::Stage ScheduledCourse::stage(std::uint64_t step) const {
  const At now = at(step);
  return {now.parameters, now.end};
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

CourseSurvey survey(const Experiment& experiment, const ScheduledCourse& course) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
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
  const std::uint64_t burn_in = experiment.ensemble.burn_in, total = burn_in + experiment.ensemble.steps;

  CourseSurvey s{.temperature = nothing, .effective_temperature = nothing, .time_step = nothing};
  s.unstable_from = infinity;
  s.phases.resize(course.phases());
  for (std::uint64_t step = 0; step < total;) {
    const ScheduledCourse::At now = course.at(step);
    const std::uint64_t end = std::min(now.end, step < burn_in ? burn_in : total), steps = end - step;
    const sde::SchemeParameters& p = now.parameters;
    widen(s.temperature, p.temperature);
    widen(s.effective_temperature, sde::effective_temperature(p));
    widen(s.time_step, p.time_step);
    widen_given(s.learning_rate, now.rates.learning_rate);
    widen_given(s.batch_size, now.rates.batch_size);
    s.unstable_from = std::min(s.unstable_from, scheme.unstable_from(p));
    (step < burn_in ? s.burn_in_time : s.sampled_time) += double(steps) * p.time_step;
    if (step >= burn_in && !s.phases.empty()) {
      CourseSurvey::Phase& phase = s.phases[course.phase(step)];
      const double share = double(steps) / double(phase.steps + steps);
      phase.steps += steps;
      phase.temperature += share * (p.temperature - phase.temperature);
      phase.learning_rate += share * (now.rates.learning_rate.value_or(0) - phase.learning_rate);
      phase.batch_size += share * (now.rates.batch_size.value_or(0) - phase.batch_size);
    }
    step = end;
  }
  return s;
}

}  // namespace kramers::analysis
