#include "sde/observers/mean_size.hpp"

#include <fmt/format.h>

#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"

namespace kramers::analysis {

Recorded recorded_mean_size() {
  return {
      .name = "mean_size",
      .rests_on_variance = true,
      .read = [](Section& record, const Draft&) -> std::shared_ptr<const sde::Request> {
        return record.truth("mean_size").value_or(false) ? std::make_shared<sde::MeanSizeRequest>() : nullptr;
      },
      .text = [](const Experiment& experiment) -> std::string {
        return sde::find<sde::MeanSizeRequest>(experiment.record.requests) ? "true" : "";
      },
      .table = [](const Experiment&, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("mean_size");
        if (!tally) return std::nullopt;
        const Eigen::MatrixXd sums = tally_columns(*tally, 0, 2);
        const Estimate mean = jackknife_mean(sums.col(1), sums.col(0));
        return Table{tally->shape.name,
                     tally->shape.meaning,
                     {},
                     TableFields({}).add("size", "mean of |theta_0|", std::vector{mean}).take()};
      },
      .lines =
          [](const Table& table, const std::string& label) {
            return fmt::format("  {}: mean size {}\n", label, uncertain(table, "size", 0));
          },
  };
}

}  // namespace kramers::analysis
