#include "analysis/verdict/time_window.hpp"

#include <cmath>

#include "analysis/statistics/fractions.hpp"

namespace kramers::analysis {

TimeBound time_bound(std::uint64_t samples) {
  TimeBound nearest{1, 0};
  for (int parts = 1; parts < sde::time_parts; ++parts) {
    const double share = double(sde::last_of_part(parts - 1, samples)) / double(samples);
    if (std::abs(share - 0.5) < std::abs(nearest.share - 0.5)) nearest = {parts, share};
  }
  return nearest;
}

Windowed windowed_fractions(const sde::Counts& density, const sde::Counts& expected, std::uint64_t samples) {
  const int early = time_bound(samples).early_parts;
  const auto between = [&](int first, int last) {
    return fractions(density, expected, [=](int group) {
      const int part = group % sde::time_parts;
      return part >= first && part < last;
    });
  };
  Windowed windowed{fractions(density, expected), {}, {}};
  windowed.early = early > 0 && samples > 1 ? between(0, early) : windowed.all;
  windowed.late = samples > 1 ? between(early, sde::time_parts) : windowed.all;
  return windowed;
}

Windowed windowed_mean(const sde::RunStatistics& s, WindowedMean of) {
  const int first_row = of == WindowedMean::loss ? s.rows().loss(0) : s.rows().temperature(0);
  const auto mean = [&](int first, int last) {
    Eigen::MatrixXd means(s.replicates, 1);
    for (int g = 0; g < s.replicates; ++g) {
      double sum = 0, count = 0;
      for (int group = 0; group < s.groups; ++group)
        for (int part = first; part < last; ++part) {
          sum += s.group_sum(group, g, first_row + part);
          count += double(s.counted(group * sde::time_parts + part, g, 0));
        }
      means(g, 0) = sum / count;
    }
    return means;
  };
  const int early = time_bound(s.samples).early_parts;
  return {mean(0, sde::time_parts), mean(0, early), mean(early, sde::time_parts)};
}

}  // namespace kramers::analysis
