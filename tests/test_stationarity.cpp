#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "analysis/verdict/stationarity.hpp"
#include "analysis/verdict/time_window.hpp"
#include "analysis/verdict/watched_time.hpp"
#include "sde/time_parts.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::SamplingFacts, analysis::Stationarity, analysis::Watched;

namespace {

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// Ornstein-Uhlenbeck paths of unit variance and relaxation time tau, sampled every tenth of a time unit, as a run of
/// one coordinate with loss x^2 / 2 would sum them up.
struct Paths {
  double tau = 1, burn_in = 0, time = 20;
  std::vector<double> starts = {0};
  int trajectories = 2048;
  unsigned seed = 5;

  SamplingFacts facts() const {
    SamplingFacts f{.trajectories = std::uint64_t(trajectories),
                    .burn_in_time = burn_in,
                    .sampled_time = time,
                    .origin = {0},
                    .minima = 1};
    for (std::size_t i = 0; i < starts.size(); ++i)
      f.starts.push_back({{starts[i]}, int(i), starts[i] * starts[i] / 2, 0});
    return f;
  }

  sde::RunStatistics run() const {
    const int groups = int(starts.size()), replicates = 64;
    const auto samples = std::uint64_t(std::lround(time / 0.1));
    sde::RunStatistics s{.trajectories = std::uint64_t(trajectories),
                         .samples = samples,
                         .dim = 1,
                         .replicates = replicates,
                         .groups = groups};
    const sde::SumRows rows = s.rows();
    s.counted = s.expected = sde::Counts(groups * sde::time_parts, replicates, 1);
    s.moments = sde::Tally(sde::moments_shape(groups, rows), replicates);
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal;
    const double kept = std::exp(-0.1 / tau), noise = std::sqrt(1 - kept * kept);
    for (int k = 0; k < trajectories; ++k) {
      const int group = k % groups, g = sde::replicate_of(k, trajectories);
      double x = starts[group];
      for (int step = 0; step < int(burn_in / 0.1); ++step) x = kept * x + noise * normal(generator);
      std::vector<double> sums(rows.count());
      for (std::uint64_t n = 1; n <= samples; ++n) {
        x = kept * x + noise * normal(generator);
        const int part = sde::part_of_sample(n, samples);
        sums[0] += x;
        sums[rows.square(0)] += x * x;
        sums[rows.loss(part)] += x * x / 2;
        sums[rows.squared_loss()] += x * x * x * x / 4;
        sums[rows.fourth_power(0)] += x * x * x * x;
      }
      for (int row = 0; row < rows.count(); ++row) s.moments.of(g)[group * rows.count() + row].add(sums[row]);
      for (int part = 0; part < sde::time_parts; ++part)
        s.counted(group * sde::time_parts + part, g, 0) += sde::samples_of_part(part, samples);
    }
    s.expected = s.counted;
    s.round_sums();
    return s;
  }

  Stationarity judged(SamplingFacts f) const { return analysis::stationarity(run(), {}, {}, {}, f, 0.05); }
  Stationarity judged() const { return judged(facts()); }
};

}  // namespace

TEST_CASE("parts of time: powers of two, and those of a longer run are made of whole ones", "[time parts]") {
  for (std::uint64_t n : {1, 2, 3, 4, 5, 7, 8, 100, 1000, 33750, 65536}) {
    std::uint64_t all = 0;
    for (int part = 0; part < sde::time_parts; ++part) all += sde::samples_of_part(part, n);
    CHECK(all == n);
    if (n > 1) {
      const double share = analysis::time_bound(n).share;
      CHECK((share >= 1 / 3. && share <= 2 / 3.));
    }
    for (std::uint64_t longer : {n, n + 1, 2 * n - 1, 2 * n, 3 * n, 4 * n, 9 * n})
      for (std::uint64_t sample = 1; sample <= n; ++sample)
        if (sde::part_in_longer(sde::part_of_sample(sample, n), n, longer) != sde::part_of_sample(sample, longer))
          FAIL("sample " << sample << " of " << n << " in a run of " << longer);
  }
}

