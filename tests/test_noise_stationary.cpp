#include <Eigen/Core>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <functional>

#include "tests/catch.hpp"
#include "tests/noise_run.hpp"

// Stationary laws under noise that is not isotropic: of the discretised process where they are known, or else of the
// equation, with the bias of the step stated beside.

using namespace kramers;
using namespace kramers::tests;

namespace {

const std::string correlated = "name = \"quadratic\"\nhessian = [[2.0, 0.5], [0.5, 1.0]]";
const std::string matrix = "noise = { kind = \"covariance\", matrix = [[1.0, 0.3], [0.3, 2.0]] }\n";
const std::string long_run = "trajectories = 4096\nburn_in = 2000\nsteps = 20_000\nsample_every = 5";

/// theta_0^2, theta_0 theta_1, theta_1^2 and the loss.
void check_plane(const sde::RunStatistics& s, const std::array<double, 4>& exact, double largest_error) {
  CHECK_ESTIMATE(mean(s, 2), exact[0], largest_error);
  CHECK_ESTIMATE(mean(s, 3), exact[1], largest_error);
  CHECK_ESTIMATE(mean(s, 4), exact[2], largest_error);
  CHECK_ESTIMATE(mean_loss(s), exact[3], largest_error);
}

/// Weight of x < s under p ~ exp(-Phi) D^(calculus - 1), Phi = integral of L' / D.
double left_weight(const std::function<double(double)>& slope, const std::function<double(double)>& diffusion,
                   double calculus, double low, double high, double s) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  constexpr int cells = 4000;
  double phi = 0, left = 0, all = 0;
  for (int i = 0; i < cells; ++i) {
    const double a = low + (high - low) * i / cells, b = low + (high - low) * (i + 1) / cells;
    const auto drift = [&](double x) { return slope(x) / diffusion(x); };
    const double middle = (a + b) / 2;
    const double half = Rule::integrate(drift, a, middle, 0);
    const double weight = (b - a) * std::exp(-(phi + half)) * std::pow(diffusion(middle), calculus - 1);
    phi += half + Rule::integrate(drift, middle, b, 0);
    all += weight;
    if (middle < s) left += weight;
  }
  return left / all;
}

}  // namespace

TEST_CASE("a constant covariance shows in Euler-Maruyama's law: H S + S H - h H S H = (eta / S) C", "[stationary]") {
  const sde::RunStatistics s = sample({correlated, "learning_rate = 0.4\nbatch_size = 4\n" + matrix, long_run});
  check_plane(s, {0.047654288357, -0.006620853707, 0.130461213162, 0.1095744681}, 1e-4);
  // T = eta Tr C / (2 S d), and its estimator sees the trace
  CHECK_ESTIMATE(temperature(s), 0.4 * 3 / (2 * 4 * 2), 1e-4);
}

TEST_CASE("a low-rank factor and its covariance are one noise", "[stationary]") {
  // C = F F^T with F = (1, 0.5); the same equation, solved for h = eta = 0.4, S = 4
  const Eigen::Matrix2d H{{2, 0.5}, {0.5, 1}}, C{{1, 0.5}, {0.5, 0.25}};
  const Eigen::Matrix2d A = Eigen::Matrix2d::Identity() - 0.4 * H;
  Eigen::Matrix2d S = Eigen::Matrix2d::Zero();
  for (int n = 0; n < 1000; ++n) S = (A * S * A.transpose() + 0.4 * 0.4 / 4 * C).eval();
  const std::array<double, 4> exact = {S(0, 0), S(0, 1), S(1, 1), 0.5 * (H * S).trace()};
  const std::string sgd = "learning_rate = 0.4\nbatch_size = 4\n";
  check_plane(sample({correlated, sgd + "noise = { kind = \"low-rank\", factor = [[1.0], [0.5]] }", long_run}), exact,
              1e-4);
  check_plane(
      sample({correlated, sgd + "noise = { kind = \"covariance\", matrix = [[1.0, 0.5], [0.5, 0.25]] }", long_run}),
      exact, 1e-4);
}

