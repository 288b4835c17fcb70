#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/line_relaxation.hpp"
#include "analysis/prediction/time_average.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::Sampling;
using analysis::TimeAverage;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TimeAverage average(const std::string& name, const landscapes::Parameters& parameters, double temperature,
                    Sampling sampling, double slowness = 1) {
  static std::vector<std::shared_ptr<const landscapes::Landscape>> alive;
  alive.push_back(landscapes::find(name).make(parameters));
  return {*analysis::gibbs_line(*alive.back(), 0, temperature), temperature, sampling, slowness};
}

TimeAverage quadratic(Sampling sampling, double slowness = 1) {
  return average("quadratic", {{"curvatures", std::vector<double>{2.0}}}, 0.3, sampling, slowness);
}

}  // namespace

TEST_CASE("the time average of an Ornstein-Uhlenbeck process has its known variance over any time", "[plan]") {
  // Correlations v exp(-k t), v = T / k: over the time t the average has v g(k t).
  const double k = 2, v = 0.3 / k, many = 1e12;
  for (const double t : {0.01, 0.5, 3.0, 1000.0}) {
    const double x = k * t, exact = v * 2 * (x - 1 + std::exp(-x)) / (x * x);
    const TimeAverage a = quadratic({t, many}), slow = quadratic({10 * t, many}, 10);
    CHECK(a.variance(a.grid().x) == Approx(exact).epsilon(1e-4));
    CHECK(slow.variance(slow.grid().x) == Approx(exact).epsilon(1e-4));
  }
}

TEST_CASE("independent samples and a single one have the variances that they must", "[plan]") {
  const TimeAverage often = quadratic({1e9, 1e6}), once = quadratic({1e-9, 1});
  const double deviation = std::sqrt(0.3 / 2), share = std::erf(0.1 / deviation / std::sqrt(2));
  // The node that an edge falls on counts in part, which takes up to a quarter of its mass from the variance.
  const double of_edge = once.grid().width / (deviation * std::sqrt(2 * std::numbers::pi)) / 4;
  CHECK(often.variance_between(-infinity, 0) == Approx(0.25 / 1e6).margin(1.01 * of_edge / 1e6));
  CHECK(once.variance_between(-infinity, 0) == Approx(0.25).margin(1.01 * of_edge));
  CHECK(once.variance_between(-0.1, 0.1) == Approx(share * (1 - share)).margin(2.02 * of_edge));
  CHECK(of_edge < 2e-4);
}

TEST_CASE("the weight of one of two cold basins is forgotten at the relaxation rate", "[plan]") {
  const double temperature = 0.04, time = 1e9;
  const auto landscape = landscapes::find("asymmetric-double-well").make({});
  const TimeAverage a = average("asymmetric-double-well", {}, temperature, {time, 1e15});
  const double rate = analysis::relaxation_rate(*analysis::gibbs_line(*landscape, 0, temperature), temperature).value();
  const double weight = (*analysis::gibbs_basin_weights(*landscape, temperature))[0];
  CHECK(a.variance_between(-infinity, 0) == Approx(2 * weight * (1 - weight) / (rate * time)).epsilon(0.02));
}
