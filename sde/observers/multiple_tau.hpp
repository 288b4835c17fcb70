#pragma once

#include <cstdint>
#include <vector>

namespace kramers::sde {

/// Sums of products of a series with itself some samples before, at lags 0, 1, ..., 16, 18, ..., 32, 36, ...: level l
/// looks at every 2^l-th sample and, but for level 0, back by 9 to 16 of those. Memory and time a sample are as good as
/// independent of the longest lag. Samples are left out, not averaged, so that each correlation is that of the series
/// itself: an exact law stays exact. After Ramirez, Sukumaran, Vorselaars & Likhtman, J. Chem. Phys. 133 (2010) 154103,
/// who average.
class MultipleTau {
 public:
  static constexpr int width = 16;

  explicit MultipleTau(std::uint64_t longest_lag) {
    for (int level = 0; level == 0 || (width / 2 + 1ull) << level <= longest_lag; ++level)
      for (int back = level == 0 ? 0 : width / 2 + 1; back <= width && std::uint64_t(back) << level <= longest_lag;
           ++back)
        places_.push_back({level, back});
    levels_ = places_.back().level + 1;
  }

  std::size_t lags() const { return places_.size(); }
  std::uint64_t lag(std::size_t i) const { return std::uint64_t(places_[i].back) << places_[i].level; }

  /// Of one series: sums of products and of both factors at lag 0; then, for each level, at lags 16 to 1, and the last
  /// samples, twice, so that they lie in order from any place on.
  std::size_t memory() const { return 2 + std::size_t(levels_) * of_level; }

  /// The next sample x, after `before` others.
  void add(double* memory, std::uint64_t before, double x) const {
    memory[0] += x * x;
    memory[1] += x + x;
    double* level = memory + 2;
    for (int l = 0; l < levels_ && before % (std::uint64_t(1) << l) == 0; ++l, level += of_level) {
      const std::uint64_t seen = before >> l;
      double* newest = level + 2 * width + seen % width;
      if (seen >= width)
        take_in(level, newest, 0, x);
      else
        take_in(level, newest, width - int(seen), x);
      newest[0] = newest[width] = x;
    }
  }

  /// Products at the i-th lag that a series of so many samples has.
  std::uint64_t pairs(std::size_t i, std::uint64_t samples) const {
    const auto [level, back] = places_[i];
    const std::uint64_t seen = samples == 0 ? 0 : ((samples - 1) >> level) + 1;
    return seen > std::uint64_t(back) ? seen - back : 0;
  }
  double products(const double* memory, std::size_t i) const { return *at(memory, i); }
  double factors(const double* memory, std::size_t i) const { return at(memory, i)[places_[i].back == 0 ? 1 : width]; }

 private:
  static constexpr int of_level = 4 * width;
  struct Place {  // of a lag
    int level, back;
  };

  /// The samples of a level before x, the oldest first; those before `first` are none. Compiled once for 0, for
  /// vectors.
  [[gnu::always_inline]] static void take_in(double* __restrict sums, const double* __restrict samples, int first,
                                             double x) {
    for (int k = first; k < width; ++k) sums[k] += x * samples[k];
    for (int k = first; k < width; ++k) sums[width + k] += x + samples[k];
  }
  const double* at(const double* memory, std::size_t i) const {
    const auto [level, back] = places_[i];
    return back == 0 ? memory : memory + 2 + level * of_level + (width - back);
  }

  std::vector<Place> places_;
  int levels_;
};

}  // namespace kramers::sde
