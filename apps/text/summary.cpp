#include "apps/text/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/experiment/rounding.hpp"
#include "analysis/experiment_file/swept_label.hpp"
#include "analysis/prediction/laplace.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/statistics/distances.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "analysis/study/forecast.hpp"
#include "apps/text/page.hpp"
#include "apps/text/passage_summary.hpp"
#include "apps/text/phases.hpp"
#include "apps/text/recorded.hpp"
#include "apps/text/step_bias.hpp"

namespace kramers::apps {
namespace {

using analysis::Experiment;
using analysis::Theory;
using analysis::uncertain;

/// The minimum whose weight the paper is about; -1: not known, or the only one.
int widest(const landscapes::Landscape& landscape) {
  const auto width = analysis::log_root_determinants(landscape);
  if (!width || width->size() < 2) return -1;
  return int(std::min_element(width->begin(), width->end()) - width->begin());
}

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.4f}", *value) : "-"; }

/// "0.1", "0.1 to 0.4" where a schedule changes it.
std::string in_words(double value, const analysis::Range* range) {
  return range && !range->is_one() ? fmt::format("{:.4g} to {:.4g}", range->low, range->high)
                                   : fmt::format("{:.4g}", value);
}

/// T; empty where the noise has none.
std::string temperature(const analysis::Derived& derived) {
  if (derived.noise == sde::NoiseStructure::heavy_tailed) return "";
  return in_words(derived.temperature, derived.survey ? &derived.survey->temperature : nullptr);
}

/// T_eff, where the scheme's law has another temperature than T; else empty.
std::string effective_temperature(const analysis::Derived& derived) {
  const std::string text =
      in_words(derived.effective_temperature, derived.survey ? &derived.survey->effective_temperature : nullptr);
  return derived.noise == sde::NoiseStructure::heavy_tailed || !derived.momentum ? "" : text;
}

/// What was swept beside the temperature, as people call it.
std::vector<std::pair<std::string, double>> labelled_sweep(const analysis::StudiedRun& studied) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : studied.run.swept) keys.push_back(key);
  std::vector<std::pair<std::string, double>> all;
  for (const auto& [key, value] : studied.run.swept)
    if (key != "dynamics.temperature") all.emplace_back(analysis::swept_label(key, keys), value);
  return all;
}

std::optional<double> at(const std::optional<std::vector<double>>& values, int i) {
  if (!values || i < 0 || i >= int(values->size())) return std::nullopt;
  return (*values)[i];
}

/// Expected TV between the integrator's own law and the prediction, over the first density.
std::optional<double> expected_bias(const Theory& theory) {
  if (!theory.integrator || !theory.prediction) return std::nullopt;
  for (std::size_t k = 0; k < theory.prediction->densities.size(); ++k)
    if (theory.prediction->densities[k] && theory.integrator->densities[k])
      return analysis::total_variation(*theory.prediction->densities[k], *theory.integrator->densities[k]);
  return std::nullopt;
}

/// The first density that was held against a prediction.
const analysis::Verdict* first_verdict(const analysis::StudiedRun& r) {
  for (const auto& density : r.assessment.densities)
    if (density.verdict) return &*density.verdict;
  return nullptr;
}

/// What a verdict is about where no density has one, or why there is none; empty: it is said elsewhere.
std::string verdict_without_density(const analysis::StudiedRun& r) {
  if (first_verdict(r)) return "";
  if (r.assessment.decision == analysis::Decision::agrees) return "no density among it, for none was predicted";
  if (r.assessment.decision != analysis::Decision::not_judged) return "";
  return r.theory.derived.is_steady() ? "nothing was predicted" : "nothing was predicted under a schedule";
}

/// "agrees (theta_0)": the decision, and what it is about.
std::string decided(const analysis::Verdict& v) {
  return to_string(v.decision) + (v.over.empty() ? "" : fmt::format(" ({})", v.over));
}

/// Where the samples come from: "relaxation time 111 (theory); sampled 24 of them after 4.5; basins changed 3072
/// times".
std::string sampling_line(const analysis::StudiedRun& r, const std::string& label) {
  const auto& s = r.assessment.stationarity;
  if (!s) return "";
  std::string line = fmt::format("  {}: {}", label, s->words());
  if (s->source != analysis::Stationarity::Source::none)
    line += fmt::format("; sampled {:.3g} of them after {:.3g}", s->relaxations_sampled, s->relaxations_before);
  if (r.statistics.transitions.cells > 1) line += fmt::format("; basins changed {} times", r.assessment.transitions);
  if (!s->contradiction.empty()) line += "; " + s->contradiction;
  return line + "\n";
}

