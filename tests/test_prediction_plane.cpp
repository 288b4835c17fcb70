#include <chrono>
#include <cmath>
#include <numeric>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/gibbs_correlations.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::boltzmann_gibbs;
using landscapes::find;
using sde::DensityGrid;

TEST_CASE("Boltzmann-Gibbs on the channel agrees with its one-dimensional marginal", "[prediction]") {
  // ln Z, P(x < 0), <x>, <y^2>: independent high-precision quadrature of the marginal.
  const struct {
    double temperature, left, log_z, mean, second_y;
  } known[] = {{0.1, 0.3078441631407, -1.626918672269, 0.3900247767, 0.01874935872526},
               {0.2, 0.5470606035599, -0.9859691385582, -0.07512416308978, 0.05825402058662},
               {0.3, 0.6250334726705, -0.5281279861049, -0.2191241168, 0.09622385767509}};
  const auto channel = find("channel").make({});
  for (const auto& k : known) {
    // Two bins over both axes, cut where the basins are: the plane against the line.
    const DensityGrid halves{{0, 1}, {2, 1}, {{-4, 4}, {-4, 4}}};
    const auto gibbs = boltzmann_gibbs(*channel, k.temperature, {halves});
    const double cut = channel->basins()->cuts[0].positions[0];
    if (cut == 0) CHECK((*gibbs.basins)[0] == Approx(k.left).epsilon(1e-10));
    CHECK((*gibbs.densities[0])[0] == Approx(k.left).epsilon(1e-9));
    CHECK(*gibbs.log_norm == Approx(k.log_z).epsilon(1e-9));
    CHECK(*gibbs.mean[0] == Approx(k.mean).epsilon(1e-9));
    CHECK(*gibbs.second_moment[1] == Approx(k.second_y).epsilon(1e-9));
  }
}

TEST_CASE("Boltzmann-Gibbs on Mueller-Brown: oblique basins, moments, normalisation", "[prediction]") {
  const auto surface = find("mueller-brown").make({});
  const auto gibbs = boltzmann_gibbs(*surface, 20, {});
  CHECK(*gibbs.log_norm + surface->minima()[0].loss / 20 == Approx(-1.96884261819).epsilon(1e-9));
  REQUIRE(gibbs.basins);
  // Minima by x: A (-0.558), B (-0.050), C (0.623).
  CHECK((*gibbs.basins)[0] == Approx(0.80498233331).epsilon(1e-8));
  CHECK((*gibbs.basins)[1] == Approx(0.06686168798).epsilon(1e-8));
  CHECK((*gibbs.basins)[2] == Approx(0.12815597872).epsilon(1e-8));
  CHECK(*gibbs.loss == Approx(-113.413626968).epsilon(1e-9));
  CHECK(*gibbs.mean[0] == Approx(-0.4248936763).epsilon(1e-8));
  CHECK(*gibbs.mean[1] == Approx(1.1650861711).epsilon(1e-8));

  const auto hot = boltzmann_gibbs(*surface, 40, {});
  CHECK(*hot.log_norm + surface->minima()[0].loss / 40 == Approx(-0.68181777660).epsilon(1e-8));
  CHECK((*hot.basins)[0] == Approx(0.60517235420).epsilon(1e-8));
  CHECK((*hot.basins)[2] == Approx(0.19773550455).epsilon(1e-8));
}

TEST_CASE("fine cells in the plane add up to coarse ones, and projections to those of one axis", "[prediction]") {
  for (const char* name : {"mueller-brown", "channel"}) {
    const auto surface = find(name).make({});
    const double temperature = name[0] == 'm' ? 20 : 0.1;
    const DensityGrid fine{{0, 1}, {120, 80}, {{-1.5, 1.2}, {-0.4, 2.0}}};
    const DensityGrid coarse{{1, 0}, {1, 3}, {{-0.4, 2.0}, {-1.5, 1.2}}};
    const DensityGrid line{{0}, {3}, {{-1.5, 1.2}}};
    const auto gibbs = boltzmann_gibbs(*surface, temperature, {fine, coarse, line});
    for (const auto& cells : gibbs.densities)
      CHECK(std::accumulate(cells->begin(), cells->end(), 0.0) == Approx(1).epsilon(1e-13));
    for (int i = 0; i < 3; ++i) {
      const auto first = gibbs.densities[0]->begin() + i * 40 * 80;
      CHECK(std::accumulate(first, first + 40 * 80, 0.0) == Approx((*gibbs.densities[1])[i]).epsilon(1e-8));
      CHECK((*gibbs.densities[2])[i] >= (*gibbs.densities[1])[i] * (1 - 1e-8));
    }
    const double outside = gibbs.densities[0]->back();
    CHECK(outside == Approx(gibbs.densities[1]->back()).epsilon(1e-6));
  }
}

