#include "analysis/verdict/fractions.hpp"

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

Eigen::MatrixXd fractions_of_groups(const sde::Counts& density, const sde::Counts& expected, int first, int last) {
  check_shapes(density, expected);
  const int cells = density.cells;
  Eigen::MatrixXd f(density.replicates, cells + 1);
  for (int g = 0; g < density.replicates; ++g) {
    std::uint64_t due = 0, counted = 0;
    for (int group = first; group < last; ++group) due += expected(group, g, 0);
    if (due == 0) throw std::invalid_argument(fmt::format("replicate {} has no samples due", g));
    for (int k = 0; k < cells; ++k) {
      std::uint64_t count = 0;
      for (int group = first; group < last; ++group) count += density(group, g, k);
      counted += count;
      f(g, k) = double(count) / double(due);
    }
    if (counted > due)
      throw std::invalid_argument(fmt::format("replicate {} has {} samples where {} are due", g, counted, due));
    f(g, cells) = double(due - counted) / double(due);
  }
  return f;
}

}  // namespace

Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected) {
  return fractions_of_groups(density, expected, 0, density.groups);
}

Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected, int group) {
  return fractions_of_groups(density, expected, group, group + 1);
}

std::uint64_t missing_samples(const sde::Counts& density, const sde::Counts& expected) {
  check_shapes(density, expected);
  std::uint64_t due = 0, counted = 0;
  for (std::uint64_t n : expected.at) due += n;
  for (std::uint64_t n : density.at) counted += n;
  return due > counted ? due - counted : 0;
}

}  // namespace kramers::analysis