/// One sentence where all comparisons fail for the same reason; else one each, those that agree as they should in
/// short.
std::string verdict_lines(const analysis::StudiedRun& r, const std::string& label) {
  std::string lines = sampling_line(r, label);
  if (const std::string words = verdict_without_density(r); !words.empty())
    lines += fmt::format("  {}: {}: {}\n", label, to_string(r.assessment.decision), words);
  const auto& s = r.assessment.stationarity;
  if (s && !s->known()) {
    lines += fmt::format("  {}: {}: {}\n", label, to_string(analysis::Decision::not_stationary),
                         s->obstacle.empty() ? s->why_unknown : s->obstacle);
  } else {
    for (const analysis::Verdict* v : r.assessment.comparisons())
      if (v->decision != analysis::Decision::agrees || v->what.starts_with("density"))
        lines += fmt::format("  {}, {}: {}: {}\n", label, v->what, decided(*v), v->reason);
  }
  for (const analysis::Verdict* v : r.assessment.comparisons())
    for (const std::string& warning : v->warnings) lines += fmt::format("    warning: {}\n", warning);
  for (const sde::Divergence& divergence : r.statistics.divergences) {
    lines +=
        fmt::format("  {}: {} trajectories diverged; the first, {}, at step {} from ({:.4g})\n", label,
                    r.statistics.diverged, divergence.trajectory, divergence.step, fmt::join(divergence.where, ", "));
    break;
  }
  return lines;
}

/// "110.9 (exchange of basins)", "at least 97.64 (theta_1)", "about 2364 (energy diffusion)"; and the times in it.
std::string relaxation_lines(const Theory& theory) {
  const auto& relaxation = theory.relaxation;
  if (!relaxation && theory.why_no_relaxation.empty()) return "";  // nothing is stationary
  if (!relaxation) return fmt::format("  relaxation time       not known: {}\n", theory.why_no_relaxation);
  if (std::isinf(relaxation->time))
    return fmt::format("  relaxation time       infinite ({}): nothing ever crosses\n", relaxation->by);
  using Kind = analysis::Relaxation::Kind;
  const char* known = relaxation->kind == Kind::exact      ? ""
                      : relaxation->kind == Kind::at_least ? "at least "
                                                           : "about ";
  const analysis::Derived& d = theory.derived;
  return fmt::format(
      "  relaxation time       {}{:.4g} ({})\n"
      "  in relaxation times   {:.3g} of burn-in, {:.3g} sampled\n",
      known, relaxation->time, relaxation->by, d.burn_in_time / relaxation->time, d.sampled_time / relaxation->time);
}

}  // namespace

std::string label(const analysis::StudiedRun& studied) {
  const analysis::Derived& derived = studied.theory.derived;
  std::vector<std::string> words;
  if (const std::string T = temperature(derived); !T.empty()) words.push_back("T = " + T);
  if (const std::string T = effective_temperature(derived); !T.empty()) words.push_back("T_eff = " + T);
  for (const auto& [name, value] : labelled_sweep(studied)) words.push_back(fmt::format("{} = {:.6g}", name, value));
  if (words.empty()) words.push_back(studied.run.experiment.dynamics.noise.kind + " noise");
  if (studied.companion) words.push_back(fmt::format("at {} h", studied.companion->multiple));
  return fmt::to_string(fmt::join(words, ", "));
}

std::vector<std::string> warnings(const analysis::StudiedRun& studied) {
  const Theory& theory = studied.theory;
  const double tolerance = studied.run.experiment.compare.tolerance;
  std::vector<std::string> all;
  const analysis::Derived& d = theory.derived;
  if (d.is_unstable())
    all.push_back(
        fmt::format("the curvature {:.4g} of the sharpest minimum is not below {:.4g}: the scheme is unstable "
                    "there at {} step",
                    *d.lambda_max, d.unstable_from, d.survey ? "some" : "this"));
  const bool waits_from_the_start = studied.run.experiment.ensemble.burn_in == 0 && !theory.passages.empty();
  if (const std::string advice = analysis::window_advice(studied); !advice.empty() && !waits_from_the_start)
    all.push_back(advice);
  if (const auto rounding = rounding_warning(studied.run.experiment, *studied.landscape, d); !rounding.empty())
    all.push_back(rounding);
  const auto bias = expected_bias(theory);
  if (bias && *bias > tolerance)
    all.push_back(
        fmt::format("the bias of this time step alone, {:.4f}, is beyond the tolerance {:.4g}", *bias, tolerance));
  return all;
}

std::string prologue(const analysis::StudiedRun& studied) {
  const Theory& theory = studied.theory;
  const landscapes::Landscape& landscape = *studied.landscape;
  const Experiment& experiment = studied.run.experiment;
  const analysis::Derived& d = theory.derived;
  std::string text = describe(d);
  text += relaxation_lines(theory);
  if (const auto error = at(analysis::expected_basin_errors(studied), widest(landscape)))
    text += fmt::format("  expected error        {:.4f} of the widest basin's weight\n", *error);
  if (const auto bias = expected_bias(theory))
    text += fmt::format("  expected bias of h    {:.4f} in total variation (tolerance {:.4g})\n", *bias,
                        experiment.compare.tolerance);
  else if (!theory.why_no_integrator_law.empty())
    text += fmt::format("  expected bias of h    not known: {}\n", theory.why_no_integrator_law);
  text += step_bias_prologue(studied) + passage_prologue(studied);
  for (const std::string& warning : warnings(studied)) text += "  warning: " + warning + "\n";
  return text;
}