TEST_CASE("sums over parts of time that are shifted as samples come are those of the parts", "[time parts]") {
  double first = 0, second = 0, third = 0;
  for (std::uint64_t n = 1; n <= 300; ++n) {
    third += 1;
    sde::shift_parts(n, first, second, third);
    if (n == 1) continue;  // one sample is in no part but its own
    CHECK(first == double(sde::samples_of_part(0, n)));
    CHECK(second == double(sde::samples_of_part(1, n)));
    CHECK(third == double(sde::samples_of_part(2, n)));
  }
}

TEST_CASE("the variance that is left in a mean tells how many relaxation times were sampled", "[stationarity]") {
  for (double x : {1e-4, 0.1, 1.0, 7.0, 300.0}) {
    CHECK(analysis::variance_of_mean(x) == Approx(2 / x - 2 * (1 - std::exp(-x)) / (x * x)).epsilon(1e-6));
    CHECK(analysis::relaxations_from(analysis::variance_of_mean(x)) == Approx(x).epsilon(1e-6));
  }
  CHECK(analysis::held_share(2, 3) == Approx(std::exp(-2) * (1 - std::exp(-3)) / 3));
  CHECK(analysis::held_share(0, 0) == 1);
}

TEST_CASE("the relaxation time is measured within trajectories, from above", "[stationarity]") {
  for (double tau : {0.5, 1.0}) {
    const Stationarity s = Paths{.tau = tau}.judged();
    INFO(s.words() << "; " << s.obstacle);
    REQUIRE(s.known());
    CHECK(s.source == Stationarity::Source::trajectories);
    // an upper bound at 95 %, of the largest of three numbers; chi-squared of 63 degrees of freedom: +- 30 %
    CHECK((s.relaxation_time > 0.9 * tau && s.relaxation_time < 1.8 * tau));
    CHECK(s.relaxations_sampled == Approx(20 / s.relaxation_time));
  }
}

TEST_CASE("a run of few relaxation times has none", "[stationarity]") {
  const Stationarity s = Paths{.tau = 10, .time = 10}.judged();
  CHECK_FALSE(s.known());
  CHECK(mentions(s.obstacle, "of its variance within a trajectory"));
  CHECK(mentions(s.obstacle, "theta_0"));
}

TEST_CASE("the contrast of starts knows a relaxation time where trajectories are too short", "[stationarity]") {
  Paths paths{.tau = 3, .burn_in = 6, .time = 12, .starts = {-2, 2}, .trajectories = 8192};
  const std::vector<double> about = {2.4, 4.5};
  const auto watched = [&] {
    Watched w{.name = "theta_0", .means = {}, .shares = {0.5, 0.5}, .variance = 1, .initial = {-2, 2}};
    const sde::RunStatistics s = paths.run();
    for (int group : {0, 1}) {
      w.means.emplace_back();
      for (int g = 0; g < 64; ++g) {
        double samples = 0;
        for (int part = 0; part < 3; ++part) samples += double(s.counted(group * 3 + part, g, 0));
        w.means.back().push_back(s.group_sum(group, g, 0) / samples);
      }
    }
    return w;
  }();
  const analysis::WatchedTime t = analysis::relaxation_time(watched, paths.facts(), 0.05);
  REQUIRE(t.time);
  CHECK(t.by_starts);
  CHECK((*t.time > about[0] && *t.time < about[1]));
  // Starts in one of several basins prove nothing.
  SamplingFacts one_basin = paths.facts();
  one_basin.minima = 2;
  CHECK_FALSE(analysis::relaxation_time(watched, one_basin, 0.05).by_starts);
}

