#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "sde/numbers/aligned.hpp"
#include "sde/random/noise.hpp"
#include "tests/catch.hpp"

using namespace kramers::sde;

namespace {

constexpr int rows = 32;
constexpr int per_block = rows * block_lanes;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// What the laws need of many normals: sums of powers, counts in cells of 1/1024, counts beyond 4 and 5.
struct Tally {
  static constexpr int cells = 20 * 1024;  // |z| < 10
  double n = 0;
  std::array<double, 4> power_sums{};
  std::vector<double> counts = std::vector<double>(cells, 0.0);
  double beyond_4 = 0, beyond_5 = 0;
};

template <Real R>
Tally tally(const Stream& stream, std::uint64_t blocks) {
  Tally t;
  AlignedVector<R> z(per_block);
  for (std::uint64_t b = 0; b < blocks; ++b) {
    // a thousand blocks of trajectories, then on along their rows
    normals(stream, b % 1000 * block_lanes, b / 1000 * rows, rows, z.data());
    std::array<double, 4> sums{};
    for (const R x : z) {
      const double y = x, y2 = y * y;
      sums[0] += y, sums[1] += y2, sums[2] += y * y2, sums[3] += y2 * y2;
      t.beyond_4 += y2 > 16;
      t.beyond_5 += y2 > 25;
      t.counts[std::size_t((y + 10) * 1024)] += 1;
    }
    for (int k = 0; k < 4; ++k) t.power_sums[k] += sums[k];
    t.n += per_block;
  }
  return t;
}

void check_law(const Tally& t) {
  // moments 0, 1, 0, 3, whose summands have variances 1, 2, 15, 96; 5 standard errors
  const double moment[4] = {0, 1, 0, 3}, variance[4] = {1, 2, 15, 96};
  for (int k = 0; k < 4; ++k) {
    CAPTURE(k + 1);
    CHECK(std::abs(t.power_sums[k] / t.n - moment[k]) < 5 * std::sqrt(variance[k] / t.n));
  }
  // Kolmogorov-Smirnov at the edges of the cells; sqrt(n) D > 2.75 has probability 2 exp(-2 2.75^2) = 5e-7
  double below = 0, distance = 0;
  for (int c = 0; c < Tally::cells; ++c) {
    distance = std::max(distance, std::abs(below / t.n - normal_cdf(c / 1024.0 - 10)));
    below += t.counts[c];
  }
  CHECK(std::sqrt(t.n) * distance < 2.75);
  // tail counts are Poisson: 5 standard deviations
  const double expected_4 = t.n * 2 * normal_cdf(-4), expected_5 = t.n * 2 * normal_cdf(-5);
  CHECK(std::abs(t.beyond_4 - expected_4) < 5 * std::sqrt(expected_4));
  CHECK(std::abs(t.beyond_5 - expected_5) < 5 * std::sqrt(expected_5));
}

/// Neither the numbers nor their squares are correlated: sums over independent pairs of x y and (x^2 - 1)(y^2 - 1),
/// whose summands have variances 1 and 4; 5 standard errors.
template <Real R>
void check_uncorrelated(const std::function<void(std::uint64_t, R*, R*)>& fill) {
  const std::uint64_t blocks = 1000;
  const double n = double(blocks) * per_block;
  double linear = 0, square = 0;
  AlignedVector<R> x(per_block), y(per_block);
  for (std::uint64_t b = 0; b < blocks; ++b) {
    fill(b, x.data(), y.data());
    for (int i = 0; i < per_block; ++i) {
      const double a = x[i], c = y[i];
      linear += a * c;
      square += (a * a - 1) * (c * c - 1);
    }
  }
  CHECK(std::abs(linear) < 5 * std::sqrt(n));
  CHECK(std::abs(square) < 5 * 2 * std::sqrt(n));
}

}  // namespace

TEMPLATE_TEST_CASE("10^7 normals have the moments, the distribution and the tails of the normal law", "[noise]", float,
                   double) {
  check_law(tally<TestType>(Stream{.seed = 1}, 10'000'000 / per_block));
}

TEMPLATE_TEST_CASE("10^9 normals have the moments, the distribution and the tails of the normal law", "[noise][slow]",
                   float, double) {
  check_law(tally<TestType>(Stream{.seed = 2}, 1'000'000'000 / per_block));
}

TEMPLATE_TEST_CASE("neighbouring trajectories, numbers, seeds, purposes and runs are uncorrelated", "[noise]", float,
                   double) {
  using R = TestType;
  const Stream base{.seed = 3};
  const auto compare = [&](Stream other, std::uint64_t numbers_later) {
    check_uncorrelated<R>([&](std::uint64_t b, R* x, R* y) {
      normals(base, b * block_lanes, 0, rows, x);
      normals(other, b * block_lanes, numbers_later, rows, y);
    });
  };
  SECTION("seeds") { compare(Stream{.seed = 4}, 0); }
  SECTION("seeds, upper half") { compare(Stream{.seed = 3 + (std::uint64_t(1) << 32)}, 0); }
  SECTION("runs") { compare(Stream{.seed = 3, .run = 1}, 0); }
  SECTION("purposes") { compare(Stream{.seed = 3, .run = 0, .purpose = Purpose::initial_state}, 0); }
  for (int lag : {1, 2, 3, 4}) DYNAMIC_SECTION("numbers " << lag << " apart") {
      compare(base, lag);
    }
  for (int lag : {1, 2, 8}) DYNAMIC_SECTION("trajectories " << lag << " apart") {
      check_uncorrelated<R>([&](std::uint64_t b, R* x, R* y) {
        AlignedVector<R> next(per_block);
        normals(base, b * block_lanes, 0, rows, x);
        normals(base, (b + 1) * block_lanes, 0, rows, next.data());
        for (int i = 0; i < per_block; ++i) {
          const int lane = i % block_lanes + lag;
          y[i] = lane < block_lanes ? x[i + lag] : next[i + lag - block_lanes];
        }
      });
    }
}
