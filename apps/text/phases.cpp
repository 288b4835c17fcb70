#include "apps/text/phases.hpp"

#include <fmt/format.h>

#include "analysis/statistics/uncertain.hpp"
#include "apps/text/page.hpp"

namespace kramers::apps {
using analysis::uncertain;

std::string phase_table(const analysis::StudiedRun& studied) {
  const auto& phases = studied.assessment.phases;
  if (phases.empty()) return "";
  const analysis::CourseSurvey& survey = *studied.theory.derived.survey;
  const auto& [of, bins, at_end] = studied.run.experiment.record.phases;
  std::vector<Column> columns;
  const auto add = [&](const std::string& heading, auto cell, Column::Kind kind = Column::Kind::number) {
    columns.push_back({.heading = heading, .cells = {}, .kind = kind});
    for (std::size_t p = 0; p < phases.size(); ++p) columns.back().cells.push_back(cell(phases[p], survey.phases[p]));
  };
  using Sampled = analysis::PhaseEstimates;
  using Set = analysis::CourseSurvey::Phase;
  int phase = 0;
  add(
      "phase", [&](const Sampled&, const Set&) { return fmt::format("{}", phase++); }, Column::Kind::key);
  if (survey.learning_rate)
    add("eta", [](const Sampled&, const Set& set) { return fmt::format("{:.4g}", set.learning_rate); });
  if (survey.batch_size) add("S", [](const Sampled&, const Set& set) { return fmt::format("{:.4g}", set.batch_size); });
  add("T", [](const Sampled&, const Set& set) { return fmt::format("{:.4g}", set.temperature); });
  add("samples", [](const Sampled& e, const Set&) { return fmt::format("{}", e.samples); });
  add("theta_0", [](const Sampled& e, const Set&) { return uncertain(e.mean[0]); });
  add("Var theta_0", [](const Sampled& e, const Set&) { return uncertain(e.variance[0]); });
  add("loss", [](const Sampled& e, const Set&) { return uncertain(e.loss_mean); });
  for (std::size_t i = 0; i < phases[0].basins.size(); ++i)
    add(fmt::format("P(basin {})", i), [i](const Sampled& e, const Set&) { return uncertain(e.basins[i]); });
  return fmt::format("phases of {}{}\n{}", of, at_end ? ", at the end of each" : "", text_table(columns));
}

Json phases_json(const analysis::StudiedRun& studied) {
  Json all = Json::array();
  for (std::size_t p = 0; p < studied.assessment.phases.size(); ++p) {
    const analysis::PhaseEstimates& e = studied.assessment.phases[p];
    const analysis::CourseSurvey& survey = *studied.theory.derived.survey;
    const analysis::CourseSurvey::Phase& set = survey.phases[p];
    Json basins = Json::array();
    for (std::size_t i = 0; i < e.basins.size(); ++i) {
      const landscapes::Point& minimum = studied.landscape->minima()[i].at;
      basins.push_back({{"minimum", std::vector<double>(minimum.begin(), minimum.end())},
                        {"sampled", e.basins[i].value},
                        {"error", e.basins[i].error}});
    }
    Json phase{{"phase", p},
               {"steps", set.steps},
               {"learning_rate", survey.learning_rate ? Json(set.learning_rate) : Json()},
               {"batch_size", survey.batch_size ? Json(set.batch_size) : Json()},
               {"temperature", set.temperature},
               {"samples", e.samples}};
    add_estimate(phase, "mean", e.mean);
    add_estimate(phase, "variance", e.variance);
    add_estimate(phase, "loss_mean", e.loss_mean);
    phase["basins"] = basins;
    all.push_back(phase);
  }
  return all;
}

}  // namespace kramers::apps
