#include "analysis/recorded/area_rate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "analysis/experiment/rates.hpp"
#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "sde/observers/area_rate.hpp"

namespace kramers::analysis {

using sde::AreaRateRequest;

Table area_rate_table(const sde::Tally& tally, double time_between_samples) {
  std::vector<Estimate> rates, bounds;
  for (std::size_t p = 0; p < tally.shape.size(); p += 2) {
    const Eigen::MatrixXd sums = tally_columns(tally, p, 2);
    const Estimate rate = jackknife_mean(sums.col(1), sums.col(0));
    rates.push_back({rate.value / time_between_samples, rate.error / time_between_samples});
    const double z = rate.value / rate.error, time = sums.col(0).sum() * time_between_samples;
    const double of_z = 4 * std::max(0.0, z * z - 1) + 2, of_error = 2 * z * z * z * z / tally.replicates;
    bounds.push_back({2 * (z * z - 1) / time, 2 / time * std::sqrt(of_z + of_error)});
  }
  return {tally.shape.name,
          tally.shape.meaning,
          {tally.shape.axes[0]},
          TableFields({"pair"})
              .add("area_rate", "area that a trajectory sweeps in a plane per time", rates, "the area rate")
              .add("entropy_production", "lower bound of the entropy production rate", bounds, "the lower bound")
              .take()};
}

Recorded recorded_area_rate() {
  return {
      .name = "area_rate",
      .rests_on_variance = true,
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        const Node* node = record.find("area_rate");
        if (!node || !draft.landscape) return nullptr;
        const auto* list = node->as<Node::List>();
        const int dim = draft.landscape->dim();
        std::vector<std::array<int, 2>> pairs;
        const auto is_axis = [&](double a) { return a >= 0 && a < dim && a == std::floor(a); };
        for (std::size_t k = 0; list && k < list->size(); ++k)
          if (const auto pair = numbers_in((*list)[k]); pair && pair->size() == 2 && is_axis(pair->front()) &&
                                                        is_axis(pair->back()) && pair->front() != pair->back())
            pairs.push_back({int(pair->front()), int(pair->back())});
        constexpr std::size_t most_pairs = 100;
        if (!list || list->empty() || pairs.size() != list->size() || pairs.size() > most_pairs) {
          record.refuse("area_rate", dim < 2 ? "a landscape of two dimensions or more"
                                             : fmt::format("a list of 1 to {} pairs of different axes from 0 to {}, "
                                                           "such as [[0, 1]]",
                                                           most_pairs, dim - 1));
          return nullptr;
        }
        if (const auto& ensemble = draft.experiment.ensemble; ensemble.steps < 2 * ensemble.sample_every)
          record.refuse("area_rate", "two samples or more of a trajectory");
        return std::make_shared<AreaRateRequest>(std::move(pairs));
      },
      .text = [](const Experiment& experiment) -> std::string {
        const auto* request = sde::find<AreaRateRequest>(experiment.record.requests);
        return request ? fmt::format("{}", request->pairs) : "";
      },
      .table = [](const Experiment& experiment, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("area_rate");
        if (!tally) return std::nullopt;
        return area_rate_table(*tally, time_step(experiment) * double(experiment.ensemble.sample_every));
      },
      .lines = [](const Table& table,
                  const std::string& label) { return line_of_each(table, label, "area rate", "pair", "area_rate"); },
  };
}

}  // namespace kramers::analysis
