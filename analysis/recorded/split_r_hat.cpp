#include "analysis/recorded/split_r_hat.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "analysis/recorded/quantities.hpp"
#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "sde/observers/split_r_hat.hpp"

namespace kramers::analysis {

using sde::SplitRHatRequest;

Table split_r_hat_table(const sde::Tally& tally, std::uint64_t samples) {
  const double n = double(samples / 2);
  std::vector<Estimate> all;
  for (std::size_t q = 0; q < tally.shape.size(); q += 4) {
    const Eigen::MatrixXd sums = tally_columns(tally, q, 4);
    const double halves = sums.col(0).sum();
    all.push_back(jackknife(sums.rightCols(3), sums.col(0), [&](const Eigen::VectorXd& means) {
      const double between = (means[1] - means[0] * means[0]) * halves / (halves - 1), within = means[2];
      return std::sqrt((n - 1) / n + between / within);
    }));
  }
  return {tally.shape.name,
          tally.shape.meaning,
          {tally.shape.axes[0]},
          TableFields({"quantity"}).add("r_hat", "split R-hat", all, "split R-hat").take()};
}

Recorded recorded_split_r_hat() {
  return {
      .name = "split_r_hat",
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        if (!record.find("split_r_hat")) return nullptr;
        Section section = record.section("split_r_hat");
        const auto& ensemble = draft.experiment.ensemble;
        auto quantities = read_quantities(section, draft.landscape.get());
        if (const std::uint64_t samples = ensemble.steps / ensemble.sample_every; samples < 4)
          section.missing(fmt::format(
              "key 'record.split_r_hat' needs halves of at least 2 samples; here a trajectory has {}", samples));
        section.finish();
        return std::make_shared<SplitRHatRequest>(std::move(quantities));
      },
      .text = [](const Experiment& experiment) -> std::string {
        const auto* request = sde::find<SplitRHatRequest>(experiment.record.requests);
        return request ? fmt::format("{{ {} }}", quantities_text(request->quantities)) : "";
      },
      .table = [](const Experiment&, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("split_r_hat");
        return tally ? std::optional(split_r_hat_table(*tally, statistics.samples)) : std::nullopt;
      },
      .lines = [](const Table& table,
                  const std::string& label) { return line_of_each(table, label, "split R-hat", "quantity", "r_hat"); },
  };
}

}  // namespace kramers::analysis
