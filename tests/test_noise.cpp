#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "sde/numbers/pack.hpp"
#include "sde/random/noise.hpp"
#include "tests/big_number.hpp"
#include "tests/catch.hpp"
#include "tests/noise_reference.hpp"

#if __has_include(<Random123/philox.h>)
#include <Random123/philox.h>
#define KRAMERS_RANDOM123
#endif

using namespace kramers;
using namespace kramers::sde;

namespace {

using Counter = std::array<std::uint32_t, 4>;

/// The lines of a data file that are not comments.
std::vector<std::istringstream> answers(const std::string& name) {
  std::ifstream file(std::string(KRAMERS_SOURCE_DIR) + "/tests/data/" + name);
  REQUIRE(file.good());
  std::vector<std::istringstream> lines;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line[0] != '#') lines.emplace_back(line);
  return lines;
}

/// The packs' Philox, one counter in every lane, its upper halves dirty.
Counter philox_by_packs(const Counter& counter, PhiloxKey key) {
  using Words = Pack<std::uint64_t>;
  PhiloxWords<Words> c;
  for (int i = 0; i < 4; ++i) c.w[i] = Words(0x123456789abcdef0u << 32 | counter[i]);
  c = philox(c, key);
  Counter answer;
  for (int i = 0; i < 4; ++i) {
    answer[i] = std::uint32_t(c.w[i][0]);
    for (int lane = 1; lane < Words::lanes; ++lane) REQUIRE(std::uint32_t(c.w[i][lane]) == answer[i]);
  }
  return answer;
}

}  // namespace

TEST_CASE("Philox gives the answers that Random123 publishes", "[noise]") {
  int count = 0;
  for (auto& line : answers("philox_answers.txt")) {
    Counter counter, answer;
    PhiloxKey key;
    line >> std::hex;
    for (auto& w : counter) line >> w;
    for (auto& w : key.w) line >> w;
    for (auto& w : answer) line >> w;
    REQUIRE_FALSE(line.fail());
    CHECK(philox(counter, key) == answer);
    CHECK(philox_by_packs(counter, key) == answer);
    ++count;
  }
  CHECK(count == 3);
}

#ifdef KRAMERS_RANDOM123
TEST_CASE("Philox equals Random123 on random counters", "[noise]") {
  std::mt19937 random(1);
  for (int i = 0; i < 10000; ++i) {
    Counter counter;
    PhiloxKey key;
    for (auto& w : counter) w = random();
    for (auto& w : key.w) w = random();
    const r123::Philox4x32::ctr_type c{{counter[0], counter[1], counter[2], counter[3]}};
    const r123::Philox4x32::key_type k{{key.w[0], key.w[1]}};
    const auto expected = r123::Philox4x32()(c, k);
    const Counter answer{expected[0], expected[1], expected[2], expected[3]};
    REQUIRE(philox(counter, key) == answer);
    REQUIRE(philox_by_packs(counter, key) == answer);
  }
}
#endif

TEST_CASE("the normals of frozen counters never change", "[noise]") {
  CHECK(counter_layout_version == 1);
  int count = 0;
  for (auto& line : answers("noise_answers.txt")) {
    std::uint64_t seed, trajectory, number;
    unsigned run, purpose;
    std::string in_double, in_single;
    line >> seed >> run >> purpose >> trajectory >> number >> in_double >> in_single;
    REQUIRE_FALSE(line.fail());
    const Stream stream{seed, std::uint16_t(run), Purpose(purpose)};
    const auto lane = trajectory % block_lanes;
    double row[block_lanes];
    float row_single[block_lanes];
    normals(stream, trajectory - lane, number, 1, row);
    normals(stream, trajectory - lane, number, 1, row_single);
    CHECK(row[lane] == std::strtod(in_double.c_str(), nullptr));
    CHECK(row_single[lane] == std::strtof(in_single.c_str(), nullptr));
    ++count;
  }
  CHECK(count >= 30);
}

