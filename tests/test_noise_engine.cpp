#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <random>
#include <sstream>

#include "sde/random/random_engine.hpp"
#include "tests/catch.hpp"

using namespace kramers::sde;

static_assert(std::uniform_random_bit_generator<RandomEngine>);

TEST_CASE("the engine reads its trajectory's words in order, and jumps", "[noise]") {
  const Stream stream{.seed = 11, .run = 3, .purpose = Purpose::bridge};
  const auto word = [&](std::uint64_t i) {
    return philox(counter_of(stream, 5, i / 4), PhiloxKey::of_seed(11))[i % 4];
  };
  RandomEngine engine(stream, 5);
  for (std::uint64_t i = 0; i < 40; ++i) {
    RandomEngine jumped(stream, 5);
    jumped.discard(i);
    CHECK(jumped == engine);
    CHECK(jumped() == word(i));
    CHECK(engine() == word(i));
    jumped.discard(i);  // from within a call
    CHECK(jumped() == word(2 * i + 1));
  }
  CHECK_FALSE(engine == RandomEngine(stream, 6));
}

TEST_CASE("an engine written and read goes on where it was", "[noise]") {
  RandomEngine engine(Stream{.seed = 11, .run = 3, .purpose = Purpose::bridge}, 5), copy;
  engine.discard(7);
  std::stringstream text;
  text << engine;
  text >> copy;
  CHECK(copy == engine);
  CHECK(copy() == engine());
}

TEST_CASE("distributions of Boost and of the standard library take the engine", "[noise]") {
  RandomEngine engine(Stream{.seed = 5, .run = 0, .purpose = Purpose::minibatch}, 0);
  const int n = 100000;
  double sum = 0, squares = 0, dice = 0, uniform = 0;
  boost::random::normal_distribution<double> normal;
  boost::random::uniform_int_distribution<int> die(1, 6);
  std::uniform_real_distribution<double> unit;
  for (int i = 0; i < n; ++i) {
    const double z = normal(engine);
    sum += z;
    squares += z * z;
    dice += die(engine);
    uniform += unit(engine);
  }
  // 5 standard errors each: of z, z^2, a die (variance 35/12) and a uniform number (1/12)
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(dice / n - 3.5) < 5 * std::sqrt(35.0 / 12 / n));
  CHECK(std::abs(uniform / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
}
