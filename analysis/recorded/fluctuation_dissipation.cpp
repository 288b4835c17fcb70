#include "analysis/recorded/fluctuation_dissipation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "analysis/prediction/coordinate_temperatures.hpp"
#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "analysis/statistics/variation.hpp"
#include "sde/observers/fluctuation_dissipation.hpp"

namespace kramers::analysis {

using sde::FluctuationDissipationRequest;

Table fluctuation_dissipation_table(const sde::Tally& tally, const std::vector<double>& expected, double alpha) {
  const double limit = student_quantile(alpha / (2 * double(expected.size())), std::max(1, tally.replicates - 1));
  std::vector<Estimate> temperatures;
  std::vector<double> residuals, in_errors, flagged;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Eigen::MatrixXd sums = tally_columns(tally, 2 * i, 2);
    const Estimate found = jackknife_mean(sums.col(1), sums.col(0));
    const double residual = found.value - expected[i], z = residual / found.error;
    temperatures.push_back(found);
    residuals.push_back(residual);
    in_errors.push_back(z);
    flagged.push_back(std::abs(z) > limit ? 1.0 : 0.0);
  }
  std::vector<TableField> fields =
      TableFields({"coordinate"})
          .add("coordinate_temperature", "temperature of the coordinate", temperatures)
          .add("expected", "temperature that the noise gives the coordinate", expected)
          .add("residual", "temperature less the expected one", residuals)
          .add("z", "residual in standard errors", in_errors)
          .add("flagged", "1 where the residual is beyond chance, among all coordinates", flagged)
          .take();
  fields.push_back({"limit", "of z in either direction, beyond which a coordinate is flagged", {}, {limit}});
  return {tally.shape.name, tally.shape.meaning, {tally.shape.axes[0]}, std::move(fields)};
}

Recorded recorded_fluctuation_dissipation() {
  return {
      .name = "fluctuation_dissipation",
      .rests_on_variance = true,
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        if (!record.truth("fluctuation_dissipation").value_or(false) || !draft.landscape) return nullptr;
        const auto& dynamics = draft.experiment.dynamics;
        if (dynamics.learning_rate_schedule || dynamics.batch_size_schedule || dynamics.temperature_schedule)
          record.refuse("fluctuation_dissipation", "false under a schedule: the relation is one of a stationary law");
        return std::make_shared<FluctuationDissipationRequest>(draft.landscape->dim());
      },
      .text = [](const Experiment& experiment) -> std::string {
        return sde::find<FluctuationDissipationRequest>(experiment.record.requests) ? "true" : "";
      },
      .table = [](const Experiment& experiment, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const sde::Tally* tally = statistics.tally("fluctuation_dissipation");
        if (!tally) return std::nullopt;
        return fluctuation_dissipation_table(*tally, coordinate_temperatures(experiment), experiment.compare.alpha);
      },
      .lines =
          [](const Table& table, const std::string& label) {
            const std::vector<std::string>& coordinates = table.axis("coordinate")->words;
            const auto at = [&](const char* field, std::size_t i) { return table.field(field)->values[i]; };
            const auto one = [&](std::size_t i) {
              return fmt::format("{} has T = {} where {:.4g} is expected, z = {:.1f}", coordinates[i],
                                 uncertain(table, "coordinate_temperature", i), at("expected", i), at("z", i));
            };
            std::string flagged;
            std::size_t count = 0, worst = 0;
            for (std::size_t i = 0; i < coordinates.size(); ++i) {
              if (std::abs(at("z", i)) > std::abs(at("z", worst)) || std::isnan(at("z", worst))) worst = i;
              if (at("flagged", i) == 0) continue;
              constexpr std::size_t most_told = 16;
              if (++count <= most_told) flagged += fmt::format("    warning: {}\n", one(i));
            }
            const std::string of_all =
                std::isnan(at("z", worst))
                    ? "no coordinate's temperature is known beforehand"
                    : fmt::format("{} of {} coordinates are off (abs(z) > {:.2f}); the worst: {}", count,
                                  coordinates.size(), at("limit", 0), one(worst));
            return fmt::format("  {}: fluctuation-dissipation: {}\n{}", label, of_all, flagged);
          },
  };
}

}  // namespace kramers::analysis
