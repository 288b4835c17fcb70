#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/mean_first_passage.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

// Exact integrals, against values that were worked out independently of this code to ten digits or more.

using namespace kramers;
using namespace kramers::analysis;

namespace {

constexpr double nowhere = std::numeric_limits<double>::infinity();

double mean_time(const std::string& landscape, double temperature, double from, double to) {
  const auto made = landscapes::find(landscape).make({});
  const LineDiffusion diffusion = LineDiffusion::isotropic(*gibbs_line(*made, 0, temperature), temperature);
  return from < to ? mean_exit_time(diffusion, from, -nowhere, to) : mean_exit_time(diffusion, from, to, nowhere);
}

/// L = k x^2 / 2 for |x| <= c and barrier - kappa (s - |x|)^2 / 2 beyond, once continuously differentiable; the well's
/// noise is D = well there, and `hill` beyond.
struct PiecewiseParabola {
  double k, kappa = 2, barrier = 0.5;
  double c = std::sqrt(2 * barrier / (k * (1 + k / kappa))), s = c * (1 + k / kappa);

  LineDiffusion diffusion(double well, double hill) const {
    const auto potential = [*this, well, hill](double x) {
      const double r = std::abs(x), inside = k * std::min(r, c) * std::min(r, c) / (2 * well);
      if (r <= c) return inside;
      return inside + kappa / (2 * hill) * ((s - c) * (s - c) - (s - r) * (s - r));
    };
    return {potential, [c = c, well, hill](double x) { return std::abs(x) <= c ? well : hill; }, {-c, c}, {0}};
  }
};

}  // namespace

TEST_CASE("mean first-passage times of the asymmetric double well", "[passage]") {
  const std::string well = "asymmetric-double-well";
  CHECK(mean_time(well, 0.1, -1, 0) == Approx(87.0658143204).epsilon(1e-11));
  CHECK(mean_time(well, 0.1, -1, 1) == Approx(207.999221056).epsilon(1e-11));
  CHECK(mean_time(well, 0.1, 1, 0) == Approx(141.502408130).epsilon(1e-11));
  CHECK(mean_time(well, 0.1, 1, -1) == Approx(249.864953252).epsilon(1e-11));
  CHECK(mean_time(well, 0.05, -1, 0) == Approx(4193.845296).epsilon(1e-9));
  CHECK(mean_time(well, 0.05, -1, 1) == Approx(9919.576966).epsilon(1e-9));
  CHECK(mean_time(well, 0.05, 1, 0) == Approx(17704.5581).epsilon(1e-8));
  CHECK(mean_time(well, 0.05, 1, -1) == Approx(30687.0325).epsilon(1e-8));
}

TEST_CASE("mean first-passage times of the quartic double well", "[passage]") {
  const double table[][3] = {{0.025, 51050.7025, 102108.3655},
                             {0.05, 361.903759501, 729.670691942},
                             {0.1, 30.8213024727, 66.2686263649},
                             {0.25, 5.74343706804, 14.2777366365}};
  for (const auto& [temperature, to_saddle, to_other] : table) {
    CHECK(mean_time("quartic", temperature, -1, 0) == Approx(to_saddle).epsilon(3e-9));
    CHECK(mean_time("quartic", temperature, -1, 1) == Approx(to_other).epsilon(3e-9));
    CHECK(mean_time("quartic", temperature, 1, 0) == Approx(to_saddle).epsilon(3e-9));
  }
}

TEST_CASE("looked at after steps, the boundary is further out by Siegmund's shift", "[passage]") {
  const double table[][3] = {// h, continuous with the shift, exact kernel
                             {0.005, 93.24485, 93.24731172},
                             {0.01, 95.78725, 95.77337600},
                             {0.02, 99.35290, 99.26423627},
                             {0.05, 106.28552, 105.69277943}};
  for (const auto& [h, shifted, kernel] : table) {
    const double mean = mean_time("asymmetric-double-well", 0.1, -1, monitoring_shift * std::sqrt(2 * 0.1 * h));
    CHECK(mean == Approx(shifted).epsilon(1e-7));
    CHECK(std::abs(mean - kernel) < 0.12 * h * kernel);  // what is left is of first order in h
  }
}

TEST_CASE("exit from a piecewise parabola, by white noise and by noise that follows the curvature", "[passage]") {
  const double table[][3] = {{1, 169.017361419, 6387.4332847},
                             {2, 117.958825113, 117.958825113},
                             {4, 84.5086807097, 28.0626710142},
                             {8, 62.7813271146, 20.8816591771}};
  for (const auto& [k, white, curved] : table) {
    const PiecewiseParabola parabola{k};
    CHECK(mean_exit_time(parabola.diffusion(0.1, 0.1), 0, -parabola.s, parabola.s) == Approx(white).epsilon(1e-10));
    const LineDiffusion hessian = parabola.diffusion(0.05 * k, 0.05 * parabola.kappa);
    CHECK(mean_exit_time(hessian, 0, -parabola.s, parabola.s) == Approx(curved).epsilon(1e-9));
  }
}

TEST_CASE("without a force the mean time to leave an interval is (x - a)(b - x) / (2 D)", "[passage]") {
  const LineDiffusion free{[](double) { return 0.0; }, [](double) { return 0.3; }, {}, {}};
  CHECK(mean_exit_time(free, 0.25, -1, 2) == Approx(1.25 * 1.75 / 0.6).epsilon(1e-13));
}

TEST_CASE("with D = T (1 + a x^2) and no drift too the Ito speed measure is 1 / D", "[passage]") {
  // tau'' = -1 / D, tau(+-1) = 0: tau(0) = integral_0^1 (1 - z) / D dz, a = 3, T = 1.
  const LineDiffusion diffusion{[](double) { return 0.0; }, [](double x) { return 1 + 3 * x * x; }, {}, {0}};
  const double root = std::sqrt(3.0);
  CHECK(mean_exit_time(diffusion, 0, -1, 1) == Approx(std::atan(root) / root - std::log(4.0) / 6).epsilon(1e-12));
}

TEST_CASE("what cannot be left is refused, and what takes for ever is infinite", "[passage]") {
  const LineDiffusion free{[](double) { return 0.0; }, [](double) { return 1.0; }, {}, {}};
  CHECK_THROWS_AS(mean_exit_time(free, 0, -nowhere, nowhere), std::invalid_argument);
  CHECK_THROWS_AS(mean_exit_time(free, 1, -1, 1), std::invalid_argument);
  CHECK_THROWS_AS(mean_exit_time(free, -2, -1, 1), std::invalid_argument);
  CHECK(std::isinf(mean_time("quartic", 1e-4, -1, 0)));
}