TEST_CASE("independent coordinates: a grid of two axes is a product of lines", "[prediction]") {
  const auto bowl = find("quadratic").make({{"curvatures", std::vector<double>{1.0, 4.0, 2.0}}});
  const auto cross = find("quadratic").make({{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}}});
  const DensityGrid grid{{2, 0}, {3, 4}, {{-1, 1}, {-1, 2}}};
  const auto gibbs = boltzmann_gibbs(*bowl, 0.5, {grid, {{2}, {3}, {{-1, 1}}}, {{0}, {4}, {{-1, 2}}}});
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j)
      CHECK((*gibbs.densities[0])[4 * i + j] ==
            Approx((*gibbs.densities[1])[i] * (*gibbs.densities[2])[j]).epsilon(1e-12));
  for (const auto& cells : gibbs.densities)
    CHECK(std::accumulate(cells->begin(), cells->end(), 0.0) == Approx(1).epsilon(1e-12));
  CHECK(*gibbs.loss == Approx(3 * 0.5 / 2).epsilon(1e-12));

  // A correlated Gaussian: <L> = d T / 2, covariance T H^-1.
  const auto correlated = boltzmann_gibbs(*cross, 0.3, {});
  CHECK(*correlated.loss == Approx(0.3).epsilon(1e-9));
  CHECK(*correlated.second_moment[0] == Approx(0.3 * 1 / 1.75).epsilon(1e-9));
  CHECK(*correlated.log_norm == Approx(std::log(2 * M_PI * 0.3 / std::sqrt(1.75))).epsilon(1e-9));
}

TEST_CASE("correlations under Gibbs' law: none of a sum, those of the inverse Hessian, and by quadrature", "[gibbs]") {
  const auto make = [](const char* name, const landscapes::Parameters& p) { return landscapes::find(name).make(p); };
  const auto sum = analysis::gibbs_correlations(*make("styblinski-tang", {{"dim", 5}}), 1);
  REQUIRE(sum);
  CHECK(sum->isApprox(Eigen::MatrixXd::Identity(5, 5)));
  // H = [[2, 1], [1, 1]]: H^-1 = [[1, -1], [-1, 2]]
  const auto tilted = analysis::gibbs_correlations(
      *make("quadratic", {{"hessian", std::vector<std::vector<double>>{{2, 1}, {1, 1}}}}), 0.3);
  REQUIRE(tilted);
  CHECK((*tilted)(0, 1) == Approx(-1 / std::sqrt(2)));
  // by a sum over a grid
  const auto wells = make("mueller-brown", {});
  double total = 0, x1 = 0, y1 = 0, xx = 0, xy = 0, yy = 0;
  const double T = 5;
  double lowest = 0;
  for (const auto& minimum : wells->minima()) lowest = std::min(lowest, minimum.loss);
  for (int i = 0; i < 500; ++i)
    for (int j = 0; j < 500; ++j) {
      const double x = -2.2 + 3.8 * (i + 0.5) / 500, y = -1 + 3.6 * (j + 0.5) / 500;
      const double mass = std::exp(-(wells->value(landscapes::point({x, y})) - lowest) / T);
      total += mass, x1 += mass * x, y1 += mass * y, xx += mass * x * x, xy += mass * x * y, yy += mass * y * y;
    }
  x1 /= total, y1 /= total, xx /= total, xy /= total, yy /= total;
  const auto plane = analysis::gibbs_correlations(*wells, T);
  REQUIRE(plane);
  CHECK((*plane)(0, 1) == Approx((xy - x1 * y1) / std::sqrt((xx - x1 * x1) * (yy - y1 * y1))).epsilon(1e-3));
}
