#include <Eigen/Eigenvalues>
#include <random>

#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using namespace kramers::landscapes;

namespace {

/// Every landscape with every parameter set that it names.
template <class Law>
void for_all(Law law) {
  for (const Entry& entry : catalogue())
    for (std::size_t example = 0; example < entry.examples.size(); ++example) {
      INFO(entry.name << ", example " << example);
      law(*entry.make(entry.examples[example]));
    }
}

double largest(const std::vector<double>& numbers) {
  double all = 1;
  for (double number : numbers) all = std::max(all, std::abs(number));
  return all;
}

std::int32_t basin_of(const Landscape& landscape, const Point& theta) {
  std::vector<double> block(landscape.dim() * sde::block_lanes);
  std::int32_t minimum[sde::block_lanes];
  for (int i = 0; i < landscape.dim(); ++i) block[i * sde::block_lanes] = theta[i];
  const auto* basins = landscape.block_double().basins();
  if (!basins) return -1;
  basins->of(block.data(), minimum);
  return minimum[0];
}

}  // namespace

TEST_CASE("a landscape has the values that are known of it", "[landscapes]") {
  for (const Entry& entry : catalogue()) {
    INFO(entry.name);
    CHECK_FALSE(entry.answers.empty());
    for (const Answer& answer : entry.answers) {
      const auto landscape = entry.make(answer.parameters);
      const Point theta = Eigen::Map<const Point>(answer.theta.data(), Eigen::Index(answer.theta.size()));
      INFO("at " << theta.transpose());
      REQUIRE(landscape->dim() == theta.size());
      CHECK(std::abs(landscape->value(theta) - answer.loss) <= answer.tolerance * largest({answer.loss}));
      const Point gradient = landscape->gradient(theta);
      for (std::size_t i = 0; i < answer.gradient.size(); ++i)
        CHECK(std::abs(gradient[int(i)] - answer.gradient[i]) <= answer.tolerance * largest(answer.gradient));
      const Eigen::MatrixXd hessian = landscape->hessian(theta);
      for (std::size_t i = 0; i < answer.hessian.size(); ++i)
        CHECK(std::abs(hessian(Eigen::Index(i)) - answer.hessian[i]) <= answer.tolerance * largest(answer.hessian));
    }
  }
}

TEST_CASE("minima are minima: no gradient, positive curvatures, sorted, in their own basin", "[landscapes]") {
  for_all([](const Landscape& landscape) {
    const auto& minima = landscape.minima();
    for (std::size_t i = 0; i < minima.size(); ++i) {
      const Point& at = minima[i].at;
      const Eigen::MatrixXd hessian = landscape.hessian(at);
      // The position is rounded to 1e-16 of its size.
      CHECK(landscape.gradient(at).norm() <= 1e-14 * hessian.norm() * (1 + at.norm()));
      CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(hessian).eigenvalues()[0] > 0);
      CHECK(minima[i].loss == Approx(landscape.value(at)).epsilon(1e-14).margin(1e-14));
      if (minima[i].way_out) CHECK(minima[i].loss < *minima[i].way_out);
      if (i > 0)
        CHECK(std::lexicographical_compare(minima[i - 1].at.begin(), minima[i - 1].at.end(), at.begin(), at.end()));
      if (landscape.basins()) CHECK(basin_of(landscape, at) == int(i));
    }
    if (landscape.basins()) {
      std::size_t slabs = 1;
      for (const Cut& cut : landscape.basins()->cuts) slabs *= cut.positions.size() + 1;
      CHECK(landscape.basins()->minimum.size() == slabs);
    }
  });
}

TEST_CASE("the curvatures that a landscape knows without its Hessian are that matrix's eigenvalues", "[landscapes]") {
  for_all([](const Landscape& landscape) {
    std::vector<Point> points = {Point::Constant(landscape.dim(), 0.3)};
    for (const Minimum& minimum : landscape.minima()) points.push_back(minimum.at);
    for (int axis = 0; axis < std::min(landscape.dim(), 3); ++axis) {
      points.push_back(points.back());
      points.back()[axis] -= 0.45;
    }
    for (const Point& at : points) {
      const Eigen::MatrixXd hessian = landscape.hessian(at);
      const Point exact = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(hessian).eigenvalues();
      CHECK((landscape.curvatures(at) - exact).norm() <= 1e-13 * hessian.norm() * landscape.dim());
    }
  });
}

TEST_CASE("a landscape says that it is a sum over coordinates where it is one, and gives the terms", "[landscapes]") {
  for_all([](const Landscape& landscape) {
    const int d = landscape.dim();
    const Point at = landscape.minima().empty() ? Point(Point::Zero(d)) : landscape.minima().front().at;
    const double base = landscape.value(at);
    bool is_sum = true;
    for (int trial = 0; trial < 12; ++trial) {
      // Points of a Kronecker sequence in a cube around the reference point: as good as random.
      Point theta(d);
      for (int i = 0; i < d; ++i) theta[i] = at[i] + 4 * (std::fmod((trial + 1) * std::sqrt(2.0 + 3 * i), 1.0) - 0.5);
      double sum = base, size = std::abs(base), parts = 0;
      for (int i = 0; i < d; ++i) {
        Point on_axis = at;
        on_axis[i] = theta[i];
        const double rise = landscape.value(on_axis) - base;
        sum += rise;
        size += std::abs(rise) + std::abs(base);
        if (!landscape.separable()) continue;
        parts += landscape.part(i, theta[i]);
        CHECK(landscape.part(landscape.alike(i), theta[i]) == landscape.part(i, theta[i]));
      }
      const double value = landscape.value(theta);
      is_sum = is_sum && std::abs(value - sum) <= 1e-11 * size;
      if (landscape.separable()) CHECK(std::abs(value - parts) <= 1e-11 * size);
    }
    CHECK(landscape.separable() == is_sum);
  });
  const auto bowl =
      find("quadratic")
          .make({{"curvatures", std::vector<double>{1, 2, 1, 1}}, {"center", std::vector<double>{0, 0, 3, 0}}});
  for (const auto& [axis, first] : {std::pair{0, 0}, {1, 1}, {2, 2}, {3, 0}}) CHECK(bowl->alike(axis) == first);
}

