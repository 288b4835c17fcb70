#include "analysis/statistics/fractions.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace kramers::analysis {

namespace {

void check_shapes(const sde::Counts& density, const sde::Counts& expected) {
  if (density.groups != expected.groups || density.replicates != expected.replicates || expected.cells != 1 ||
      density.groups < 1 || density.cells < 1)
    throw std::invalid_argument(fmt::format(
        "counts of {} groups, {} replicates, {} cells do not fit the samples due in {} groups, {} replicates, {} cells "
        "(same groups and replicates, one cell)",
        density.groups, density.replicates, density.cells, expected.groups, expected.replicates, expected.cells));
}

}  // namespace

Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected,
                          const std::function<bool(int group)>& takes) {
  check_shapes(density, expected);
  const int cells = density.cells;
  Eigen::MatrixXd f(density.replicates, cells + 1);
  for (int g = 0; g < density.replicates; ++g) {
    std::uint64_t due = 0, counted = 0;
    for (int group = 0; group < density.groups; ++group)
      if (takes(group)) due += expected(group, g, 0);
    if (due == 0) throw std::invalid_argument(fmt::format("replicate {} has no samples due", g));
    for (int k = 0; k < cells; ++k) {
      std::uint64_t count = 0;
      for (int group = 0; group < density.groups; ++group)
        if (takes(group)) count += density(group, g, k);
      counted += count;
      f(g, k) = double(count) / double(due);
    }
    if (counted > due)
      throw std::invalid_argument(fmt::format("replicate {} has {} samples where {} are due", g, counted, due));
    f(g, cells) = double(due - counted) / double(due);
  }
  return f;
}

Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected) {
  return fractions(density, expected, [](int) { return true; });
}

std::uint64_t missing_samples(const sde::Counts& density, const sde::Counts& expected) {
  check_shapes(density, expected);
  std::uint64_t due = 0, counted = 0;
  for (std::uint64_t n : expected.at) due += n;
  for (std::uint64_t n : density.at) counted += n;
  return due > counted ? due - counted : 0;
}

}  // namespace kramers::analysis
