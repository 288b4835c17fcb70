#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <ostream>

#include "sde/random/noise.hpp"
#include "sde/random/philox.hpp"

namespace kramers::sde {

/// The 32-bit words of one trajectory's row, in order: a uniform random bit generator of <random> and a pseudo-random
/// engine of Boost.Random, for distributions away from the hot loop. It shares words with `normals` of the same stream,
/// so give it a purpose of its own. Copies are cheap and go on alone; jumping ahead costs nothing.
class RandomEngine {
 public:
  using result_type = std::uint32_t;
  static constexpr bool has_fixed_range = false;  // as Boost.Random names it
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffffu; }

  RandomEngine() : RandomEngine(Stream{.seed = 0}, 0) {}
  /// trajectory < 2^40
  RandomEngine(const Stream& stream, std::uint64_t trajectory) : stream_(stream), trajectory_(trajectory) {}
  explicit RandomEngine(std::uint64_t seed_value) : RandomEngine(Stream{.seed = seed_value}, 0) {}
  /// Back to the first word, of another seed.
  void seed(std::uint64_t seed_value = 0) {
    stream_.seed = seed_value;
    position_ = 0;
  }

  result_type operator()() {
    if (position_ % 4 == 0 || !ready_) {
      words_ = philox(counter_of(stream_, trajectory_, position_ / 4), PhiloxKey::of_seed(stream_.seed));
      ready_ = true;
    }
    return words_[position_++ % 4];
  }
  void discard(std::uint64_t count) {
    position_ += count;
    ready_ = false;
  }

  friend bool operator==(const RandomEngine& a, const RandomEngine& b) {
    return a.stream_.seed == b.stream_.seed && a.stream_.run == b.stream_.run &&
           a.stream_.purpose == b.stream_.purpose && a.trajectory_ == b.trajectory_ && a.position_ == b.position_;
  }
  template <class Char, class Traits>
  friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, const RandomEngine& e) {
    return out << e.stream_.seed << ' ' << e.stream_.run << ' ' << unsigned(e.stream_.purpose) << ' ' << e.trajectory_
               << ' ' << e.position_;
  }
  template <class Char, class Traits>
  friend std::basic_istream<Char, Traits>& operator>>(std::basic_istream<Char, Traits>& in, RandomEngine& e) {
    Stream stream{.seed = 0};
    unsigned purpose = 0;
    std::uint64_t trajectory = 0, position = 0;
    if (in >> stream.seed >> stream.run >> purpose >> trajectory >> position) {
      stream.purpose = Purpose(purpose);
      e = RandomEngine(stream, trajectory);
      e.position_ = position;
    }
    return in;
  }

 private:
  Stream stream_;
  std::uint64_t trajectory_;
  std::uint64_t position_ = 0;  ///< of the next word
  std::array<std::uint32_t, 4> words_{};
  bool ready_ = false;
};

}  // namespace kramers::sde
