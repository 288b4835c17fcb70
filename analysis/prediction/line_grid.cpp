#include "analysis/prediction/line_grid.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::analysis {

LineGrid::LineGrid(const LineDensity& density, double temperature, double low, double high, int cells)
    : width((high - low) / cells), x(cells + 1), mass(cells + 1), resistance(cells) {
  std::vector<double> rise(2 * cells + 1);  // of F, at nodes and faces
  for (int i = 0; i <= 2 * cells; ++i) rise[i] = density.minus_log(low + i * width / 2);
  const double lowest = *std::min_element(rise.begin(), rise.end());
  for (double& f : rise) f -= lowest;

  double total = 0;
  for (int i = 0; i <= cells; ++i) {
    x[i] = low + i * width;
    total += mass[i] = std::exp(-rise[2 * i]) * (i == 0 || i == cells ? 0.5 : 1) * width;
  }
  for (double& m : mass) m /= total;
  for (int i = 0; i < cells; ++i)
    resistance[i] = total * width / (6 * temperature) *
                    (std::exp(rise[2 * i]) + 4 * std::exp(rise[2 * i + 1]) + std::exp(rise[2 * i + 2]));
}

double LineGrid::mean(const std::vector<double>& f) const {
  double mean = 0;
  for (std::size_t i = 0; i < f.size(); ++i) mean += mass[i] * f[i];
  return mean;
}

std::vector<double> LineGrid::flux(const std::vector<double>& f) const {
  const int cells = int(resistance.size());
  std::vector<double> flux(cells);
  double from_left = 0, from_right = 0, cumulated = 0;
  int middle = 0;
  while (middle < cells && (cumulated += mass[middle]) < 0.5) ++middle;
  for (int i = 0; i < middle; ++i) flux[i] = from_left += mass[i] * f[i];
  for (int i = cells - 1; i >= middle; --i) flux[i] = -(from_right += mass[i + 1] * f[i + 1]);
  return flux;
}

}  // namespace kramers::analysis
