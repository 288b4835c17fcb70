#include <cmath>
#include <memory>
#include <numbers>
#include <numeric>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/list.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::boltzmann_gibbs;
using landscapes::find;
using sde::DensityGrid;

TEST_CASE("Boltzmann-Gibbs on the double well has the integrals of independent high-precision quadrature",
          "[prediction]") {
  // mpmath, 20 digits or more: Z, P(x < 0), <L>, <x>, <x^2> of the default double well.
  const struct {
    double temperature, z, left, loss, mean, second;
  } known[] = {
      {0.05, 0.23409245270608, 0.24428483797, 0.0524638506032, 0.506542678735, 0.982754070499},
      {0.1, 0.49830315993239, 0.454362566986, 0.107891246222, 0.0851178195021, 0.955336752721},
      {0.2, 0.99394990019815, 0.544314148929, 0.177597359174, -0.112903461732, 0.91628854858},
      {0.4, 1.6797788114739, 0.570172261251, 0.251882437017, -0.199585815037, 0.946582826485},
  };
  const auto well = find("asymmetric-double-well").make({});
  for (const auto& k : known) {
    const auto gibbs = boltzmann_gibbs(*well, k.temperature, {});
    CHECK(std::exp(*gibbs.log_norm) == Approx(k.z).epsilon(1e-12));
    CHECK((*gibbs.basins)[0] == Approx(k.left).epsilon(1e-11));
    CHECK((*gibbs.basins)[1] == Approx(1 - k.left).epsilon(1e-11));
    CHECK(*gibbs.loss == Approx(k.loss).epsilon(1e-11));
    CHECK(*gibbs.mean[0] == Approx(k.mean).epsilon(1e-11));
    CHECK(*gibbs.second_moment[0] == Approx(k.second).epsilon(1e-11));
  }
}

TEST_CASE("cells of one axis hold absolute mass, the outside included", "[prediction]") {
  // Harmonic bowl: each cell is a difference of normal distribution functions.
  const auto bowl = find("quadratic").make({{"curvatures", std::vector<double>{2.0}}});
  for (double temperature : {0.01, 1.0, 50.0}) {
    const double sd = std::sqrt(temperature / 2);
    const DensityGrid grid{{0}, {7}, {{-0.9 * sd, 2.6 * sd}}};
    const auto gibbs = boltzmann_gibbs(*bowl, temperature, {grid});
    const auto& cells = *gibbs.densities[0];
    REQUIRE(int(cells.size()) == grid.cell_count());
    const auto above = [&](double x) { return std::erfc(x / sd / std::sqrt(2.0)) / 2; };
    for (int i = 0; i < 7; ++i)
      CHECK(cells[i] == Approx(above(grid.edge(0, i)) - above(grid.edge(0, i + 1))).epsilon(1e-12));
    CHECK(cells[7] == Approx(1 - above(-0.9 * sd)).epsilon(1e-12));
    CHECK(cells[8] == Approx(above(2.6 * sd)).epsilon(1e-12));
    CHECK(*gibbs.loss == Approx(temperature / 2).epsilon(1e-12));
  }
}

