#include "analysis/verdict/passage_estimates.hpp"
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
  CHECK(e.mean_time.value == Approx(0.5 * 130 / 10));
  CHECK(e.rate.value == Approx(10 / (0.5 * 130)));
  CHECK(e.restricted_mean.value == Approx(0.5 * 130 / 20));
  // f without one replicate is that of the other: |f_1 - f_2| / 2.
  CHECK(e.mean_time.error == Approx(0.5 * (70.0 / 4 - 60.0 / 6) / 2));
}

TEST_CASE("survival is Kaplan and Meier's, and those lost in a bin are at risk for half of it", "[passage]") {
  const PassageEstimates e = passage_estimates(example(), 0.5).at(0);
  REQUIRE(e.survival.size() == 3);
  CHECK(e.survival[0].value == 1);
  CHECK(e.survival[1].value == Approx(1 - 4.0 / (20 - 1)));
  CHECK(e.survival[2].value == Approx((1 - 4.0 / 19) * (1 - 4.0 / (14 - 0.5))));
  CHECK(e.survival[2].error > 0);
}

TEST_CASE("of an event that none has seen the rate is 0 and the mean infinite, with no error bar to trust",
          "[passage]") {
  sde::PassageCounts counts = example();
  std::fill(counts.passed.at.begin(), counts.passed.at.end(), 0);
  const PassageEstimates e = passage_estimates(counts, 0.5).at(0);
  CHECK(e.rate.value == 0);
  CHECK(std::isinf(e.mean_time.value));
  CHECK(std::isinf(e.mean_time.error));
  CHECK(e.survival[2].value == 1);
}
