#include <cmath>

#include "analysis/prediction/relaxation.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::relaxation;
using landscapes::find;

TEST_CASE("the relaxation rate is the spectral gap of the generator", "[relaxation]") {
  const auto well = find("asymmetric-double-well").make({});
  for (const auto& [temperature, rate] : {std::pair{0.05, 1.33457e-4}, {0.1, 0.0090155460}, {0.2, 0.0809977556}}) {
    const auto found = relaxation(*well, temperature);
    REQUIRE(found);
    // Known by spectral elements, to the digits given.
    CHECK(found->rate == Approx(rate).epsilon(temperature < 0.1 ? 4e-6 : 1e-8));
    CHECK_FALSE(found->estimate);
  }
  const auto quartic = find("quartic").make({});
  for (const auto& [temperature, rate] : {std::pair{0.05, 0.00277614066}, {0.1, 0.0335452873}, {0.25, 0.187170418}})
    CHECK(relaxation(*quartic, temperature)->rate == Approx(rate).epsilon(1e-8));
}

TEST_CASE("a parabola relaxes at its curvature, a sum over coordinates at its slowest", "[relaxation]") {
  const auto bowl = find("quadratic").make({{"curvatures", std::vector<double>{5.0, 0.5, 20.0}}});
  for (double temperature : {0.01, 1.0}) {
    const auto found = relaxation(*bowl, temperature);
    CHECK(found->rate == Approx(0.5).epsilon(1e-8));
    CHECK_FALSE(found->estimate);
  }
}

TEST_CASE("the channel's marginal gives an upper bound of its relaxation rate", "[relaxation]") {
  // Two-dimensional spectral elements: 0.008748366305 at T = 0.2.
  const auto found = relaxation(*find("channel").make({}), 0.2);
  REQUIRE(found);
  CHECK(found->estimate);
  CHECK(found->rate > 0.008748);
  CHECK(found->rate < 0.012);
}

TEST_CASE("a cold double well relaxes at Kramers' rate", "[relaxation]") {
  // Quartic x^4/4 - x^2/2, barrier 1/4: both wells leave at sqrt(2)/(2 pi) exp(-1/4T), up to O(T).
  for (double temperature : {0.01, 0.005}) {
    const double kramers = std::sqrt(2.0) / M_PI * std::exp(-0.25 / temperature);
    CHECK(relaxation(*find("quartic").make({}), temperature)->rate == Approx(kramers).epsilon(4 * temperature));
  }
}

TEST_CASE("colder than numbers reach, no rate is made up", "[relaxation]") {
  CHECK(relaxation(*find("quartic").make({}), 1e-4).why_not.find("cold") != std::string::npos);
}
