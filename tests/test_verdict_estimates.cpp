#include <cmath>
#include <random>
#include <vector>

#include "analysis/statistics/estimates.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "tests/catch.hpp"

using namespace kramers;

namespace {

/// A run of independent samples x ~ N(1, 2^2), y = x / 2 + N(0, 1), loss = x^2, temperature estimates N(T, (20 T)^2).
sde::RunStatistics gaussian_run(double temperature, int per_replicate, int replicates = 64) {
  sde::RunStatistics run;
  run.dim = 2;
  run.replicates = replicates;
  run.sums.assign(std::size_t(replicates) * run.quantities(), 0);
  run.sample_count.assign(replicates, per_replicate);
  std::mt19937_64 generator(17);
  std::normal_distribution<double> normal;
  for (int g = 0; g < replicates; ++g) {
    double* sum = &run.sums[std::size_t(g) * run.quantities()];
    for (int i = 0; i < per_replicate; ++i) {
      const double x = 1 + 2 * normal(generator), y = x / 2 + normal(generator);
      const double terms[] = {x,     y,     x * x,         x * y,
                              y * y, x * x, x * x * x * x, temperature * (1 + 20 * normal(generator))};
      for (int q = 0; q < run.quantities(); ++q) sum[q] += terms[q];
    }
  }
  return run;
}

/// The share of time in one of two equal basins, in which as many start, and between which they jump in all a given
/// number of times in the mean.
analysis::Estimate weight_by_few_crossings(double expected, int seed) {
  constexpr int trajectories = 512, replicates = 64;
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform;
  const double rate = expected / trajectories;  // over a time of 1
  Eigen::VectorXd in = Eigen::VectorXd::Zero(replicates);
  std::uint64_t crossings = 0;
  for (int k = 0; k < trajectories; ++k) {
    bool inside = k % 2 == 0;
    for (double at = 0; at < 1;) {
      const double stays = std::min(1 - at, -std::log1p(-uniform(generator)) / rate);
      if (inside) in[k * replicates / trajectories] += stays;
      at += stays;
      if (at < 1) inside = !inside, ++crossings;
    }
  }
  const Eigen::VectorXd due = Eigen::VectorXd::Constant(replicates, double(trajectories) / replicates);
  return analysis::basin_weight(analysis::share(in, due), crossings, trajectories);
}

}  // namespace

TEST_CASE("the jackknife error of a mean is s / sqrt(G)", "[jackknife]") {
  const Eigen::VectorXd x = (Eigen::VectorXd(5) << 1, 4, 2, 8, 5).finished();
  const double s = std::sqrt((x.array() - x.mean()).square().sum() / 4);
  const auto mean = analysis::jackknife_mean(x, Eigen::VectorXd::Ones(5));
  CHECK(mean.value == Approx(4));
  CHECK(mean.error == Approx(s / std::sqrt(5.0)));
}

TEST_CASE("the jackknife weighs replicates by their samples and skips empty ones", "[jackknife]") {
  const Eigen::VectorXd sums = (Eigen::VectorXd(3) << 10, 60, 0).finished();
  const Eigen::VectorXd weights = (Eigen::VectorXd(3) << 1, 3, 0).finished();
  const auto mean = analysis::jackknife_mean(sums, weights);
  CHECK(mean.value == Approx(70.0 / 4));
  CHECK(mean.error == Approx(std::sqrt(0.5 * 2 * 25)));  // left out: 20 and 10
  CHECK(std::isnan(analysis::jackknife_mean(sums.head(1), weights.head(1)).error));
}

TEST_CASE("cell probabilities are over all samples due, diverged ones included", "[estimates]") {
  sde::Counts counts(2, 4, 2), expected(2, 4, 1);
  for (auto& n : expected.at) n = 100;
  for (int group = 0; group < 2; ++group)
    for (int g = 0; g < 4; ++g) counts(group, g, 0) = 40 + 2 * g, counts(group, g, 1) = 30;
  const auto p = analysis::cell_probabilities(counts, expected);
  REQUIRE(p.size() == 2);
  CHECK(p[0].value == Approx(0.43));
  CHECK(p[0].error == Approx(0.02 * std::sqrt(5.0 / 3) / 2));  // s / sqrt(G) of 0.40, 0.42, 0.44, 0.46
  CHECK(p[1].value == Approx(0.30));
  CHECK(p[1].error == Approx(0).margin(1e-15));
}

