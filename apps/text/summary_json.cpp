#include <cmath>

#include "analysis/prediction/list.hpp"
#include "apps/text/json.hpp"
#include "apps/text/passage_summary.hpp"
#include "apps/text/phases.hpp"
#include "apps/text/recorded.hpp"
#include "apps/text/step_bias.hpp"
#include "apps/text/summary.hpp"

namespace kramers::apps {
namespace {

Json at(const std::optional<std::vector<double>>& values, std::size_t i) {
  return values && i < values->size() ? Json((*values)[i]) : Json();
}

Json as_json(const std::vector<int>& axes, const std::optional<analysis::Verdict>& v) {
  Json density{{"axes", axes}};
  if (!v) return density;
  density.update({{"total_variation", v->difference},
                  {"error", v->error},
                  {"lower", v->lower},
                  {"upper", v->upper},
                  {"noise_floor", v->noise_floor},
                  {"bias_of_step", number_or_null(v->bias_of_step)},
                  {"tolerance", v->tolerance},
                  {"verdict", to_string(v->decision)},
                  {"reason", v->reason},
                  {"warnings", v->warnings}});
  return density;
}

Json comparisons(const analysis::Assessment& a) {
  Json all = Json::array();
  for (const analysis::Verdict* v : a.comparisons())
    all.push_back({{"what", v->what},
                   {"over", v->over},
                   {"difference", v->difference},
                   {"error", v->error},
                   {"lower", v->lower},
                   {"upper", v->upper},
                   {"tolerance", v->tolerance},
                   {"verdict", to_string(v->decision)},
                   {"reason", v->reason},
                   {"warnings", v->warnings}});
  return all;
}

Json stationarity(const analysis::Assessment& a) {
  if (!a.stationarity) return {};
  const analysis::Stationarity& s = *a.stationarity;
  const bool known = s.source != analysis::Stationarity::Source::none;
  return {{"known", s.known()},
          {"relaxation_time", known && std::isfinite(s.relaxation_time) ? Json(s.relaxation_time) : Json()},
          {"words", s.words()},
          {"reason", s.obstacle.empty() ? s.why_unknown : s.obstacle},
          {"transitions", a.transitions}};
}

Json basin(const analysis::StudiedRun& r, std::size_t i) {
  const landscapes::Point& minimum = r.landscape->minima()[i].at;
  Json basin{{"minimum", std::vector<double>(minimum.begin(), minimum.end())},
             {"sampled", r.assessment.basins[i].value},
             {"error", r.assessment.basins[i].error}};
  for (const analysis::Law& law : analysis::laws()) basin[analysis::key_of(law)] = at(r.theory.basins_by(law.name), i);
  return basin;
}

/// By key.
Json swept_json(const analysis::StudiedRun& r) {
  Json swept = Json::object();
  for (const auto& [key, value] : r.run.swept) swept[key] = value;
  return swept;
}

Json as_json(const analysis::StudiedRun& r) {
  const analysis::Derived& d = r.theory.derived;
  const analysis::Assessment& a = r.assessment;
  Json densities = Json::array(), basins = Json::array();
  for (std::size_t k = 0; k < a.densities.size(); ++k)
    densities.push_back(as_json(r.run.experiment.record.density[k].axes, a.densities[k].verdict));
  for (std::size_t i = 0; i < a.basins.size(); ++i) basins.push_back(basin(r, i));
  Json run{{"run", r.index},
           {"learning_rate", number_or_null(d.learning_rate)},
           {"batch_size", number_or_null(d.batch_size)},
           {"temperature", d.temperature},
           {"effective_temperature", d.effective_temperature},
           {"time_step", d.time_step},
           {"swept", swept_json(r)}};
  add_estimate(run, "temperature_measured", a.temperature.measured);
  run.update({{"temperature_verdict",
               to_string(a.temperature.verdict ? a.temperature.verdict->decision : analysis::Decision::not_judged)},
              {"densities", densities},
              {"basins", basins},
              {"comparisons", comparisons(a)},
              {"stationarity", stationarity(a)},
              {"diverged", r.statistics.diverged},
              {"verdict", to_string(a.decision)}});
  if (d.survey) {
    d.survey->visit([&](const std::string& name, const analysis::Range& range) {
      if (!range.is_one()) run[name + "_range"] = {range.low, range.high};
    });
    run["phases"] = phases_json(r);
  }
  if (!a.passages.empty()) run["events"] = passages_as_json(r);
  if (!a.tables.empty()) run["recorded"] = recorded_json(a.tables);
  if (a.step_bias) run["step_bias"] = step_bias_json(r);
  return run;
}

}  // namespace

std::string summary_json(const std::vector<analysis::StudiedRun>& runs, analysis::Decision verdict,
                         const std::string& file) {
  Json all{{"runs", Json::array()}, {"verdict", to_string(verdict)}};
  if (!file.empty()) all["file"] = file;
  for (const analysis::StudiedRun& run : runs) all["runs"].push_back(as_json(run));
  return all.dump();
}

}  // namespace kramers::apps
