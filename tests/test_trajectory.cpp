#include <functional>
#include <random>

#include "landscapes/list.hpp"
#include "landscapes/model/adaptor.hpp"
#include "landscapes/model/construct.hpp"
#include "sde/schemes/list.hpp"
#include "sde/schemes/types.hpp"
#include "sde/trajectory.hpp"
#include "tests/catch.hpp"

namespace kramers {
namespace {

using sde::block_lanes;

/// One type for all landscapes, or the compiler would make each pair of a landscape and a scheme.
template <sde::Real R>
using Gradient = std::function<void(const R* x, R* g)>;

/// Steps of a block, and of each of its trajectories alone, taken in two parts at an odd step.
template <sde::Real R, template <class> class Scheme>
void check_same_bits(const sde::BlockLandscape<R>& block, const Gradient<R>& gradient, std::uint64_t first_trajectory) {
  using S = Scheme<R>;
  constexpr int capacity = 16, steps = 37, first_part = 13;
  const int d = block.dim(), numbers = d * block_lanes, normal_rows = d * S::facts.normals;
  REQUIRE(d <= capacity);
  const sde::SchemeParameters parameters{
      .time_step = 1e-4, .temperature = 0.3, .friction = 2, .learning_rate = 2e-4, .momentum = 0.7};
  const sde::Stream stream{.seed = 0x123456789abcdef0, .run = 7};
  std::mt19937_64 engine(5);
  std::vector<R> start(numbers * (1 + S::extra)), normals(steps * normal_rows * block_lanes);
  for (R& number : start) number = R(-1 + 2 * double(engine() >> 11) * 0x1p-53);

  const auto over_blocks = sde::make_scheme<R>(S::facts.name, parameters);
  std::vector<R> together = start, scratch(numbers * over_blocks->scratch_rows());
  R* const extra = together.data() + numbers;
  const std::uint64_t first_step = 1001;  // odd, so that calls straddle steps in odd dimensions
  sde::normals<R>(stream, first_trajectory, first_step * normal_rows, steps * normal_rows, normals.data());
  over_blocks->start(block, together.data(), extra, scratch.data());
  over_blocks->advance(block, steps, normals.data(), together.data(), extra, scratch.data());

  const S scheme(parameters);
  int different = 0;
  for (int lane = 0; lane < block_lanes; ++lane) {
    sde::TrajectoryState<capacity, S, R> state;
    for (int i = 0; i < d; ++i) {
      state.x[i] = start[i * block_lanes + lane];
      for (int k = 0; k < S::extra; ++k) state.extra[k][i] = start[(k + 1) * numbers + i * block_lanes + lane];
    }
    sde::start_trajectory(scheme, gradient, d, state);
    const std::uint64_t trajectory = first_trajectory + lane;
    sde::NormalRow<R> before(stream, trajectory, first_step * normal_rows);
    sde::advance_trajectory(scheme, gradient, d, first_part, before, state);
    sde::NormalRow<R> after(stream, trajectory, (first_step + first_part) * normal_rows);
    sde::advance_trajectory(scheme, gradient, d, steps - first_part, after, state);
    for (int i = 0; i < d; ++i) {
      different += sde::to_bits(state.x[i]) != sde::to_bits(together[i * block_lanes + lane]);
      for (int k = 0; k < S::extra; ++k)
        different += sde::to_bits(state.extra[k][i]) != sde::to_bits(extra[k * numbers + i * block_lanes + lane]);
    }
  }
  CHECK(different == 0);
}

template <sde::Real R, class L>
void check_every_scheme(const L& landscape, std::uint64_t first_trajectory) {
  const landscapes::BlockAdaptor<L, R> block(landscape, {});
  const auto formula = landscapes::formula_of<R>(landscape);
  const Gradient<R> gradient = [&](const R* x, R* g) { landscapes::gradient_into<R, L>(formula, x, g); };
  sde::Schemes::for_each([&]<template <class> class Scheme>() {
    INFO(Scheme<R>::facts.name << " from trajectory " << first_trajectory);
    check_same_bits<R, Scheme>(block, gradient, first_trajectory);
  });
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a trajectory alone has the bits that it has in a block", "[trajectory]", landscapes::List) {
  for (const landscapes::Parameters& example : landscapes::examples_of<TestType>()) {
    const auto made = landscapes::construct<TestType>(example);
    for (const std::uint64_t first : {std::uint64_t(0), (std::uint64_t(1) << 39) + block_lanes}) {
      check_every_scheme<double>(made.landscape, first);
      check_every_scheme<float>(made.landscape, first);
    }
  }
}

}  // namespace kramers
