#include <cmath>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/laplace.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using landscapes::find;

TEST_CASE("the Laplace weight of the wide minimum is the paper's formula with T, not 2 T", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({});
  for (const auto& [temperature, left] :
       {std::pair{0.05, 0.24896868}, {0.1, 0.47399342}, {0.2, 0.59769732}, {0.4, 0.65608137}}) {
    const auto weights = analysis::laplace_basin_weights(*well, temperature);
    REQUIRE(weights);
    CHECK((*weights)[0] == Approx(left).epsilon(1e-7));
    CHECK((*weights)[0] + (*weights)[1] == Approx(1).epsilon(1e-14));
  }
  // So cold that exp(-L/T) underflows at either minimum.
  const auto high =
      find("asymmetric-double-well").make({{"loss_left", 1.1}, {"loss_right", 1.0}, {"loss_saddle", 1.5}});
  CHECK((*analysis::laplace_basin_weights(*high, 1e-5))[1] == Approx(1).epsilon(1e-14));
}

TEST_CASE("Laplace weights become exact in the cold", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({{"loss_left", 0.001}});
  for (double temperature : {0.002, 0.001}) {
    const double laplace = (*analysis::laplace_basin_weights(*well, temperature))[0];
    CHECK(laplace == Approx((*analysis::gibbs_basin_weights(*well, temperature))[0]).epsilon(10 * temperature));
  }
}

TEST_CASE("the temperature above which the wide minimum wins", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({});
  CHECK(*analysis::exact_crossover(*well) == Approx(0.12912837305391).epsilon(1e-11));
  CHECK(*analysis::laplace_crossover(*well) == Approx(0.111622125310).epsilon(1e-11));
  // Wider and deeper: no crossover.
  const auto wider = find("asymmetric-double-well").make({{"loss_left", -0.1}});
  CHECK_FALSE(analysis::laplace_crossover(*wider));
  CHECK_FALSE(analysis::exact_crossover(*wider));
}
