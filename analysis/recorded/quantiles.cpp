#include "analysis/recorded/quantiles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/uncertain.hpp"

namespace kramers::analysis {
namespace {

/// Bins per share at the lower edge of bin b of n, at least one of the two beside it not empty, where the cdf's inverse
/// is a monotone cubic in each bin. Fritsch & Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300.
double slope(const std::vector<double>& cells, int b, int n) {
  if (n == 1) return 1 / cells[0];
  if (b == 0 || b == n) {
    const double near = cells[b == 0 ? 0 : n - 1], next = cells[b == 0 ? 1 : n - 2];
    return std::clamp(((2 * near + next) / near - near / next) / (near + next), 0.0, 3 / near);
  }
  const double left = cells[b - 1], right = cells[b], of_left = left + 2 * right, of_right = 2 * left + right;
  return (of_left + of_right) / (of_left * left + of_right * right);
}

/// Of what every run records.
struct QuantilesRequest final : sde::Request {
  explicit QuantilesRequest(std::vector<double> levels) : levels(std::move(levels)) {}

  std::vector<double> levels;
};

}  // namespace

Quantile quantile(const sde::DensityGrid& grid, const std::vector<double>& cells, double level) {
  const int bins = grid.bins[0];
  double all = 0;
  for (double share : cells) all += share;
  double below = cells[bins];
  int b = 0;
  if (!(level * all >= below)) return {std::nan(""), std::nan("")};
  for (; b < bins && !(cells[b] > 0 && below + cells[b] >= level * all); ++b) below += cells[b];
  if (b == bins) return {std::nan(""), std::nan("")};

  const double mass = cells[b], t = (level * all - below) / mass;
  const double left = mass * slope(cells, b, bins), right = mass * slope(cells, b + 1, bins);
  const double cubic = t * ((1 - t) * ((1 - t) * left - t * right) + t * (3 - 2 * t));
  const double edge = grid.edge(0, b), width = grid.edge(0, b + 1) - edge;
  return {edge + cubic * width, edge + t * width};
}

Table quantile_table(const std::vector<sde::DensityGrid>& grids, const std::vector<sde::Counts>& densities,
                     const std::vector<double>& levels) {
  std::vector<double> lines;
  std::vector<Estimate> quantiles;
  for (std::size_t k = 0; k < grids.size(); ++k) {
    if (grids[k].axes.size() != 1) continue;
    lines.push_back(double(k));
    const sde::Counts& counts = densities[k];
    Eigen::MatrixXd cells = Eigen::MatrixXd::Zero(counts.replicates, counts.cells);
    for (int group = 0; group < counts.groups; ++group)
      for (int g = 0; g < counts.replicates; ++g)
        for (int cell = 0; cell < counts.cells; ++cell) cells(g, cell) += double(counts(group, g, cell));
    for (double level : levels) {
      const auto at = [&](const Eigen::VectorXd& shares) {
        return quantile(grids[k], {shares.begin(), shares.end()}, level);
      };
      const Estimate found =
          jackknife(cells, cells.rowwise().sum(), [&](const Eigen::VectorXd& shares) { return at(shares).cubic; });
      const Quantile of_all = at(cells.colwise().sum());
      quantiles.push_back({found.value, std::hypot(found.error, (of_all.cubic - of_all.linear) / 4)});
    }
  }
  return {"quantiles",
          "quantiles of the one-dimensional densities",
          {{"density", "K of /density_K", lines}, {"level", "share of the samples below the quantile", levels}},
          TableFields({"density", "level"})
              .add("quantile", "theta below which the share lies", quantiles, "the quantile, what bins hide included")
              .take()};
}

Recorded recorded_quantiles() {
  return {
      .name = "quantiles",
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        const auto levels = record.numbers("quantiles");
        if (!levels) return nullptr;
        const bool rising = std::is_sorted(levels->begin(), levels->end(), std::less_equal<>());
        if (levels->empty() || levels->size() > 100 || !rising || levels->front() <= 0 || levels->back() >= 1)
          record.refuse("quantiles", "a list of 1 to 100 rising numbers > 0 and < 1, such as [0.05, 0.5, 0.95]");
        const auto& densities = draft.experiment.record.density;
        if (std::none_of(densities.begin(), densities.end(), [](const auto& grid) { return grid.axes.size() == 1; }))
          record.refuse("quantiles", "beside a density along one axis");
        return std::make_shared<QuantilesRequest>(*levels);
      },
      .text = [](const Experiment& experiment) -> std::string {
        const auto* request = sde::find<QuantilesRequest>(experiment.record.requests);
        return request ? fmt::format("[{}]", fmt::join(request->levels, ", ")) : "";
      },
      .table = [](const Experiment& experiment, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const auto* request = sde::find<QuantilesRequest>(experiment.record.requests);
        if (!request) return std::nullopt;
        return quantile_table(experiment.record.density, statistics.densities, request->levels);
      },
      .lines =
          [](const Table& table, const std::string& label) {
            std::string lines;
            std::size_t i = 0;
            for (double density : table.axis("density")->at) {
              lines += fmt::format("  {}, density {}: quantiles", label, density);
              const char* comma = "";
              for (double level : table.axis("level")->at) {
                lines += fmt::format("{} {:g} % {}", comma, 100 * level, uncertain(table, "quantile", i++));
                comma = ",";
              }
              lines += "\n";
            }
            return lines;
          },
  };
}

}  // namespace kramers::analysis
