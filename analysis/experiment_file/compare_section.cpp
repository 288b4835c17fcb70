#include "analysis/experiment_file/compare_section.hpp"

#include <fmt/format.h>

#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/step_bias_key.hpp"
#include "analysis/prediction/list.hpp"

namespace kramers::analysis {

void read_compare(Section section, Draft& draft) {
  auto& compare = draft.experiment.compare;
  const auto structure = draft.noise ? draft.noise->structure() : sde::NoiseStructure::isotropic;
  if (structure != sde::NoiseStructure::isotropic) compare.prediction = "none";
  if (auto name = section.name("prediction", prediction_names())) compare.prediction = *name;
  if (structure == sde::NoiseStructure::heavy_tailed && compare.prediction != "none")
    section.refuse("prediction", "\"none\" under stable noise, which has no temperature");
  if (const auto course = course_of(draft.experiment)) {
    const Range temperature = survey(draft.experiment, *course).temperature;
    if (!temperature.is_one() && section.has("prediction") && compare.prediction != "none")
      section.refuse("prediction",
                     fmt::format("\"none\" under a schedule: the temperature goes from {:.4g} to {:.4g}, and "
                                 "there is no stationary law",
                                 temperature.low, temperature.high));
    if (!temperature.is_one()) compare.prediction = "none";
  }
  if (auto tolerance = section.number("tolerance", between(0, 1, false))) compare.tolerance = *tolerance;
  if (auto alpha = section.number("alpha", between(1e-12, 0.5, false))) compare.alpha = *alpha;
  read_step_bias(section, draft);
  section.finish(home_of);
}

void write_compare(ResolvedWriter& w) {
  w.table("compare");
  w.key("prediction", [](const Experiment& e) { return toml(e.compare.prediction); });
  w.key("tolerance", [](const Experiment& e) { return toml(e.compare.tolerance); });
  w.key("alpha", [](const Experiment& e) { return toml(e.compare.alpha); });
  w.key("step_bias", step_bias_text);
}

}  // namespace kramers::analysis
