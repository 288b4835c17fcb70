#include <cmath>
#include <numeric>

#include "analysis/prediction/euler_maruyama_kernel.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::euler_maruyama_law;
using analysis::euler_maruyama_prediction;
using analysis::EulerMaruyamaLaw;
using landscapes::find;
using landscapes::Point;
using sde::DensityGrid;

namespace {

/// sum of mass f(k)
template <class F>
double average(const EulerMaruyamaLaw& law, const F& f) {
  double sum = 0;
  for (std::size_t k = 0; k < law.x.size(); ++k) sum += law.mass[k] * f(k);
  return sum;
}

}  // namespace

TEST_CASE("the law of Euler-Maruyama on the double well is that of an independent solution of its kernel", "[kernel]") {
  const struct {
    double temperature, step, left, second, loss, virial, slope_squared;
  } known[] = {
      {0.1, 0.01, 0.458666762910, 0.954212082451, 0.109981947698, 0.102586689645, 0.517337928917},
      {0.1, 0.02, 0.463761882239, 0.953024366898, 0.112262571596, 0.105342888858, 0.534288885823},
      {0.1, 0.05, 0.485547163196, 0.949008279682, 0.120504585380, 0.114713812007, 0.588552480284},
      {0.1, 0.1, 0.565522359170, 0.940789871707, 0.140753869201, 0.132813660711, 0.656273214222},
      {0.2, 0.01, 0.547356850196, 0.914756701452, 0.180215272662, 0.203488934637, 0.697786927415},
      {0.2, 0.05, 0.565221715497, 0.908080040710, 0.192538817300, 0.219502425443, 0.780097017732},
  };
  const auto well = find("asymmetric-double-well").make({});
  for (const auto& k : known) {
    const auto law = euler_maruyama_law(*well, k.temperature, k.step);
    REQUIRE(law);
    const auto prediction = euler_maruyama_prediction(*well, k.temperature, k.step, {});
    CHECK((*prediction->basins)[0] == Approx(k.left).epsilon(1e-9));
    CHECK(law->below(0) == Approx(k.left).epsilon(1e-9));
    CHECK(*prediction->second_moment[0] == Approx(k.second).epsilon(1e-9));
    CHECK(*prediction->loss == Approx(k.loss).epsilon(1e-9));
    CHECK(average(*law, [&](int i) { return law->x[i] * law->slope[i]; }) == Approx(k.virial).epsilon(1e-9));
    CHECK(average(*law, [&](int i) { return law->slope[i] * law->slope[i]; }) == Approx(k.slope_squared).epsilon(1e-9));
  }
}

TEST_CASE("Euler-Maruyama: <x L'> - h/2 <L'^2> = T at any step", "[kernel]") {
  const auto well = find("asymmetric-double-well").make({});
  for (double temperature : {0.05, 0.1, 0.4})
    for (double h : {0.004, 0.03, 0.1}) {
      const auto law = euler_maruyama_law(*well, temperature, h);
      const double measured = average(*law, [&](int i) { return law->slope[i] * (law->x[i] - h / 2 * law->slope[i]); });
      CHECK(std::fabs(measured - temperature) < 1e-12);
    }
}

TEST_CASE("Euler-Maruyama on a parabola is Gaussian with variance T / (k (1 - h k / 2))", "[kernel]") {
  const auto bowl = find("quadratic").make({{"curvatures", std::vector<double>{2.0}}});
  for (double h : {0.01, 0.5, 0.9, 0.97}) {
    const double sd = std::sqrt(0.025 / 2 / (1 - h));  // T = 0.025, k = 2
    const DensityGrid grid{{0}, {5}, {{-sd, 4 * sd}}};
    const auto prediction = euler_maruyama_prediction(*bowl, 0.025, h, {grid});
    CHECK(*prediction->second_moment[0] == Approx(sd * sd).epsilon(1e-10));
    const auto above = [&](double x) { return std::erfc(x / sd / std::sqrt(2.0)) / 2; };
    for (int i = 0; i < 5; ++i)
      CHECK((*prediction->densities[0])[i] ==
            Approx(above(grid.edge(0, i)) - above(grid.edge(0, i + 1))).epsilon(1e-9));
    CHECK((*prediction->densities[0])[5] == Approx(1 - above(-sd)).epsilon(1e-9));
    CHECK((*prediction->densities[0])[6] == Approx(above(4 * sd)).epsilon(1e-9));
  }
}

TEST_CASE("the step moves the law of the double well by a known distance from Boltzmann-Gibbs", "[kernel]") {
  // Kullback-Leibler, squared Hellinger and Kolmogorov-Smirnov distance of the densities, from an independent solution
  // of the kernel. Cells of width 0.001 hide less than 5e-5 of the first two.
  const struct {
    double step, kullback_leibler, hellinger, kolmogorov_smirnov;
  } known[] = {{0.02, 0.0017983321, 0.0004440262, 0.017609},
               {0.05, 0.0136025605, 0.0032871012, 0.051549},
               {0.1, 0.0802355703, 0.0192736621, 0.146551}};
  const auto well = find("asymmetric-double-well").make({});
  const DensityGrid grid{{0}, {8000}, {{-4, 4}}};
  const auto gibbs = *analysis::boltzmann_gibbs(*well, 0.1, {grid}).densities[0];
  for (const auto& k : known) {
    const auto cells = *euler_maruyama_prediction(*well, 0.1, k.step, {grid})->densities[0];
    CHECK(std::accumulate(cells.begin(), cells.end(), 0.0) == Approx(1).epsilon(1e-12));
    double divergence = 0, overlap = 0, excess = 0, largest = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] > 0 && gibbs[i] > 0) divergence += cells[i] * std::log(cells[i] / gibbs[i]);
      overlap += std::sqrt(cells[i] * gibbs[i]);
      excess += cells[i] - gibbs[i];
      largest = std::max(largest, std::fabs(excess));
    }
    CHECK(divergence == Approx(k.kullback_leibler).epsilon(5e-5));
    CHECK(1 - overlap == Approx(k.hellinger).epsilon(5e-5));
    CHECK(largest == Approx(k.kolmogorov_smirnov).margin(1e-6));
  }
}

TEST_CASE("the default experiment's step biases the density by known total variations", "[kernel]") {
  const auto well = find("asymmetric-double-well").make({});
  const DensityGrid grid{{0}, {200}, {{-3, 3}}};
  for (const auto& [temperature, known] : {std::pair{0.1, 0.0042}, {0.2, 0.0032}, {0.4, 0.0028}}) {
    const auto gibbs = *analysis::boltzmann_gibbs(*well, temperature, {grid}).densities[0];
    const auto cells = *euler_maruyama_prediction(*well, temperature, 0.004, {grid})->densities[0];
    double variation = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) variation += std::fabs(cells[i] - gibbs[i]) / 2;
    CHECK(variation == Approx(known).margin(5e-5));
  }
}

TEST_CASE("where Euler-Maruyama has no invariant law, or none that is computed, the reason is given", "[kernel]") {
  const auto well = find("asymmetric-double-well").make({});
  CHECK(euler_maruyama_law(*well, 0.1, 0.17).why_not.find("unstable") != std::string::npos);
  CHECK(euler_maruyama_law(*well, 1e-4, 0.004).why_not.find("cold") != std::string::npos);
  CHECK(euler_maruyama_law(*find("quartic").make({}), 0.1, 0.01).why_not.find("quadratically") != std::string::npos);
  CHECK(euler_maruyama_law(*find("channel").make({}), 0.1, 0.01).why_not.find("one dimension") != std::string::npos);
}