TEST_CASE("the gradients of more examples than there are dimensions are one noise, however they are mixed",
          "[stationary]") {
  // C = F F^T, and F Q has the same for Q orthogonal: here Q swaps the first two columns and turns the last two.
  const Eigen::Matrix2d H{{2, 0.5}, {0.5, 1}}, A = Eigen::Matrix2d::Identity() - 0.4 * H;
  Eigen::MatrixXd F(2, 4), Q = Eigen::MatrixXd::Zero(4, 4);
  F << 0.5, -0.5, 1, -0.25, 0.75, 0.25, -1, 0.5;
  Q << 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0.6, 0.8, 0, 0, -0.8, 0.6;
  Eigen::Matrix2d S = Eigen::Matrix2d::Zero();
  for (int n = 0; n < 1000; ++n) S = (A * S * A.transpose() + 0.4 * 0.4 / 4 * F * F.transpose()).eval();
  for (const Eigen::MatrixXd& factor : {F, Eigen::MatrixXd(F * Q)}) {
    std::string rows;
    for (int i = 0; i < 2; ++i) {
      rows += i ? "], [" : "[[";
      for (int j = 0; j < 4; ++j) rows += (j ? ", " : "") + std::to_string(factor(i, j));
    }
    check_plane(sample({correlated,
                        "learning_rate = 0.4\nbatch_size = 4\nnoise = { kind = \"low-rank\", factor = " + rows + "]] }",
                        long_run}),
                {S(0, 0), S(0, 1), S(1, 1), 0.5 * (H * S).trace()}, 1e-4);
  }
}

TEST_CASE("the exact Ornstein-Uhlenbeck scheme solves Lyapunov's equation for a constant covariance", "[stationary]") {
  // H S + S H = n C with n = eta / S = 0.1
  const sde::RunStatistics s =
      sample({correlated, "scheme = \"exact-ou\"\nlearning_rate = 0.4\nbatch_size = 4\n" + matrix, long_run});
  check_plane(s, {0.028095238095, -0.012380952381, 0.106190476190, 0.075}, 1e-4);
}

TEST_CASE("diagonal noise gives each coordinate its own temperature", "[stationary]") {
  // S_i = (eta / S) C_i / (k_i (2 - eta k_i)), also by SRA1 with its own factor
  const std::string bowl = "name = \"quadratic\"\ncurvatures = [1.0, 2.0]";
  const std::string noise =
      "learning_rate = 0.2\nbatch_size = 2\nnoise = { kind = \"diagonal\", variances = [4.0, 1.0] }\n";
  const sde::RunStatistics s = sample({bowl, noise, long_run});
  CHECK_ESTIMATE(mean(s, 2), 0.1 * 4 / (1 * (2 - 0.2)), 1e-3);
  CHECK_ESTIMATE(mean(s, 3), 0, 1e-3);
  CHECK_ESTIMATE(mean(s, 4), 0.1 * 1 / (2 * (2 - 0.4)), 2e-4);
  const auto sra1 = [](double z) { return 2 * (1 - z + z * z / 3) / ((1 - z / 2) * (2 - z + z * z / 2)); };
  const sde::RunStatistics r = sample({bowl, noise + "scheme = \"sra1\"", long_run});
  CHECK_ESTIMATE(mean(r, 2), 0.1 * 4 / (2 * 1) * sra1(0.2), 1e-3);
  CHECK_ESTIMATE(mean(r, 4), 0.1 * 1 / (2 * 2) * sra1(0.4), 2e-4);
}

