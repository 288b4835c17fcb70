#include "analysis/statistics/phases.hpp"

#include "analysis/statistics/tally_columns.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// <a^2> - <a>^2 of the columns a and its square's.
Estimate variance_of(const MatrixXd& sums, const VectorXd& samples, int a, int square) {
  MatrixXd columns(sums.rows(), 2);
  columns << sums.col(a), sums.col(square);
  return jackknife(columns, samples, [](const VectorXd& m) { return m[1] - m[0] * m[0]; });
}

Estimate occupancy(const sde::RunStatistics& s, const VectorXd& samples, int cell) {
  VectorXd counted = VectorXd::Zero(s.replicates);
  for (int group = 0; group < s.phase_basins.groups; ++group)
    for (int g = 0; g < s.replicates; ++g) counted[g] += double(s.phase_basins(group, g, cell));
  return share(counted, samples);
}

}  // namespace

std::vector<PhaseEstimates> phase_estimates(const sde::RunStatistics& s, const ExistingMoments& existing) {
  std::vector<PhaseEstimates> phases;
  const int dim = s.dim, loss = 1 + 2 * dim;
  const int count = s.phases.length(0), quantities = s.phases.length(1);
  const int cells = count > 0 ? s.phase_basins.cells / count : 0;
  for (int phase = 0; phase < count; ++phase) {
    const MatrixXd sums = tally_columns(s.phases, std::size_t(phase) * quantities, quantities);
    const VectorXd samples = sums.col(0);
    PhaseEstimates of{.samples = std::uint64_t(samples.sum()),
                      .loss_mean = jackknife_mean(sums.col(loss), samples),
                      .loss_variance = variance_of(sums, samples, loss, loss + 1)};
    for (int i = 0; i < dim; ++i) {
      of.mean.push_back(jackknife_mean(sums.col(1 + i), samples));
      of.variance.push_back(variance_of(sums, samples, 1 + i, 1 + dim + i));
    }
    forget_missing(of, existing);
    for (int minimum = 0; minimum + 1 < cells; ++minimum)
      of.basins.push_back(occupancy(s, samples, phase * cells + minimum));
    phases.push_back(std::move(of));
  }
  return phases;
}

}  // namespace kramers::analysis
