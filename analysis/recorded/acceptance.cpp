#include "analysis/recorded/acceptance.hpp"

#include <fmt/format.h>

#include <memory>

#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "sde/observers/acceptance.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

Table acceptance_table(const sde::Tally& tally) {
  const Eigen::MatrixXd sums = tally_columns(tally, 0, 2);
  const Estimate mean = jackknife_mean(sums.col(1), sums.col(0));
  return {tally.shape.name,
          tally.shape.meaning,
          {},
          TableFields({})
              .add("acceptance", "probability with which a proposal is accepted", std::vector{mean}, "the acceptance")
              .take()};
}

Recorded recorded_acceptance() {
  return {
      .name = "acceptance",
      .has_key = false,
      .read = [](Section&, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        const sde::SchemeFacts* scheme = sde::find_scheme(draft.experiment.dynamics.scheme);
        return scheme && scheme->metropolis ? std::make_shared<sde::AcceptanceRequest>() : nullptr;
      },
      .table = [](const Experiment&, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("acceptance");
        return tally ? std::optional(acceptance_table(*tally)) : std::nullopt;
      },
      .lines =
          [](const Table& table, const std::string& label) {
            std::string lines = fmt::format("  {}: acceptance {}\n", label, uncertain(table, "acceptance", 0));
            if (table.field("acceptance")->values[0] < low_acceptance)
              lines += fmt::format(
                  "    warning: fewer than {:g} of the proposals are accepted: the time step is too large\n",
                  low_acceptance);
            return lines;
          },
  };
}

}  // namespace kramers::analysis