TEST_CASE("noise proportional to the Hessian spreads evenly: S_i = (eta / S) / (2 - eta k_i)", "[stationary]") {
  const std::string dynamics = "learning_rate = 0.1\nbatch_size = 2\nnoise = { kind = \"hessian\", scale = 1.0 }";
  const sde::RunStatistics s = sample({"name = \"quadratic\"\ncurvatures = [0.5, 1.0, 4.0]", dynamics,
                                       "trajectories = 1024\nburn_in = 1000\nsteps = 20_000\nsample_every = 5"});
  CHECK_ESTIMATE(mean(s, 3), 0.025641025641, 5e-5);
  CHECK_ESTIMATE(mean(s, 6), 0.026315789474, 5e-5);
  CHECK_ESTIMATE(mean(s, 8), 0.03125, 5e-5);
  CHECK_ESTIMATE(mean_loss(s), 0.0820681511, 1e-4);  // (eta / 4 S) Tr H, and the step's share
}

TEST_CASE("heavy ball under a constant covariance obeys its matrix law", "[stationary]") {
  const sde::RunStatistics s =
      sample({correlated,
              "kind = \"kinetic\"\nscheme = \"heavy-ball\"\nmomentum = 0.8\nlearning_rate = 0.1\n"
              "batch_size = 1\n" +
                  matrix,
              "trajectories = 4096\nburn_in = 2000\nsteps = 50_000\nsample_every = 10"});
  CHECK_ESTIMATE(mean(s, 2), 0.178404241221, 4e-4);
  CHECK_ESTIMATE(mean(s, 3), -0.090114384409, 4e-4);
  CHECK_ESTIMATE(mean(s, 4), 0.514730571014, 1e-3);
}

TEST_CASE("a Pearson diffusion has the second moment of its step", "[stationary]") {
  // D = T (1 + a x^2) with T = 0.2, a = 1.5: <x^2> = T / (1 - a T - h / 2)
  const sde::RunStatistics s =
      sample({"name = \"quadratic\"",
              "learning_rate = 0.1\nbatch_size = 1\nnoise = { kind = \"formula\", variance = \"4 * (1 + 1.5 * x^2)\" }",
              "trajectories = 16_384\nburn_in = 400\nsteps = 8000\nsample_every = 10", "density = []"});
  CHECK_ESTIMATE(mean_square(s), 0.307692307692, 1e-3);
  CHECK(std::abs(mean_square(s).value - 0.285714285714) > 0.01);  // without the step; constant noise: 0.2105
}

TEST_CASE("Ito, Stratonovich and Haenggi-Klimontovich noise weigh a double well as their densities say",
          "[stationary]") {
  // sigma^2 from 1.1 to 0.9 over the saddle, T = 0.2
  const auto landscape = landscapes::find("asymmetric-double-well").make({});
  const auto slope = [&](double x) { return landscape->gradient(landscapes::Point::Constant(1, x))[0]; };
  const auto diffusion = [](double x) { return 0.2 * (0.9 + 0.1 * (1 - std::tanh(x / 0.2))); };
  const auto exact = [&](double calculus) { return left_weight(slope, diffusion, calculus, -6, 4, 0); };
  REQUIRE(std::abs(left_weight(
                       slope, [&](double x) { return diffusion(x) / 2; }, 0, -6, 4, 0) -
                   0.247351268) < 1e-5);

  const auto weight = [](const std::string& scheme, const std::string& calculus) {
    return occupancy(
        sample({"name = \"asymmetric-double-well\"",
                "learning_rate = 0.02\nbatch_size = 1\nnoise = { kind = \"two-basin\", variance_left = 22.0, "
                "variance_right = 18.0 }\nscheme = \"" +
                    scheme + "\"\ncalculus = \"" + calculus + "\"",
                "trajectories = 16_384\nburn_in = 4000\nsteps = 8000\nsample_every = 20"}),
        0);
  };
  // Beside sampling, the bias of the step: 0.283 h = 0.006 for schemes of weak order 1 (the slope of the shadow
  // density under constant noise), 1e-3 for Heun, of weak order 2.
  for (const auto& [scheme, calculus, at, bias] : {std::tuple{"euler-maruyama", "ito", 0.0, 0.006},
                                                   {"euler-maruyama", "haenggi-klimontovich", 1.0, 0.006},
                                                   {"milstein", "stratonovich", 0.5, 0.006},
                                                   {"stochastic-heun", "stratonovich", 0.5, 1e-3},
                                                   {"stochastic-heun", "ito", 0.0, 1e-3},
                                                   {"sri1w1", "ito", 0.0, 1e-3}}) {
    const Estimate w = weight(scheme, calculus);
    INFO(scheme << ", " << calculus << ": " << w.value << " +- " << w.error << ", exactly " << exact(at));
    CHECK(w.error <= 2e-3);
    CHECK(std::abs(w.value - exact(at)) <= 5 * w.error + bias);
  }
}

