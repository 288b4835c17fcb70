#include "analysis/recorded/quantiles.hpp"

#include <cmath>

#include "analysis/verdict/jackknife.hpp"

namespace kramers::analysis {

double quantile(const sde::DensityGrid& grid, const std::vector<double>& cells, double level) {
  const int bins = grid.bins[0];
  double all = 0;
  for (double share : cells) all += share;
  double below = cells[bins];
  if (!(level * all >= below)) return std::nan("");
  for (int b = 0; b < bins; ++b) {
    if (cells[b] > 0 && below + cells[b] >= level * all) {
      const double share = (level * all - below) / cells[b];
      return grid.edge(0, b) + share * (grid.edge(0, b + 1) - grid.edge(0, b));
    }
    below += cells[b];
  }
  return std::nan("");
}

Table quantile_table(const std::vector<sde::DensityGrid>& grids, const std::vector<sde::Counts>& densities,
                     const std::vector<double>& levels) {
  std::vector<double> lines;
  const std::vector<std::string> over = {"density", "level"};
  std::vector<TableField> fields = {{"quantile", "theta below which the share lies", over, {}},
                                    {"quantile_error", "standard error of the quantile", over, {}}};
  for (std::size_t k = 0; k < grids.size(); ++k) {
    if (grids[k].axes.size() != 1) continue;
    lines.push_back(double(k));
    const sde::Counts& counts = densities[k];
    Eigen::MatrixXd cells = Eigen::MatrixXd::Zero(counts.replicates, counts.cells);
    for (int group = 0; group < counts.groups; ++group)
      for (int g = 0; g < counts.replicates; ++g)
        for (int cell = 0; cell < counts.cells; ++cell) cells(g, cell) += double(counts(group, g, cell));
    for (double level : levels) {
      const Estimate found = jackknife(cells, cells.rowwise().sum(), [&](const Eigen::VectorXd& shares) {
        return quantile(grids[k], {shares.begin(), shares.end()}, level);
      });
      fields[0].values.push_back(found.value);
      fields[1].values.push_back(found.error);
    }
  }
  return {"quantiles",
          "quantiles of the one-dimensional densities",
          {{"density", "K of /density_K", lines}, {"level", "share of the samples below the quantile", levels}},
          fields};
}

}  // namespace kramers::analysis
