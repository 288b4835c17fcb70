#pragma once

#include "analysis/statistics/table.hpp"
#include "sde/observers/area_rate.hpp"
#include "sde/observers/autocorrelation.hpp"
#include "sde/observers/split_r_hat.hpp"
#include "sde/observers/time_series.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

/// Runs that record what they are asked for; laws that are known exactly.
namespace kramers::tests {

inline const sde::Quantity theta_0{sde::Quantity::Kind::theta, 0}, loss{sde::Quantity::Kind::loss, 0},
    basin_0{sde::Quantity::Kind::basin, 0};

template <class... Asked>
sde::Requests requests(Asked... asked) {
  return {std::make_shared<Asked>(std::move(asked))...};
}

/// theta' = a theta + noise of variance 2 T h, a = 1 - h lambda.
inline constexpr double h = 0.05, lambda = 2, a = 1 - h * lambda, T = 0.3;
inline Run ornstein_uhlenbeck() {
  return {.landscape = "quadratic",
          .parameters = {{"curvatures", std::vector<double>{lambda}}},
          .time_step = h,
          .temperature = T,
          .plan = {.seed = 20171113, .trajectories = 512, .burn_in = 200, .steps = 20'000}};
}

/// Entry i of a field with its standard error.
inline Estimate entry(const analysis::Table& table, const std::string& field, std::size_t i) {
  return {table.field(field)->values[i], table.field(field + "_error")->values[i]};
}

/// Everything at once, in several blocks, some trajectories of which diverge.
inline Run varied() {
  return {.landscape = "channel",
          .time_step = 0.1,
          .temperature = 0.4,
          .plan = {.seed = 5,
                   .trajectories = 300,
                   .burn_in = 37,
                   .steps = 1800,
                   .sample_every = 18,
                   .requests = requests(sde::AutocorrelationRequest({theta_0, loss, basin_0}, 100, 70),
                                        sde::TimeSeriesRequest({{sde::Quantity::Kind::theta, 1}, loss}, 7),
                                        sde::SplitRHatRequest({theta_0, basin_0}), sde::AreaRateRequest({{0, 1}})),
                   .guard_radius = 2.4}};
}

}  // namespace kramers::tests
