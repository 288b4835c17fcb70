#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "analysis/verdict/stationarity.hpp"
#include "sde/statistics.hpp"

namespace kramers::test {

/// A double well on 200 bins of [-3, 3] and the two outside cells: cells 0 to 99 and "below" are the left basin.
struct TwoBasins {
  static constexpr int bins = 200, cells = 202;
  static constexpr double tilt = -0.0092;   // weight of the left basin 0.454 at T = 0.1
  std::vector<double> p, slope, curvature;  // prediction, L' and L'' at the bin's centre

  explicit TwoBasins(double temperature) : p(cells), slope(cells), curvature(cells) {
    double sum = 0;
    for (int k = 0; k < bins; ++k) {
      const double x = centre(k), q = x * x - 1;  // L = q^2 / 2 + tilt x, a barrier of half a unit
      p[k] = std::exp(-(q * q / 2 + tilt * x) / temperature);
      slope[k] = 2 * x * q + tilt;
      curvature[k] = 6 * x * x - 2;
      sum += p[k];
    }
    for (double& mass : p) mass /= sum;
  }
  static double centre(int k) { return -3 + (k + 0.5) * 6 / bins; }
  static bool left(int k) { return k < bins / 2 || k == bins; }
  static double weight_of_left(const std::vector<double>& law) {
    double weight = 0;
    for (int k = 0; k < cells; ++k)
      if (left(k)) weight += law[k];
    return weight;
  }
};

/// What an ensemble of 64 replicates would count, half of it from each of two starts: per replicate, start and half of
/// the time the weight of the left basin errs by a Gaussian (slow exchange), the bins within a basin as `samples`
/// independent draws do.
struct SyntheticRun {
  static constexpr int replicates = sde::max_replicates, groups = 2 * sde::time_parts;
  static constexpr std::uint64_t length = 1 << 20;  // samples of a trajectory: a power of two, so two parts of time
  std::vector<double> law;                          // true law over the cells
  double weight_error;                              // of the left basin, of the whole run
  double samples;                                   // effective, of the whole run
  double early_shift = 0;  // left weight too large by this in the first half: what is left of the start

  sde::Counts expected() const {
    sde::Counts due(groups, replicates, 1);
    for (int group = 0; group < groups; ++group)
      for (int g = 0; g < replicates; ++g) due(group, g, 0) = group % sde::time_parts < 2 ? counted : 0;
    return due;
  }
  template <class Generator>
  sde::Counts draw(Generator& generator) const {
    const int cells = int(law.size());
    std::normal_distribution<double> normal;
    sde::Counts counts(groups, replicates, cells);
    const double left_weight = TwoBasins::weight_of_left(law);
    std::vector<double> f(cells);
    for (int group = 0; group < groups; ++group)
      for (int g = 0; g < replicates; ++g) {
        const int part = group % sde::time_parts;
        if (part == 2) continue;
        const double noise = weight_error * std::sqrt(4.0 * replicates) * normal(generator);
        const double left = std::clamp(left_weight + (part == 0 ? early_shift : 0) + noise, 0.0, 1.0);
        double sums[2] = {0, 0};
        for (int k = 0; k < cells; ++k) {
          const double drawn = law[k] + std::sqrt(law[k] * 4 * replicates / samples) * normal(generator);
          sums[TwoBasins::left(k)] += f[k] = std::max(0.0, drawn);
        }
        std::int64_t rest = counted;
        int largest = 0;
        for (int k = 0; k < cells; ++k) {
          const bool is_left = TwoBasins::left(k);
          if (sums[is_left] > 0) f[k] *= (is_left ? left : 1 - left) / sums[is_left];
          const auto n = std::int64_t(std::floor(f[k] * counted));
          counts(group, g, k) = std::uint64_t(n);
          rest -= n;
          if (f[k] > f[largest]) largest = k;
        }
        counts(group, g, largest) += std::uint64_t(std::max<std::int64_t>(rest, 0));
      }
    return counts;
  }

 private:
  static constexpr std::int64_t counted = 1'000'000'000;
};

/// As theory knows it: so many relaxation times forgotten and sampled, started so many standard deviations out.
inline analysis::Stationarity known_stationarity(double before, double sampled, double start_distance = 1) {
  analysis::Stationarity s;
  s.source = analysis::Stationarity::Source::theory;
  s.start_distance = start_distance;
  s.take_time(1, {.burn_in_time = before, .sampled_time = sampled}, SyntheticRun::length);
  return s;
}

}  // namespace kramers::test
