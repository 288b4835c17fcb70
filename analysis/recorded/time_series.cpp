#include "analysis/recorded/time_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "analysis/recorded/quantities.hpp"
#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "sde/observers/time_series.hpp"

namespace kramers::analysis {

using sde::TimeSeriesRequest;

Table time_series_table(const sde::Tally& tally) {
  std::vector<Estimate> means, variances;
  for (std::size_t at = 0; at < tally.shape.size(); at += 3) {
    const Eigen::MatrixXd powers = tally_columns(tally, at, 3);
    means.push_back(jackknife_mean(powers.col(1), powers.col(0)));
    variances.push_back(
        jackknife(powers.rightCols(2), powers.col(0), [](const Eigen::VectorXd& m) { return m[1] - m[0] * m[0]; }));
  }
  return {tally.shape.name,
          tally.shape.meaning,
          {tally.shape.axes[0], tally.shape.axes[1]},
          TableFields({"step", "quantity"})
              .add("mean", "mean over the trajectories and the samples in a bin", means, "the mean")
              .add("variance", "variance over the trajectories and the samples in a bin", variances, "the variance")
              .take()};
}

Recorded recorded_time_series() {
  return {
      .name = "time_series",
      .needs_one_length = true,
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        if (!record.find("time_series")) return nullptr;
        Section section = record.section("time_series");
        const auto& ensemble = draft.experiment.ensemble;
        auto quantities = read_quantities(section, draft.landscape.get());
        const double most = std::min(10'000.0, double(ensemble.steps / ensemble.sample_every));
        const int bins = int(section.count("bins", 1, most).value_or(std::min(100.0, most)));
        section.finish();
        return std::make_shared<TimeSeriesRequest>(std::move(quantities), bins);
      },
      .text = [](const Experiment& experiment) -> std::string {
        const auto* request = sde::find<TimeSeriesRequest>(experiment.record.requests);
        return request ? fmt::format("{{ {}, bins = {} }}", quantities_text(request->quantities), request->bins) : "";
      },
      .table = [](const Experiment&, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("time_series");
        return tally ? std::optional(time_series_table(*tally)) : std::nullopt;
      },
  };
}

}  // namespace kramers::analysis
