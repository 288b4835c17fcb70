#include <cstring>
#include <random>

#include "landscapes/catalogue.hpp"
#include "landscapes/list.hpp"
#include "landscapes/model/adaptor.hpp"
#include "landscapes/model/construct.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using namespace kramers::landscapes;

namespace {

template <class R>
bool same_bits(R a, R b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

template <class L, class R>
void check_blocks(const Parameters& parameters, const sde::BlockLandscape<R>& (Landscape::*block_of)() const) {
  const auto made = construct<L>(parameters);
  const Adaptor<L> adaptor(made.landscape, made.storage);
  const auto& block = (adaptor.*block_of)();
  const auto formula = formula_of<R>(made.landscape);
  const BasinTable<R> basins = adaptor.basins() ? BasinTable<R>(*adaptor.basins()) : BasinTable<R>();
  const int d = adaptor.dim(), lanes = sde::block_lanes;
  REQUIRE(block.dim() == d);
  REQUIRE((block.basins() != nullptr) == adaptor.basins().has_value());

  std::mt19937_64 engine(2);
  std::vector<R> theta(d * lanes), gradient(d * lanes), loss(lanes), x(d), g(d);
  std::vector<std::int32_t> minimum(lanes, -1);
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (R& number : theta) number = R(-4 + 8 * double(engine() >> 11) * 0x1p-53);
    block.gradient(theta.data(), gradient.data());
    block.value(theta.data(), loss.data());
    if (block.basins()) block.basins()->of(theta.data(), minimum.data());
    for (int lane = 0; lane < lanes; ++lane) {
      for (int i = 0; i < d; ++i) x[i] = theta[i * lanes + lane];
      gradient_into<R, L>(formula, x.data(), g.data());
      for (int i = 0; i < d; ++i) REQUIRE(same_bits(gradient[i * lanes + lane], g[i]));
      REQUIRE(same_bits(loss[lane], value_from<R, L>(formula, x.data())));
      REQUIRE(minimum[lane] == basins(x.data()));
    }
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a block is its lanes one by one, bit for bit", "[landscapes]", List) {
  for (const Parameters& parameters : examples_of<TestType>()) {
    check_blocks<TestType, double>(parameters, &Landscape::block_double);
    check_blocks<TestType, float>(parameters, &Landscape::block_single);
  }
}

TEMPLATE_LIST_TEST_CASE("single precision is the same landscape, to single precision", "[landscapes]", List) {
  // A few dozen operations with relative error 6e-8 each, on terms that cancel by at most a factor of ten.
  for (const Parameters& parameters : examples_of<TestType>()) {
    const auto made = construct<TestType>(parameters);
    const Adaptor<TestType> adaptor(made.landscape, made.storage);
    const int d = adaptor.dim(), lanes = sde::block_lanes;
    std::mt19937_64 engine(3);
    std::vector<float> theta(d * lanes), gradient(d * lanes), loss(lanes);
    for (float& number : theta) number = float(-2 + 4 * double(engine() >> 11) * 0x1p-53);
    adaptor.block_single().gradient(theta.data(), gradient.data());
    adaptor.block_single().value(theta.data(), loss.data());
    for (int lane = 0; lane < lanes; ++lane) {
      Point x(d), g(d);
      for (int i = 0; i < d; ++i) x[i] = theta[i * lanes + lane], g[i] = gradient[i * lanes + lane];
      const double value = adaptor.value(x);
      const Point exact = adaptor.gradient(x);
      const double scale = 1 + std::abs(value) + exact.norm();
      CHECK((g - exact).norm() <= 2e-5 * scale);
      CHECK(std::abs(loss[lane] - value) <= 2e-5 * scale);
    }
  }
}

TEST_CASE("a point that is not a number has a gradient that is not a number", "[landscapes]") {
  for (const Entry& entry : catalogue()) {
    const auto landscape = entry.make({});
    const int d = landscape->dim();
    std::vector<double> theta(d * sde::block_lanes, 0.5), gradient(theta.size());
    for (int i = 0; i < d; ++i) theta[i * sde::block_lanes + 5] = std::nan("");
    landscape->block_double().gradient(theta.data(), gradient.data());
    INFO(entry.name);
    for (int lane : {4, 5, 6}) CHECK(std::isnan(gradient[lane]) == (lane == 5));
  }
}