TEST_CASE("stable noise gives an Ornstein-Uhlenbeck process the stable law of its step", "[stationary]") {
  // alpha = 1.5, eps = 0.5, h = eta = 0.5, k = 1: scale eps (h / (1 - |1 - h|^alpha))^(1/alpha) = 0.421303337; eps =
  // eta^(1 - 1/alpha) S^(1/alpha - 1) s
  const double s = 0.5 / std::pow(0.5, 1 - 1 / 1.5) * std::pow(3.0, 1 - 1 / 1.5);
  const sde::RunStatistics run = sample(
      {"name = \"quadratic\"",
       "learning_rate = 0.5\nbatch_size = 3\nnoise = { kind = \"stable\", alpha = 1.5, scale = " + std::to_string(s) +
           " }",
       "trajectories = 32_768\nburn_in = 40\nsteps = 2000\nsample_every = 20\nguard_radius = 1e12",
       "density = []\npaths = { count = 32768, every = 20 }"});
  std::vector<double> sizes;
  for (double x : run.paths) sizes.push_back(std::abs(x));
  const double n = double(sizes.size());
  double sum = 0, sum_of_squares = 0;
  for (double size : sizes) sum += std::sqrt(size), sum_of_squares += size;
  const double mean_root = sum / n, error = std::sqrt((sum_of_squares / n - mean_root * mean_root) / n);
  CHECK(error < 3e-4);
  CHECK(std::abs(mean_root - 0.7012841) <= 5 * error);
  std::nth_element(sizes.begin(), sizes.begin() + std::ptrdiff_t(sizes.size() / 2), sizes.end());
  // the density of |x| at its median is 0.75: an error of 0.5 / (0.75 sqrt(n))
  CHECK(std::abs(sizes[sizes.size() / 2] - 0.4082148) <= 5 * 0.5 / (0.75 * std::sqrt(n)));
}

TEST_CASE("signs leave the kurtosis of their batch: -(2 / S) (1 - a^2) / (1 + a^2)", "[stationary]") {
  // eta k = 0.5: a = 1/2, and 0.6 of the kurtosis of one step, -2 / S
  for (const auto& [batch, exact] : {std::pair{1, -1.2}, {4, -0.3}}) {
    const sde::RunStatistics s = sample({"name = \"quadratic\"",
                                         "learning_rate = 0.5\nbatch_size = " + std::to_string(batch) +
                                             "\nnoise = { kind = \"rademacher\", sigma = 1.0 }",
                                         "trajectories = 16_384\nburn_in = 40\nsteps = 2000\nsample_every = 20",
                                         "density = []\npaths = { count = 16384, every = 20 }"});
    double square = 0, fourth = 0;
    for (double x : s.paths) square += x * x, fourth += x * x * x * x;
    const double n = double(s.paths.size()), kurtosis = fourth * n / (square * square) - 3;
    CHECK(std::abs(square / n - 0.25 / batch / (1 - 0.25)) < 5 * std::sqrt(2 / n) / (3 * batch));
    // the sampling error of a kurtosis near the Gaussian's is sqrt(24 / n), and smaller below it
    CHECK(std::sqrt(24 / n) < 5e-3);
    CHECK(std::abs(kurtosis - exact) < 5 * std::sqrt(24 / n));
  }
}
