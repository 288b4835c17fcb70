#include <random>

#include "landscapes/adaptor.hpp"
#include "landscapes/construct.hpp"
#include "landscapes/list.hpp"
#include "sde/schemes/types.hpp"
#include "sde/trajectory.hpp"
#include "tests/catch.hpp"

namespace kramers {
namespace {

using sde::block_lanes;

/// Steps of a block, and of each of its trajectories alone, taken in two parts at an odd step.
template <sde::Real R, class L, template <class> class Scheme>
void check_same_bits(const L& landscape, std::uint64_t first_trajectory) {
  constexpr int capacity = 16, extra = Scheme<R>::extra, steps = 37, first_part = 13;
  const landscapes::BlockAdaptor<L, R> block(landscape, {});
  const int d = block.dim(), numbers = d * block_lanes;
  REQUIRE(d <= capacity);
  const sde::SchemeParameters parameters{1e-4, 0.3};
  const sde::Stream stream{.seed = 0x123456789abcdef0, .run = 7};
  std::mt19937_64 engine(5);
  std::vector<R> start(numbers * (1 + extra)), scratch(numbers), normals(steps * numbers);
  for (R& number : start) number = R(-1 + 2 * double(engine() >> 11) * 0x1p-53);

  std::vector<R> together = start;
  const std::uint64_t first_step = 1001;  // odd, so that calls straddle steps in odd dimensions
  sde::normals<R>(stream, first_trajectory, first_step * d, steps * d, normals.data());
  sde::SchemeOverBlocks<R, Scheme>(parameters)
      .advance(block, steps, normals.data(), together.data(), together.data() + numbers, scratch.data());

  const Scheme<R> scheme(parameters);
  const auto formula = landscapes::formula_of<R>(landscape);
  const auto gradient = [&](const R* x, R* g) { landscapes::gradient_into<R, L>(formula, x, g); };
  int different = 0;
  for (int lane = 0; lane < block_lanes; ++lane) {
    R x[capacity], kept[capacity * (extra + 1)];
    for (int i = 0; i < d; ++i) {
      x[i] = start[i * block_lanes + lane];
      for (int k = 0; k < extra; ++k) kept[k * capacity + i] = start[(k + 1) * numbers + i * block_lanes + lane];
    }
    const std::uint64_t trajectory = first_trajectory + lane;
    sde::NormalRow<R> before(stream, trajectory, first_step * d);
    sde::advance_trajectory<capacity>(scheme, gradient, d, first_part, before, x, kept);
    sde::NormalRow<R> after(stream, trajectory, (first_step + first_part) * d);
    sde::advance_trajectory<capacity>(scheme, gradient, d, steps - first_part, after, x, kept);
    for (int i = 0; i < d; ++i) {
      different += sde::to_bits(x[i]) != sde::to_bits(together[i * block_lanes + lane]);
      for (int k = 0; k < extra; ++k)
        different +=
            sde::to_bits(kept[k * capacity + i]) != sde::to_bits(together[(k + 1) * numbers + i * block_lanes + lane]);
    }
  }
  CHECK(different == 0);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a trajectory alone has the bits that it has in a block", "[trajectory]", landscapes::List) {
  for (const landscapes::Parameters& example : landscapes::examples_of<TestType>()) {
    const auto made = landscapes::construct<TestType>(example);
    for (const std::uint64_t first : {std::uint64_t(0), (std::uint64_t(1) << 39) + block_lanes})
      sde::Schemes::for_each([&]<template <class> class Scheme>() {
        INFO(Scheme<double>::facts.name << " from trajectory " << first);
        check_same_bits<double, TestType, Scheme>(made.landscape, first);
        check_same_bits<float, TestType, Scheme>(made.landscape, first);
      });
  }
}

}  // namespace kramers