std::string brief_prologue(const analysis::StudiedRun& studied) {
  const Theory& theory = studied.theory;
  std::vector<std::string> words;
  if (studied.run.experiment.ensemble.until)
    words.push_back(fmt::format("{} steps", studied.run.experiment.ensemble.steps));
  if (theory.relaxation) words.push_back(fmt::format("relaxation {:.4g}", 1 / theory.relaxation->rate()));
  if (const auto error = at(analysis::expected_basin_errors(studied), widest(*studied.landscape)))
    words.push_back(fmt::format("error {:.4f}", *error));
  if (const auto bias = expected_bias(theory)) words.push_back(fmt::format("bias {:.4f}", *bias));
  std::string text = fmt::format("{}{}{}\n", label(studied), words.empty() ? "" : "; ", fmt::join(words, ", "));
  for (const std::string& warning : warnings(studied)) text += "  warning: " + warning + "\n";
  return text;
}

namespace {

std::string widest_weight(const analysis::StudiedRun& r) {
  const int wide = widest(*r.landscape);
  if (wide < 0 || r.assessment.basins.empty()) return "-";
  return uncertain(r.assessment.basins[wide]);
}

std::string measured_temperature(const analysis::StudiedRun& r) {
  const auto& measured = r.assessment.temperature.measured;
  return std::isnan(measured.value) ? "-" : uncertain(measured);
}

/// The columns of the table, and what each says of a run; "-": nothing.
struct RunColumn {
  std::string heading;
  std::function<std::string(const analysis::StudiedRun&)> cell;
  Column::Kind kind = Column::Kind::number;
};
std::vector<RunColumn> run_columns() {
  using analysis::StudiedRun;
  std::vector<RunColumn> columns = {{"T_eff",
                                     [](const StudiedRun& r) {
                                       const std::string T = effective_temperature(r.theory.derived);
                                       return T.empty() ? "-" : T;
                                     }},
                                    {"P(widest)", widest_weight}};
  for (const analysis::Law& law : analysis::laws())
    columns.push_back({law.heading, [&law](const StudiedRun& r) {
                         return number(at(r.theory.basins_by(law.name), widest(*r.landscape)));
                       }});
  columns.push_back({"T measured", measured_temperature});
  columns.push_back({"TV [lower, upper]", [](const StudiedRun& r) {
                       const analysis::Verdict* v = first_verdict(r);
                       return v && !std::isnan(v->difference)
                                  ? fmt::format("{:.4f} [{:.4f}, {:.4f}]", v->difference, v->lower, v->upper)
                                  : "-";
                     }});
  columns.push_back({"bias of h", [](const StudiedRun& r) {
                       const analysis::Verdict* v = first_verdict(r);
                       return number(v ? v->bias_of_step : std::nullopt);
                     }});
  columns.push_back({"verdict", [](const StudiedRun& r) { return std::string(to_string(r.assessment.decision)); },
                     Column::Kind::words});
  return columns;
}

/// What tells the runs apart: T, where there is one, and what was swept.
std::vector<Column> key_columns(const std::vector<analysis::StudiedRun>& runs) {
  std::vector<Column> columns;
  if (!temperature(runs.front().theory.derived).empty())
    columns.push_back({.heading = "T", .cells = {}, .kind = Column::Kind::key});
  for (const auto& [name, value] : labelled_sweep(runs.front()))
    columns.push_back({.heading = name, .cells = {}, .kind = Column::Kind::key});
  for (const analysis::StudiedRun& r : runs) {
    auto column = columns.begin();
    if (const std::string T = temperature(r.theory.derived); !T.empty()) (column++)->cells.push_back(T);
    for (const auto& [name, value] : labelled_sweep(r)) (column++)->cells.push_back(fmt::format("{:.6g}", value));
  }
  return columns;
}

}  // namespace

std::string table(const std::vector<analysis::StudiedRun>& runs) {
  std::vector<Column> columns = key_columns(runs);
  for (const RunColumn& column : run_columns()) {
    columns.push_back({.heading = column.heading, .cells = {}, .kind = column.kind});
    for (const analysis::StudiedRun& r : runs) columns.back().cells.push_back(column.cell(r));
  }
  std::string reasons;
  for (const analysis::StudiedRun& r : runs) {
    reasons += verdict_lines(r, label(r)) + passage_lines(r, label(r)) + recorded_lines(r.assessment.tables, label(r));
    reasons += step_bias_lines(r, label(r));
    if (const std::string phases = phase_table(r); !phases.empty())
      reasons += fmt::format("\n{}, {}", label(r), phases);
  }
  return text_table(columns) + "\n" + wrapped(reasons);
}

}  // namespace kramers::apps
