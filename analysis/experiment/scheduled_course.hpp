#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment/course_survey.hpp"
#include "analysis/experiment/experiment.hpp"
#include "analysis/experiment/rates.hpp"
#include "sde/course.hpp"

namespace kramers::analysis {

bool has_schedule(const Experiment& experiment);

/// Examples seen before a step: the sum of the batch sizes of the steps 0 .. step - 1.
class ExampleClock {
 public:
  explicit ExampleClock(const Experiment& experiment);
  std::uint64_t examples(std::uint64_t step) const;
  /// The earliest step from which on the batch sizes are those from this step on.
  std::uint64_t earliest_like(std::uint64_t step) const { return batch_size_.earliest_like(step); }
  double batch_size(std::uint64_t step) const;
  /// The first step at which the batch size may be another.
  std::uint64_t next_change(std::uint64_t step) const;
  /// The first step before which so many examples have been seen.
  std::uint64_t first_step(std::uint64_t examples) const;

 private:
  sde::Schedule batch_size_;  // over steps
};

/// What an experiment's schedules make of its dynamics, step by step: eta, S and T at a step are those of their
/// schedules, at the step itself or at the epochs that have passed before it, and h follows eta unless it was given.
class ScheduledCourse final : public sde::Course {
 public:
  /// The dynamics must be whole, and schedules allowed together.
  explicit ScheduledCourse(const Experiment& experiment);

  struct At {
    Rates rates;  // eta, S, T as the schedules have them
    sde::SchemeParameters parameters;
    std::uint64_t end;     // up to before this step all is the same, the phase too
    std::uint64_t smooth;  // up to before this step all is the same or changes gradually
  };
  At at(std::uint64_t step) const;
  Stage stage(std::uint64_t step) const override;
  int phases() const override;
  int phase_of_sample(std::uint64_t steps) const override;
  /// Where a step stands in each schedule. Steps that stand alike have the same future.
  std::vector<std::uint64_t> position(std::uint64_t step) const;
  /// Of a step; 0 without phases.
  int phase(std::uint64_t step) const;

  /// A schedule that ends before so many steps have been made: its key, and how long it lasts in its own units.
  struct Short {
    std::string key, lasts;
  };
  std::vector<Short> that_end_before(std::uint64_t steps) const;

 private:
  std::uint64_t tick(const GivenSchedule& given, std::uint64_t step) const;
  std::uint64_t step_of(const GivenSchedule& given, std::uint64_t step, std::uint64_t tick) const;
  const GivenSchedule* phased() const;

  Experiment experiment_;
  std::optional<ExampleClock> clock_;  // where anything is in epochs
};

/// null: no schedule, or the dynamics are not whole.
std::shared_ptr<const ScheduledCourse> course_of(const Experiment& experiment);

/// Over all steps of the experiment: one of the cycles that are alike, and where something changes gradually over more
/// than 2^20 steps, by the middles of as many stretches of them.
CourseSurvey survey(const Experiment& experiment, const ScheduledCourse& course);

}  // namespace kramers::analysis
