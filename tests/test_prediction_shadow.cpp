#include <cmath>
#include <numeric>

#include "analysis/prediction/euler_maruyama_kernel.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/shadow.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::boltzmann_gibbs;
using analysis::shadow_density;
using landscapes::find;
using sde::DensityGrid;

TEST_CASE("the shadow density moves with the step at known slopes", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({});
  const struct {
    double temperature, left, second, loss;
  } known[] = {{0.1, 0.3949434913, -0.1095443685, 0.2002886964}, {0.2, 0.2829613391, -0.1508564778, 0.2539000187}};
  for (const auto& k : known) {
    // Central difference: error of second order in h, 1e-8.
    const double h = 1e-4;
    const auto plus = shadow_density(*well, k.temperature, h, {}), minus = shadow_density(*well, k.temperature, -h, {});
    CHECK(((*plus->basins)[0] - (*minus->basins)[0]) / (2 * h) == Approx(k.left).epsilon(1e-6));
    CHECK((*plus->second_moment[0] - *minus->second_moment[0]) / (2 * h) == Approx(k.second).epsilon(1e-6));
    CHECK((*plus->loss - *minus->loss) / (2 * h) == Approx(k.loss).epsilon(1e-6));
  }
}

TEST_CASE("the shadow density is the law of Euler-Maruyama up to second order in the step", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({});
  const DensityGrid grid{{0}, {60}, {{-2, 1.6}}};
  const auto distance = [&](double h) {
    const auto shadow = *shadow_density(*well, 0.1, h, {grid})->densities[0];
    const auto exact = *analysis::euler_maruyama_prediction(*well, 0.1, h, {grid})->densities[0];
    double sum = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) sum += std::fabs(shadow[i] - exact[i]) / 2;
    return sum;
  };
  CHECK(distance(0.004) / distance(0.002) == Approx(4).epsilon(0.06));
}

TEST_CASE("on a parabola in the plane the shadow variance is T/k (1 + h k/2)", "[prediction]") {
  const auto bowl = find("quadratic").make({{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}}});
  const double temperature = 0.3, h = 0.01;
  const DensityGrid grid{{1, 0}, {3, 2}, {{-0.5, 0.7}, {-1, 0.3}}};
  const auto shadow = shadow_density(*bowl, temperature, h, {grid});
  REQUIRE(shadow);
  // Sum of variances along the eigenvectors, to first order: T Tr(1/H) + T h d / 2; <L>: T d/2 (1 + h Tr H / (2 d)).
  // What is left is of second order: (h k)^2 / 4 relative, at most 1.2e-4.
  const double trace = 3, inverse_trace = 3 / 1.75;
  CHECK(*shadow->second_moment[0] + *shadow->second_moment[1] ==
        Approx(temperature * (inverse_trace + h)).epsilon(2e-4));
  CHECK(*shadow->loss == Approx(temperature * (1 + h * trace / 4)).epsilon(2e-4));
  const auto& cells = *shadow->densities[0];
  CHECK(std::accumulate(cells.begin(), cells.end(), 0.0) == Approx(1).epsilon(1e-13));
}

TEST_CASE("no shadow density where it would be negative", "[prediction]") {
  const auto well = find("asymmetric-double-well").make({});
  // 1 - h L'' / 2 is negative at the sharp minimum, L'' = 12, from h = 1/6.
  CHECK(shadow_density(*well, 0.1, 0.16, {}));
  CHECK(shadow_density(*well, 0.1, 0.17, {}).why_not.find("too large") != std::string::npos);
}
