#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "landscapes/catalogue.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "landscapes/model/quadratic_form.hpp"
#include "sde/ensemble.hpp"
#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"
#include "tests/difference.hpp"

/// A short way to run an ensemble and to take means with standard errors from its replicates.
namespace kramers::tests {

struct Estimate {
  double value, error;
};

/// Mean and standard error of one number a replicate.
inline Estimate over_replicates(int replicates, const std::function<double(int)>& number) {
  double sum = 0, sum_of_squares = 0;
  for (int g = 0; g < replicates; ++g) {
    sum += number(g);
    sum_of_squares += number(g) * number(g);
  }
  const double mean = sum / replicates;
  return {mean, std::sqrt((sum_of_squares / replicates - mean * mean) / (replicates - 1))};
}

/// Mean of the q-th summed quantity of RunStatistics.
inline Estimate mean(const sde::RunStatistics& s, int q) {
  return over_replicates(s.replicates, [&](int g) { return s.sums[g * s.quantities() + q] / s.sample_count[g]; });
}
inline Estimate mean_square(const sde::RunStatistics& s) { return mean(s, s.dim); }  // of theta_0
inline Estimate mean_loss(const sde::RunStatistics& s) { return mean(s, s.quantities() - 3); }
inline Estimate temperature(const sde::RunStatistics& s) { return mean(s, s.quantities() - 1); }

/// Share of all samples in the basin of one minimum.
inline Estimate occupancy(const sde::RunStatistics& s, int minimum) {
  return over_replicates(s.replicates, [&](int g) {
    double in = 0, due = 0;
    for (int group = 0; group < s.expected.groups; ++group) {
      in += double(s.basins(group, g, minimum));
      due += double(s.expected(group, g, 0));
    }
    return in / due;
  });
}

/// The law of the discretised process is known exactly, so sampling error is the whole tolerance: five standard errors
/// (two-sided false alarm 6e-7), and the error itself must be small enough for the test to mean something.
#define CHECK_ESTIMATE(estimate, exact, largest_error)   \
  do {                                                   \
    const kramers::tests::Estimate e_ = (estimate);      \
    INFO("measured " << e_.value << " +- " << e_.error); \
    CHECK(e_.error <= (largest_error));                  \
    CHECK(std::abs(e_.value - (exact)) <= 5 * e_.error); \
  } while (false)

/// All that was sampled is the same to the bit.
inline void check_equal(const sde::RunStatistics& a, const sde::RunStatistics& b) { CHECK(difference(a, b) == ""); }

struct Run {
  std::string landscape;
  landscapes::Parameters parameters;
  std::string scheme = "euler-maruyama";
  double time_step, temperature;
  double friction = 1, momentum = 0.5;  // where the scheme has one; SGD with momentum takes time_step for eta
  std::string noise = "isotropic";
  landscapes::Parameters of_noise = {{"sigma", 1.0}};
  double calculus = 0;
  sde::EnsemblePlan plan;  // starts, where none are given, at the minima

  sde::SchemeParameters scheme_parameters() const {
    sde::SchemeParameters p{.time_step = time_step, .temperature = temperature, .calculus = calculus};
    if (sde::find_scheme(scheme)->parameter == "friction") p.friction = friction;
    if (sde::find_scheme(scheme)->parameter != "momentum") return p;
    p.learning_rate = time_step;
    p.momentum = momentum;
    return p;
  }
};

template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> noise_of(const Run& run,
                                                   const std::shared_ptr<const landscapes::Landscape>& landscape) {
  return landscapes::block_of<R>(*landscapes::find_noise(run.noise).make(run.of_noise, landscape),
                                 {.reference = 1, .batch_size = 1});
}

template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const Run& run,
                                               const std::shared_ptr<const landscapes::Landscape>& landscape) {
  sde::SchemeParameters parameters = run.scheme_parameters();
  if (sde::find_scheme(run.scheme)->quadratic_alone) parameters.quadratic = landscapes::quadratic_form(*landscape);
  return sde::make_scheme<R>(run.scheme, parameters, noise_of<R>(run, landscape));
}

/// Steps of several lengths and temperatures, one after the other: `length` steps of each, again and again.
struct Turns final : sde::Course {
  std::vector<sde::SchemeParameters> parameters;
  std::uint64_t length;

  Turns(std::vector<sde::SchemeParameters> all, std::uint64_t steps) : parameters(std::move(all)), length(steps) {}
  std::size_t turn(std::uint64_t step) const { return step / length % parameters.size(); }
  Stage stage(std::uint64_t step) const override { return {parameters[turn(step)], (step / length + 1) * length}; }
  int phases() const override { return int(parameters.size()); }
  int phase_of_sample(std::uint64_t steps) const override { return int(turn(steps - 1)); }
};

template <sde::Real R = double>
sde::RunStatistics simulate(Run run) {
  const std::shared_ptr<const landscapes::Landscape> landscape = landscapes::find(run.landscape).make(run.parameters);
  if (run.plan.start.at.empty())
    for (const landscapes::Minimum& minimum : landscape->minima())
      run.plan.start.at.emplace_back(minimum.at.data(), minimum.at.data() + minimum.at.size());
  run.plan.minima = landscape->basins() ? int(landscape->minima().size()) : 0;
  const auto scheme = scheme_of<R>(run, landscape);
  return *sde::simulate<R>(landscapes::block_of<R>(*landscape), *scheme, run.plan);
}

}  // namespace kramers::tests