TEST_CASE("a bowl has the moments of its normal law", "[prediction]") {
  const std::vector<double> curvatures{2.0, 0.5}, center{1.0, -3.0};
  const auto bowl = find("quadratic").make({{"curvatures", curvatures}, {"center", center}});
  for (double temperature : {0.01, 1.0, 50.0}) {
    const auto gibbs = boltzmann_gibbs(*bowl, temperature, {});
    CHECK(*gibbs.loss == Approx(temperature).epsilon(1e-12));
    CHECK(std::exp(*gibbs.log_norm) == Approx(2 * std::numbers::pi * temperature).epsilon(1e-12));  // det H = 1
    for (int i : {0, 1}) {
      CHECK(*gibbs.mean[i] == Approx(center[i]).epsilon(1e-12));
      CHECK(*gibbs.second_moment[i] == Approx(center[i] * center[i] + temperature / curvatures[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("cells far out keep their relative accuracy, and a cold landscape its normalisation", "[prediction]") {
  const auto bowl = find("quadratic").make({});
  const double temperature = 0.01;  // exp(-L/T) = exp(-450) in the last bin
  const DensityGrid grid{{0}, {6}, {{0, 3}}};
  const auto cells = *boltzmann_gibbs(*bowl, temperature, {grid}).densities[0];
  for (int i = 0; i < 6; ++i) {
    const auto above = [&](double x) { return std::erfc(x / 0.1 / std::sqrt(2.0)) / 2; };
    CHECK(cells[i] == Approx(above(0.5 * i) - above(0.5 * i + 0.5)).epsilon(1e-10));
  }
}

TEST_CASE("a sum over coordinates has product probabilities in any dimension", "[prediction]") {
  // Styblinski-Tang, per coordinate: ln Z, P(left), <x>, <x^2>, <L>.
  const struct {
    double temperature, log_z, left, mean, second, loss;
  } known[] = {{10, 4.526615578491, 0.7856845147401, -1.587078127705, 7.465850781557, -30.33917461567},
               {20, 3.153465718306, 0.6525228135578, -0.8158055917768, 6.846752418359, -23.91664515802}};
  for (int d : {1, 2, 4}) {
    const auto landscape = find("styblinski-tang").make({{"dim", std::int64_t(d)}});
    for (const auto& k : known) {
      const auto gibbs = boltzmann_gibbs(*landscape, k.temperature, {});
      CHECK(*gibbs.log_norm == Approx(d * k.log_z).epsilon(1e-12));
      CHECK(*gibbs.loss == Approx(d * k.loss).epsilon(1e-12));
      CHECK(*gibbs.mean[d - 1] == Approx(k.mean).epsilon(1e-12));
      CHECK(*gibbs.second_moment[d - 1] == Approx(k.second).epsilon(1e-12));
      CHECK((*gibbs.basins)[0] == Approx(std::pow(k.left, d)).epsilon(1e-11));
      CHECK(std::accumulate(gibbs.basins->begin(), gibbs.basins->end(), 0.0) == Approx(1).epsilon(1e-12));
    }
  }
}

namespace {

/// x^2 / (1 + x^2): bounded, so that exp(-L/T) has no finite integral.
struct Bounded : landscapes::Landscape {
  bool confesses;
  std::unique_ptr<landscapes::Landscape> bowl = find("quadratic").make({});
  explicit Bounded(bool confesses) : confesses(confesses) {}

  int dim() const override { return 1; }
  double value(const landscapes::Point& x) const override { return x[0] * x[0] / (1 + x[0] * x[0]); }
  landscapes::Point gradient(const landscapes::Point& x) const override { return bowl->gradient(x); }
  Eigen::MatrixXd hessian(const landscapes::Point& x) const override { return bowl->hessian(x); }
  const sde::BlockLandscape<double>& block_double() const override { return bowl->block_double(); }
  const sde::BlockLandscape<float>& block_single() const override { return bowl->block_single(); }
  const std::vector<landscapes::Minimum>& minima() const override { return bowl->minima(); }
  const std::optional<landscapes::Basins>& basins() const override { return bowl->basins(); }
  bool confining() const override { return !confesses; }
  bool superquadratic() const override { return false; }
  std::optional<landscapes::Marginal> marginal(const std::vector<int>&, double) const override { return std::nullopt; }
};

}  // namespace

TEST_CASE("a landscape that does not confine has no Boltzmann-Gibbs density, whatever it says of itself",
          "[prediction]") {
  CHECK_THROWS_AS(boltzmann_gibbs(Bounded(true), 0.1, {}), std::invalid_argument);
  CHECK_THROWS_AS(boltzmann_gibbs(Bounded(false), 0.1, {}), std::invalid_argument);
  CHECK(analysis::find_law("boltzmann-gibbs")->predict({Bounded(true), 0.1, {}}).why_not.find("does not confine") !=
        std::string::npos);
}

TEST_CASE("a temperature at which the loss itself is rounded still has its weights", "[prediction]") {
  // L / T is rounded to 3e-8 here; quadrature that asks for more would halve its panels for ever.
  const analysis::Prediction cold = boltzmann_gibbs(*find("quartic").make({}), 1e-9, {{{0}, {2}, {{-2.0, 2.0}}}});
  CHECK((*cold.basins)[0] == Approx(0.5).epsilon(1e-6));
  CHECK((*cold.densities[0])[1] == Approx(0.5).epsilon(1e-6));
}

TEST_CASE("so cold that a peak is narrower than the last bit of x, wells weigh as their parabolas", "[prediction]") {
  // Equal wells at -1 and 1; and wells at 1 and 3 with curvatures 16 and 4, which are measured over 1e-4 of x.
  for (const double temperature : {1e-40, 1e-20}) {
    const auto even = boltzmann_gibbs(*find("quartic").make({}), temperature, {{{0}, {5}, {{-2.0, 2.0}}}});
    CHECK((*even.basins)[0] == Approx(0.5).epsilon(1e-7));
    CHECK((*even.densities[0])[1] == Approx(0.5).epsilon(1e-7));
  }
  const auto wells = find("asymmetric-double-well")
                         .make({{"left", 1.0},
                                {"saddle", 2.0},
                                {"right", 3.0},
                                {"loss_left", 0.0},
                                {"loss_right", 0.0},
                                {"curvature_left", 16.0},
                                {"curvature_right", 4.0}});
  CHECK((*boltzmann_gibbs(*wells, 1e-40, {}).basins)[0] == Approx(1.0 / 3).epsilon(1e-4));
}

TEST_CASE("an impossible temperature is refused", "[prediction]") {
  const auto bowl = find("quadratic").make({});
  CHECK_THROWS_AS(boltzmann_gibbs(*bowl, 0, {}), std::invalid_argument);
  CHECK_THROWS_AS(boltzmann_gibbs(*bowl, -1, {}), std::invalid_argument);
}