TEST_CASE("what start groups differ by is variance that is left", "[stationarity]") {
  std::mt19937_64 generator(3);
  std::normal_distribution<double> normal;
  Watched w{.name = "theta_0", .means = {}, .shares = {0.5, 0.5}, .variance = 1};
  for (double at : {-0.9, 0.9}) {
    w.means.emplace_back();
    for (int g = 0; g < 64; ++g) w.means.back().push_back(at + 0.01 * normal(generator));
  }
  const analysis::WatchedTime t = analysis::relaxation_time(w, Paths{.starts = {-0.9, 0.9}}.facts(), 0.05);
  CHECK((t.kept > 0.8 && t.kept < 0.83));  // 0.9^2, and about 32 * 1e-4 / 2 within the replicates
  CHECK_FALSE(t.time);
}

TEST_CASE("theory decides where it is exact, and is refused where it is contradicted", "[stationarity]") {
  const Paths paths{.tau = 5, .time = 5};
  SamplingFacts f = paths.facts();
  f.exact_time = 5;
  Stationarity s = paths.judged(f);
  CHECK(s.source == Stationarity::Source::theory);
  CHECK(s.relaxation_time == 5);
  f.exact_time = 0.1;
  s = paths.judged(f);
  CHECK(s.source == Stationarity::Source::none);
  CHECK(mentions(s.obstacle, "the relaxation time of theory, 0.1, is contradicted by"));
}

TEST_CASE("a time without end is not contradicted, whatever is kept", "[stationarity]") {
  // Replicates that stay apart: more than the variance of independent trajectories is kept.
  const Paths paths;
  sde::RunStatistics s = paths.run();
  for (int g = 0; g < s.replicates; ++g)
    for (int part = 0; part < sde::time_parts; ++part) {
      double& loss = s.moments.sums[std::size_t(g) * s.rows().count() + s.rows().loss(part)];
      loss += (g % 2 == 0 ? 3 : -3) * double(s.counted(part, g, 0));
    }
  SamplingFacts f = paths.facts();
  f.exact_time = std::numeric_limits<double>::infinity();
  const Stationarity judged = analysis::stationarity(s, {}, {}, {}, f, 0.05);
  CHECK(judged.source == Stationarity::Source::none);
  CHECK(judged.contradiction == "");
  CHECK(judged.obstacle == "nothing ever crosses between the basins, however long it runs");
  f.exact_time = 100;
  CHECK(mentions(analysis::stationarity(s, {}, {}, {}, f, 0.05).contradiction, "is contradicted by loss"));
}

TEST_CASE("a bound that theory knows may raise a measured time, never lower it", "[stationarity]") {
  const Paths paths{.tau = 1};
  const double measured = paths.judged().relaxation_time;
  SamplingFacts f = paths.facts();
  f.least_time = 10 * measured;
  CHECK(paths.judged(f).relaxation_time == 10 * measured);
  f.least_time = measured / 10;
  CHECK(paths.judged(f).relaxation_time == measured);
}

TEST_CASE("what never moves is not known to be stationary", "[stationarity]") {
  Paths paths{.tau = 1e300, .starts = {0.5}};  // exp(-0.1 / tau) is 1
  const Stationarity s = paths.judged();
  CHECK_FALSE(s.known());
  CHECK(mentions(s.obstacle, "never moved"));
}

TEST_CASE("a basin that was never entered is unknown by its predicted weight", "[stationarity]") {
  sde::RunStatistics s = Paths{}.run();
  s.basins = sde::Counts(s.counted.groups, 64, 4);  // three minima, and none
  for (int group = 0; group < s.counted.groups; ++group)
    for (int g = 0; g < 64; ++g) s.basins(group, g, 0) = s.counted(group, g, 0);
  const std::vector<double> predicted = {0.6, 0.3, 0.1};
  const Stationarity judged = analysis::stationarity(s, {}, {}, predicted, Paths{}.facts(), 0.05);
  CHECK(judged.unknown == Approx(0.4));
  CHECK(mentions(judged.why_unknown, "basin 1, predicted 0.3, was never visited"));
}