TEST_CASE("a share of none or of all has no error", "[estimates]") {
  const Eigen::VectorXd due = Eigen::VectorXd::Constant(4, 100);
  CHECK(analysis::share(0 * due, due).value == 0);
  CHECK(std::isnan(analysis::share(0 * due, due).error));
  CHECK(std::isnan(analysis::share(due, due).error));
  CHECK(analysis::share((Eigen::VectorXd(4) << 0, 1, 0, 0).finished(), due).error > 0);
}

TEST_CASE("where there is no variance none is told, and a mean without an error", "[estimates]") {
  const auto run = gaussian_run(0.1, 50);
  const auto m = analysis::moments(run, {.mean = true, .variance = false});
  CHECK(m.mean[0].value == analysis::moments(run).mean[0].value);
  CHECK(std::isnan(m.mean[0].error));
  for (const auto& e : {m.variance[0], m.variance[1], m.covariance[1], m.loss_mean, m.loss_variance}) {
    CHECK(std::isnan(e.value));
    CHECK(std::isnan(e.error));
  }
  CHECK(std::isnan(analysis::moments(run, {.mean = false, .variance = false}).mean[0].value));
}

TEST_CASE("moments and their errors are those of independent samples", "[estimates]") {
  const int n = 64 * 500;
  const auto m = analysis::moments(gaussian_run(0.1, 500));
  // Within 5 standard errors: sd / sqrt(n) of a mean, sqrt(2 / n) sigma^2 of a variance. The error of the error is
  // 1 / sqrt(2 * 63) = 9 %: five of it.
  const double root = std::sqrt(double(n));
  CHECK(m.mean[0].value == Approx(1).margin(5 * 2 / root));
  CHECK(m.mean[0].error == Approx(2 / root).epsilon(0.45));
  CHECK(m.mean[1].value == Approx(0.5).margin(5 * std::sqrt(2.0) / root));
  CHECK(m.variance[0].value == Approx(4).margin(5 * 4 * std::sqrt(2.0) / root));
  CHECK(m.variance[0].error == Approx(4 * std::sqrt(2.0) / root).epsilon(0.45));
  CHECK(m.variance[1].value == Approx(2).margin(5 * 2 * std::sqrt(2.0) / root));
  CHECK(m.covariance[1].value == Approx(2).margin(5 * std::sqrt(4 * 2 + 4.0) / root));
  CHECK(m.covariance[1].value == m.covariance[2].value);
  CHECK(m.loss_mean.value == Approx(5).margin(5 * std::sqrt(48.0) / root));  // Var x^2 = 2 * 16 + 4 * 4 = 48
  CHECK(m.loss_variance.value == Approx(48).epsilon(0.15));
}

TEST_CASE("without the full covariance the variances are the same", "[estimates]") {
  const auto full = gaussian_run(0.1, 50);
  auto diagonal = full;
  diagonal.full_covariance = false;
  diagonal.sums.clear();
  for (int g = 0; g < full.replicates; ++g)
    for (int q = 0; q < full.quantities(); ++q)
      if (q != 3) diagonal.sums.push_back(full.sums[std::size_t(g) * full.quantities() + q]);  // all but x y
  const auto a = analysis::moments(full), b = analysis::moments(diagonal);
  CHECK(b.covariance.empty());
  for (int i = 0; i < 2; ++i) CHECK(a.variance[i].value == b.variance[i].value);
  CHECK(a.loss_variance.value == b.loss_variance.value);
}

TEST_CASE("the weight of a basin is within two errors however few the crossings, and not known without any",
          "[verdict]") {
  CHECK(std::isnan(analysis::basin_weight({0.5, 0}, 0, 512).value));
  CHECK(std::isnan(analysis::basin_weight({0.5, 0}, 0, 512).error));
  CHECK(analysis::basin_weight({0.5, 0}, 1, 512).error == Approx(1.0 / 512));  // replicates that are alike by chance
  // Least share of 400 seeds: 0.95, less 3.5 deviations of a binomial law.
  for (const double expected : {0.3, 1.0, 3.0, 8.0, 20.0, 50.0}) {
    int known = 0, within = 0;
    for (int seed = 1; seed <= 400; ++seed) {
      const analysis::Estimate found = weight_by_few_crossings(expected, seed);
      known += !std::isnan(found.value);
      within += std::abs(found.value - 0.5) <= 2 * found.error;
    }
    INFO(expected << " crossings expected: " << within << " of " << known);
    CHECK(known >= (expected < 3 ? 60 : 360));
    CHECK(within >= 0.95 * known - 3.5 * std::sqrt(0.95 * 0.05 * known));
  }
}