TEMPLATE_TEST_CASE("a block of normals is the rule, lane by lane, wherever it begins and ends", "[noise]", float,
                   double) {
  const Stream stream{0x0123456789abcdef, 777, Purpose::metropolis};
  const std::uint64_t call_wraps = (std::uint64_t(1) << 32) * (sizeof(TestType) == 8 ? 2 : 4);  // into word 1
  for (std::uint64_t first_trajectory : {std::uint64_t(0), (std::uint64_t(1) << 40) - block_lanes})
    for (std::uint64_t first_number : {std::uint64_t(0), std::uint64_t(1), std::uint64_t(6), call_wraps - 5})
      for (int count : {0, 1, 2, 3, 4, 5, 7, 32}) {
        std::vector<TestType> out((count + 1) * block_lanes, TestType(99));
        normals(stream, first_trajectory, first_number, count, out.data());
        int different = 0, touched = 0;
        for (int i = 0; i < count; ++i)
          for (int lane = 0; lane < block_lanes; ++lane)
            different += to_bits(out[i * block_lanes + lane]) !=
                         to_bits(normal_by_rule<TestType>(stream, first_trajectory + lane, first_number + i));
        for (int lane = 0; lane < block_lanes; ++lane) touched += out[count * block_lanes + lane] != TestType(99);
        CHECK(different == 0);
        CHECK(touched == 0);
      }
}

TEMPLATE_TEST_CASE("packs turn words into the normals that numbers do, all-zero and all-one words into finite ones",
                   "[noise]", float, double) {
  using Bits = unsigned_of<TestType>;
  using P = Pack<TestType>;
  std::mt19937_64 random(2);
  std::vector<Bits> words = {0, Bits(~Bits(0)), Bits(1), Bits(~Bits(0) - 1), Bits(1) << (sizeof(Bits) * 8 - 1)};
  for (int i = 0; i < 100; ++i) words.push_back(Bits(random()));
  for (int i = 0; i < 100; ++i) words.push_back(Bits(random() >> (random() % 64)));
  int different = 0, infinite = 0;
  for (const Bits a : words)
    for (const Bits b : words) {
      const auto z = box_muller<TestType>(a, b);
      const auto p = box_muller<P>(Pack<Bits>(a), Pack<Bits>(b));
      infinite += !std::isfinite(z.cosine) + !std::isfinite(z.sine);
      for (int lane = 0; lane < P::lanes; ++lane)
        different += to_bits(p.cosine[lane]) != to_bits(z.cosine) || to_bits(p.sine[lane]) != to_bits(z.sine);
    }
  CHECK(different == 0);
  CHECK(infinite == 0);
  const double largest =
      box_muller<TestType>(sizeof(Bits) == 8 ? Bits(~Bits(0)) : Bits(0), Bits(1) << (sizeof(Bits) * 8 - 1)).cosine;
  CHECK(std::abs(largest) < 10);
}

TEMPLATE_TEST_CASE("the normals are Box and Muller's to a few ulp", "[noise]", float, double) {
  constexpr bool wide = sizeof(TestType) == 8;
  using Bits = unsigned_of<TestType>;
  std::mt19937_64 random(3);
  double worst_radius = 0, worst_cosine = 0, worst_sine = 0, largest = 0;
  for (int i = 0; i < 20000; ++i) {
    const Bits a = i == 0 ? (wide ? Bits(~Bits(0)) : 0) : Bits(random() >> (random() % (wide ? 50 : 31)));
    const Bits b = i < 2 ? Bits(1) << (sizeof(Bits) * 8 - 1) : Bits(random());
    const TestType u = uniform_above_zero<TestType>(a), v = uniform_centred<TestType>(b);
    if (wide) {
      CHECK(Big(u) == 1 - ldexp(Big(std::uint64_t(a) >> 11), -53));
      CHECK(Big(v) == ldexp(Big(std::uint64_t(b) >> 12), -52) - Big(0.5));
    } else {
      CHECK(error_in_ulp(u, ldexp(Big(std::uint64_t(a) + 1), -32)) <= 1);
      CHECK(error_in_ulp(v, ldexp(Big(std::int32_t(b)), -32)) <= 0.5);
    }
    const Big squared = -2 * log(Big(u)), radius = sqrt(squared);
    const Big sign = b & 1 ? -1 : 1, angle = boost::math::constants::pi<Big>() * Big(v);
    const auto z = box_muller<TestType>(a, b);
    worst_radius = std::max(worst_radius, error_in_ulp(minus_two_log(u), squared));
    worst_cosine = std::max(worst_cosine, error_in_ulp(z.cosine, Big(sign * radius * cos(angle))));
    worst_sine = std::max(worst_sine, error_in_ulp(z.sine, Big(sign * radius * sin(angle))));
    largest = std::max({largest, std::abs(double(z.cosine)), std::abs(double(z.sine))});
  }
  CAPTURE(sizeof(TestType), worst_radius, worst_cosine, worst_sine, largest);
  CHECK(worst_radius < 5);
  CHECK(worst_cosine < 5);
  CHECK(worst_sine < 5);
  CHECK(largest == Approx(wide ? 8.5717 : 6.6604).epsilon(1e-4));
}
