#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kramers::sde {

/// Sums of products of a series with itself some samples before, at lags 0, 1, ..., 15, 16, 18, ..., 30, 32, 36, ...:
/// level l looks at every 2^l-th sample and, but for level 0, back by 8 to 15 of those. Memory and time a sample are as
/// good as independent of the longest lag. Samples are left out, not averaged, so that each correlation is that of the
/// series itself: an exact law stays exact. After Ramirez, Sukumaran, Vorselaars & Likhtman, J. Chem. Phys. 133 (2010)
/// 154103, who average.
class MultipleTau {
 public:
  static constexpr int width = 16;

  explicit MultipleTau(std::uint64_t longest_lag) {
    for (int level = 0; level == 0 || (width / 2ull << level) <= longest_lag; ++level)
      for (int j = level == 0 ? 0 : width / 2; j < width && (std::uint64_t(j) << level) <= longest_lag; ++j)
        places_.push_back({level, j});
    levels_ = places_.back().level + 1;
  }

  std::size_t lags() const { return places_.size(); }
  std::uint64_t lag(std::size_t i) const { return std::uint64_t(places_[i].j) << places_[i].level; }

  /// Of one series: for each level the last samples, the sums of products, and those of both factors.
  std::size_t memory() const { return std::size_t(levels_) * 3 * width; }

  /// The next sample x, after `before` others.
  void add(double* memory, std::uint64_t before, double x) const {
    for (int level = 0; level < levels_ && before % (std::uint64_t(1) << level) == 0; ++level, memory += 3 * width) {
      const std::uint64_t seen = before >> level;
      if (seen + 1 >= width)
        take_in(memory, width, x);
      else
        take_in(memory, int(seen) + 1, x);
    }
  }

  /// Products at the i-th lag that a series of so many samples has.
  std::uint64_t pairs(std::size_t i, std::uint64_t samples) const {
    const auto [level, j] = places_[i];
    const std::uint64_t seen = samples == 0 ? 0 : ((samples - 1) >> level) + 1;
    return seen > std::uint64_t(j) ? seen - j : 0;
  }
  double products(const double* memory, std::size_t i) const { return at(memory, i)[width]; }
  double factors(const double* memory, std::size_t i) const { return at(memory, i)[2 * width]; }

 private:
  struct Place {  // of a lag
    int level, j;
  };
  /// `known` samples of a level, x included. Compiled once for a number that is known, for vectors.
  [[gnu::always_inline]] static void take_in(double* memory, int known, double x) {
    double *past = memory, *products = memory + width, *factors = memory + 2 * width;
    double now[width];
    for (int j = 1; j < width; ++j) now[j] = past[j - 1];
    now[0] = x;
    for (int j = 0; j < known; ++j) products[j] += x * now[j];
    for (int j = 0; j < known; ++j) factors[j] += x + now[j];
    for (int j = 0; j < width; ++j) past[j] = now[j];
  }
  const double* at(const double* memory, std::size_t i) const {
    return memory + std::size_t(places_[i].level) * 3 * width + places_[i].j;
  }

  std::vector<Place> places_;
  int levels_;
};

}  // namespace kramers::sde
