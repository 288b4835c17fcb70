#include <cmath>
#include <ctime>

#include "analysis/statistics/passage_estimates.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using namespace kramers::analysis;

namespace {

/// Two replicates of ten trajectories, two bins of five steps and what is later.
sde::PassageCounts example() {
  const auto counts = [](int cells, std::vector<std::uint64_t> at) {
    sde::Counts c(1, 2, cells);
    c.at = std::move(at);
    return c;
  };
  return {5,
          counts(1, {10, 10}),
          counts(1, {60, 70}),
          counts(3, {3, 2, 1, 1, 2, 1}),
          counts(3, {2, 0, 0, 0, 1, 0}),
          sde::Counts(1, 2, 0)};
}

}  // namespace

TEST_CASE("rate, mean and restricted mean count the time of those that have not passed", "[passage]") {
  const PassageEstimates e = passage_estimates(example(), 0.5).at(0);
  CHECK(e.trajectories == 20);
  CHECK(e.passed == 10);
  CHECK(e.lost == 3);
  CHECK(e.waiting() == 7);
  CHECK(e.mean_time.value == Approx(0.5 * 130 / 11));
  CHECK(e.rate.value == Approx(10 / (0.5 * 130)));
  CHECK(e.restricted_mean.value == Approx(0.5 * 130 / 20));
  // f without one replicate is that of the other: |f_1 - f_2| / 2.
  CHECK(e.restricted_mean.error == Approx(0.5 * (70.0 / 10 - 60.0 / 10) / 2));
  CHECK(e.rate.error == Approx((6 / 60.0 - 4 / 70.0) / 0.5 / 2));
  CHECK(e.mean_time.error == Approx(0.5 * (70.0 / 4.5 - 60.0 / 6.5) / 2));
  // chi2 of 20 and 22 degrees of freedom at 0.025 and 0.975: 9.59078, 36.78071.
  CHECK(e.rate_interval.lower == Approx(9.59078 / (2 * 0.5 * 130)).epsilon(1e-5));
  CHECK(e.rate_interval.upper == Approx(36.78071 / (2 * 0.5 * 130)).epsilon(1e-5));
  CHECK(e.mean_time_interval.lower == Approx(1 / e.rate_interval.upper));
  CHECK(e.mean_time_interval.upper == Approx(1 / e.rate_interval.lower));
}

TEST_CASE("where all have passed the mean time is their plain mean", "[passage]") {
  sde::PassageCounts counts = example();
  counts.passed.at = {5, 4, 1, 4, 4, 2};
  std::fill(counts.lost.at.begin(), counts.lost.at.end(), 0);
  CHECK(passage_estimates(counts, 0.5).at(0).mean_time.value == Approx(0.5 * 130 / 20));
}

TEST_CASE("survival is Kaplan and Meier's, and those lost in a bin are at risk for half of it", "[passage]") {
  const PassageEstimates e = passage_estimates(example(), 0.5).at(0);
  REQUIRE(e.survival.size() == 3);
  CHECK(e.survival[0].value == 1);
  CHECK(e.survival[1].value == Approx(1 - 4.0 / (20 - 1)));
  CHECK(e.survival[2].value == Approx((1 - 4.0 / 19) * (1 - 4.0 / (14 - 0.5))));
  const double one = (1 - 3.0 / (10 - 1)) * (1 - 2.0 / 5), other = (1 - 1.0 / 10) * (1 - 2.0 / (9 - 0.5));
  CHECK(e.survival[2].error == Approx(std::hypot((other - one) / 2, 1 / 20.0)));
}

TEST_CASE("of an event that none has seen a bound is known: the rate is below 3 over the time waited", "[passage]") {
  sde::PassageCounts counts = example();
  std::fill(counts.passed.at.begin(), counts.passed.at.end(), 0);
  const PassageEstimates e = passage_estimates(counts, 0.5).at(0);
  CHECK(e.rate.value == 0);
  CHECK(std::isnan(e.rate.error));
  CHECK(e.rate_interval.lower == 0);
  CHECK(e.rate_interval.upper == Approx(2.995732 / 65));
  CHECK(std::isnan(e.mean_time.value));
  CHECK(std::isnan(e.mean_time.error));
  CHECK(e.mean_time_interval.lower == Approx(65 / 2.995732));
  CHECK(e.survival[2].value == 1);
  CHECK(e.survival[2].error == Approx(1 / 20.0));
}

TEST_CASE("the interval of a rate holds it in 95 % of repetitions or more, however few the events", "[passages]") {
  // Exactly: the sum of Poisson's law over the numbers of events whose interval holds the mean. That of no event is
  // one-sided, 3.0 where a two-sided one would end at 3.7: between these 92.5 % are left.
  for (const double mean : {0.3, 1.0, 2.9, 3.3, 8.6, 30.0}) {
    double probability = std::exp(-mean), held = 0;
    for (int events = 0; events < 200; probability *= mean / ++events) {
      const Bounds bounds = rate_interval(events, 1, 0.05);
      if (bounds.lower <= mean && mean <= bounds.upper) held += probability;
    }
    INFO(mean << " events expected");
    CHECK(held >= (mean == 3.3 ? 0.925 : 0.95));
    CHECK(held < 0.998);
  }
}

TEST_CASE("survival over as many bins as may be asked for takes a moment", "[passage]") {
  constexpr int bins = 10000, replicates = 64;
  const auto counts = [](int cells, std::uint64_t at) {
    sde::Counts c(1, replicates, cells);
    std::fill(c.at.begin(), c.at.end(), at);
    return c;
  };
  const sde::PassageCounts many = {
      1, counts(1, 2 * bins), counts(1, bins), counts(bins + 1, 1), counts(bins + 1, 0), sde::Counts(1, replicates, 0)};
  const std::clock_t start = std::clock();
  CHECK(passage_estimates(many, 0.5).at(0).survival.back().value == Approx(0.5));
  CHECK(double(std::clock() - start) / CLOCKS_PER_SEC < 10);  // a curve for every bin would take 80 s
}
