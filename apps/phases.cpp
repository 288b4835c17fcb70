#include "apps/phases.hpp"

#include <fmt/format.h>

#include "apps/uncertain.hpp"

namespace kramers::apps {
namespace {

std::string uncertain(const analysis::Estimate& e) { return apps::uncertain(e.value, e.error); }

std::vector<double> values(const std::vector<analysis::Estimate>& estimates) {
  std::vector<double> all;
  for (const analysis::Estimate& e : estimates) all.push_back(e.value);
  return all;
}
std::vector<double> errors(const std::vector<analysis::Estimate>& estimates) {
  std::vector<double> all;
  for (const analysis::Estimate& e : estimates) all.push_back(e.error);
  return all;
}

}  // namespace

std::string phase_table(const analysis::StudiedRun& studied) {
  const auto& phases = studied.assessment.phases;
  if (phases.empty()) return "";
  const analysis::CourseSurvey& survey = *studied.theory.derived.survey;
  const auto& [of, bins, at_end] = studied.run.experiment.record.phases;
  std::string text = fmt::format("phases of {}{}\n{:>9}", of, at_end ? ", at the end of each" : "", "phase");
  if (survey.learning_rate) text += fmt::format(" {:>9}", "eta");
  if (survey.batch_size) text += fmt::format(" {:>9}", "S");
  text += fmt::format(" {:>9} {:>10} {:>14} {:>14} {:>14}", "T", "samples", "theta_0", "Var theta_0", "loss");
  for (std::size_t i = 0; i < phases[0].basins.size(); ++i)
    text += fmt::format(" {:>12}", fmt::format("P(basin {})", i));
  text += "\n";
  for (std::size_t p = 0; p < phases.size(); ++p) {
    const analysis::PhaseEstimates& e = phases[p];
    const analysis::CourseSurvey::Phase& set = survey.phases[p];
    text += fmt::format("{:>9}", p);
    if (survey.learning_rate) text += fmt::format(" {:>9.4g}", set.learning_rate);
    if (survey.batch_size) text += fmt::format(" {:>9.4g}", set.batch_size);
    text += fmt::format(" {:>9.4g} {:>10} {:>14} {:>14} {:>14}", set.temperature, e.samples, uncertain(e.mean[0]),
                        uncertain(e.variance[0]), uncertain(e.loss_mean));
    for (const analysis::Estimate& basin : e.basins) text += fmt::format(" {:>12}", uncertain(basin));
    text += "\n";
  }
  return text;
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
    all.push_back({{"phase", p},
                   {"steps", set.steps},
                   {"learning_rate", survey.learning_rate ? Json(set.learning_rate) : Json()},
                   {"batch_size", survey.batch_size ? Json(set.batch_size) : Json()},
                   {"temperature", set.temperature},
                   {"samples", e.samples},
                   {"mean", values(e.mean)},
                   {"mean_error", errors(e.mean)},
                   {"variance", values(e.variance)},
                   {"variance_error", errors(e.variance)},
                   {"loss_mean", e.loss_mean.value},
                   {"loss_mean_error", e.loss_mean.error},
                   {"basins", basins}});
  }
  return all;
}

}  // namespace kramers::apps