TEST_CASE("the way out of a minimum is the lowest saddle beside it, not the lowest of all", "[landscapes]") {
  // Mueller & Brown's surface: minima -146.70, -80.768, -108.17, saddles -40.665 and -72.249.
  const auto surface = find("mueller-brown").make({});
  const double barriers[] = {146.6995 - 40.6648, 80.7678 - 72.2489, 108.1667 - 72.2489};
  // Styblinski-Tang: the coordinate on the shallow side, if any, leaves first. V = -39.166, 0.19561, -25.029 on the
  // axis.
  const auto product = find("styblinski-tang").make({{"dim", std::int64_t(3)}});
  for (int i : {0, 1, 2})
    CHECK(*surface->minima()[i].way_out - surface->minima()[i].loss == Approx(barriers[i]).margin(2e-4));
  for (int i = 0; i < 8; ++i)
    CHECK(*product->minima()[i].way_out - product->minima()[i].loss ==
          Approx(i == 0 ? 39.1661657 + 0.1956124 : 25.0294466 + 0.1956124).margin(1e-6));
}

TEST_CASE("in one dimension the saddle is the highest point between the minima and divides the basins",
          "[landscapes]") {
  for_all([](const Landscape& landscape) {
    if (landscape.dim() > 1 || landscape.minima().size() != 2) return;
    const double left = landscape.minima()[0].at[0], right = landscape.minima()[1].at[0];
    double top = left, highest = landscape.minima()[0].loss;
    const int count = 200000;
    for (int i = 0; i <= count; ++i) {
      const Point x = Point::Constant(1, left + (right - left) * i / count);
      const double loss = landscape.value(x);
      if (loss > highest) highest = loss, top = x[0];
    }
    // The grid misses the top by at most half a cell, 1e-5: the loss by 1e-10 of the curvature.
    CHECK(highest == Approx(*landscape.minima()[0].way_out).epsilon(1e-8).margin(1e-9));
    CHECK(std::abs(top - landscape.basins()->cuts[0].positions[0]) <= 2e-5 * (1 + right - left));
  });
}

TEST_CASE("in one dimension gradient descent ends in the minimum of the basin where it began", "[landscapes]") {
  for_all([](const Landscape& landscape) {
    if (landscape.dim() > 1 || !landscape.basins()) return;
    std::mt19937_64 engine(4);
    std::vector<double> theta(sde::block_lanes), gradient(theta.size());
    std::vector<std::int32_t> began(theta.size());
    for (double& x : theta) x = -3 + 6 * double(engine() >> 11) * 0x1p-53;
    landscape.block_double().basins()->of(theta.data(), began.data());
    // Step 0.002 is below 1 / L'' everywhere here, so that no step crosses an extremum; 10^5 steps are t = 200.
    for (int step = 0; step < 100000; ++step) {
      landscape.block_double().gradient(theta.data(), gradient.data());
      for (std::size_t lane = 0; lane < theta.size(); ++lane) theta[lane] -= 0.002 * gradient[lane];
    }
    for (std::size_t lane = 0; lane < theta.size(); ++lane)
      CHECK(std::abs(theta[lane] - landscape.minima()[began[lane]].at[0]) < 1e-6);
  });
}

TEST_CASE("a cut counts the points on it as beyond", "[landscapes]") {
  const auto landscape = find("asymmetric-double-well").make({{"saddle", 0.25}});
  CHECK(basin_of(*landscape, Point::Constant(1, 0.25)) == 1);
  CHECK(basin_of(*landscape, Point::Constant(1, std::nextafter(0.25, 0))) == 0);
}

TEST_CASE("the regions of Mueller-Brown lie between two parallel lines", "[landscapes]") {
  const auto landscape = find("mueller-brown").make({});
  const auto region = [&](double x, double y) { return basin_of(*landscape, Eigen::Vector2d(x, y)); };
  CHECK(region(0, 1.46) == 0);
  CHECK(region(0, 1.44) == 1);
  CHECK(region(0, 0.09) == 1);
  CHECK(region(0, 0.07) == 2);
}

TEST_CASE("beyond 64 minima nothing is said of basins", "[landscapes]") {
  const auto landscape = find("styblinski-tang").make({{"dim", std::int64_t(7)}});
  CHECK(landscape->minima().empty());
  CHECK_FALSE(landscape->basins());
  CHECK(basin_of(*landscape, Point::Zero(7)) == -1);
  CHECK(find("styblinski-tang").make({{"dim", std::int64_t(6)}})->minima().size() == 64);
}
