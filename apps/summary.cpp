#include "apps/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/experiment/rounding.hpp"
#include "analysis/forecast.hpp"
#include "analysis/prediction/laplace.hpp"
#include "analysis/verdict/distances.hpp"
#include "apps/passage_summary.hpp"
#include "apps/phases.hpp"
#include "apps/recorded.hpp"
#include "apps/step_bias.hpp"
#include "apps/uncertain.hpp"

namespace kramers::apps {
namespace {

using analysis::Experiment;
using analysis::Theory;

/// The minimum whose weight the paper is about; -1: not known.
int widest(const landscapes::Landscape& landscape) {
  const auto width = analysis::log_root_determinants(landscape);
  if (!width || width->empty()) return -1;
  return int(std::min_element(width->begin(), width->end()) - width->begin());
}

/// What heads the column of a swept key: its last word, or for a number in the table of a schedule the way there.
std::string column(const std::string& key) {
  const bool in_schedule = std::isdigit(static_cast<unsigned char>(key.back())) && key.starts_with("dynamics.");
  return key.substr(in_schedule ? key.find('.') + 1 : key.rfind('.') + 1);
}

std::string number(const std::optional<double>& value, const char* form = "{:.4f}") {
  return value ? fmt::format(fmt::runtime(form), *value) : "-";
}

std::optional<double> at(const std::optional<std::vector<double>>& values, int i) {
  if (!values || i < 0 || i >= int(values->size())) return std::nullopt;
  return (*values)[i];
}

/// Expected TV between the integrator's own law and the prediction, over the first density.
std::optional<double> expected_bias(const Theory& theory) {
  if (!theory.integrator || !theory.gibbs) return std::nullopt;
  for (std::size_t k = 0; k < theory.gibbs->densities.size(); ++k)
    if (theory.gibbs->densities[k] && theory.integrator->densities[k])
      return analysis::total_variation(*theory.gibbs->densities[k], *theory.integrator->densities[k]);
  return std::nullopt;
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
  std::string text = fmt::format("T = {:.4g}", derived.effective_temperature);
  if (derived.survey && !derived.survey->effective_temperature.is_one())
    text = fmt::format("T = {:.4g} to {:.4g}", derived.survey->effective_temperature.low,
                       derived.survey->effective_temperature.high);
  for (const auto& [name, value] : studied.run.swept) text += fmt::format(", {} = {:.6g}", name, value);
  if (studied.companion) text += fmt::format(", at {} h", studied.companion->multiple);
  return text;
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
  if (const std::string advice = analysis::window_advice(studied); !advice.empty()) all.push_back(advice);
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
  const int wide = landscape.minima().size() > 1 ? widest(landscape) : -1;
  if (const auto error = at(analysis::expected_basin_errors(studied), wide))
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

std::string table(const std::vector<analysis::StudiedRun>& runs) {
  std::string rows = fmt::format("{:>9}", "T");
  for (const auto& [key, value] : runs.front().run.swept) rows += fmt::format(" {:>13}", column(key));
  rows += fmt::format(" {:>13} {:>8} {:>8} {:>13} {:>8} {:>18} {:>9}  {}\n", "P(widest)", "Gibbs", "Laplace",
                      "T measured", "TV", "[lower, upper]", "bias of h", "verdict");
  std::string reasons;
  for (const analysis::StudiedRun& r : runs) {
    const int wide = r.assessment.basins.empty() ? -1 : widest(*r.landscape);
    const auto basin =
        wide < 0 ? std::string("-") : uncertain(r.assessment.basins[wide].value, r.assessment.basins[wide].error);
    const auto gibbs = r.theory.gibbs && wide >= 0 ? at(r.theory.gibbs->basins, wide) : std::nullopt;
    const auto laplace = wide >= 0 ? at(r.theory.laplace, wide) : std::nullopt;
    std::string variation = "-", bounds = "-", bias = "-", verdict = to_string(r.assessment.decision);
    if (r.assessment.decision == analysis::Decision::agrees &&
        std::none_of(r.assessment.densities.begin(), r.assessment.densities.end(),
                     [](const auto& density) { return density.verdict.has_value(); }))
      verdict += " (the temperature; no density was predicted)";
    for (const auto& density : r.assessment.densities) {
      if (!density.verdict) continue;
      variation = fmt::format("{:.4f}", density.verdict->difference);
      bounds = fmt::format("[{:.4f}, {:.4f}]", density.verdict->lower, density.verdict->upper);
      bias = number(density.verdict->bias_of_step);
      break;
    }
    const double temperature = r.theory.derived.effective_temperature;
    rows += std::isnan(temperature) ? fmt::format("{:>9}", "changes") : fmt::format("{:>9.4g}", temperature);
    for (const auto& [key, value] : r.run.swept)
      rows += fmt::format(" {:>{}.6g}", value, std::max<std::size_t>(13, column(key).size()));
    rows += fmt::format(" {:>13} {:>8} {:>8} {:>13} {:>8} {:>18} {:>9}  {}\n", basin, number(gibbs), number(laplace),
                        uncertain(r.assessment.temperature.measured.value, r.assessment.temperature.measured.error),
                        variation, bounds, bias, verdict);
    reasons += verdict_lines(r, label(r)) + passage_lines(r, label(r)) + recorded_lines(r.assessment.tables, label(r));
    reasons += step_bias_lines(r, label(r));
    if (const std::string phases = phase_table(r); !phases.empty())
      reasons += fmt::format("\n{}, {}", label(r), phases);
  }
  return rows + "\n" + reasons;
}

}  // namespace kramers::apps
