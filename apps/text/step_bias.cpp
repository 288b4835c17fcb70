#include "apps/text/step_bias.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "analysis/statistics/uncertain.hpp"
#include "apps/text/page.hpp"

namespace kramers::apps {
namespace {

using analysis::Estimate, analysis::StepBias, analysis::Variation, analysis::uncertain;

constexpr std::size_t most_lines = 16;  // of quantities; all are in the results file

/// "2 h = 0.008 and 4 h = 0.016"
std::string steps_text(const std::vector<int>& multiples, double h) {
  std::string all;
  for (int multiple : multiples)
    all += fmt::format("{}{} h = {:.6g}", all.empty() ? "" : " and ", multiple, multiple * h);
  return all;
}

/// A zero that a quadrature missed.
double shown(double prediction, double error) { return std::abs(prediction) < 1e-6 * error ? 0 : prediction; }

std::string quantity_table(std::span<const StepBias::Quantity> quantities) {
  std::vector<Column> columns;
  const auto add = [&](const char* heading, auto cell, Column::Kind kind = Column::Kind::number) {
    columns.push_back({.heading = heading, .cells = {}, .kind = kind});
    for (const StepBias::Quantity& q : quantities) columns.back().cells.push_back(cell(q));
  };
  using Q = StepBias::Quantity;
  add(
      "", [](const Q& q) { return q.name; }, Column::Kind::name);
  add("sampled", [](const Q& q) { return uncertain(q.sampled); });
  add("bias of h", [](const Q& q) { return uncertain(q.bias); });
  add("extrapolated", [](const Q& q) { return uncertain(q.extrapolated); });
  add("predicted", [](const Q& q) {
    return q.prediction ? fmt::format("{:.5g}", shown(*q.prediction, q.extrapolated.error)) : "-";
  });
  add("model error", [](const Q& q) { return q.prediction ? uncertain(q.model_error(), q.extrapolated.error) : "-"; });
  add("correlation", [](const Q& q) { return fmt::format("{:.3f}", q.correlation); });
  add("next order", [](const Q& q) { return q.remainder ? uncertain(*q.remainder) : "-"; });
  add("order", [](const Q& q) { return q.order_seen ? uncertain(*q.order_seen) : "-"; });
  add(
      "powers of h", [](const Q& q) { return q.consistent ? "-" : "inconsistent"; }, Column::Kind::words);
  return text_table(columns);
}

std::string interval(const Variation& v, double t) {
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", std::max(0.0, v.estimate), std::max(0.0, v.lower(t)), v.upper);
}

std::string density_line(const StepBias::Density& density, std::size_t k) {
  std::string line = fmt::format("    density {}, total variation: noise {:.4f}, bias of h {}", k, density.noise_floor,
                                 interval(density.bias_variation, density.t));
  if (density.model_variation) line += fmt::format(", model error {}", interval(*density.model_variation, density.t));
  return line + "\n";
}

Json json_of(const Variation& v, double t) {
  return {{"total_variation", v.estimate}, {"error", v.error}, {"lower", v.lower(t)}, {"upper", v.upper}};
}

Json json_of(const StepBias::Quantity& q) {
  Json coarse = Json::array();
  for (const Estimate& estimate : q.coarse) coarse.push_back({{"value", estimate.value}, {"error", estimate.error}});
  Json json{{"name", q.name}};
  add_estimate(json, "sampled", q.sampled);
  json["coarse"] = coarse;
  add_estimate(json, "bias", q.bias);
  add_estimate(json, "extrapolated", q.extrapolated);
  json["prediction"] = number_or_null(q.prediction);
  json["model_error"] = q.model_error();
  json["correlation"] = q.correlation;
  if (!q.remainder) return json;
  add_estimate(json, "order", q.order_seen);
  json["consistent"] = q.consistent;
  add_estimate(json, "remainder", q.remainder);
  return json;
}

}  // namespace

std::string step_bias_prologue(const analysis::StudiedRun& studied) {
  const std::vector<int>& multiples = studied.run.experiment.compare.step_multiples;
  if (multiples.empty()) return "";
  return fmt::format("  bias of h by runs at  {}, on the same noise\n",
                     steps_text(multiples, studied.theory.derived.time_step));
}

std::string step_bias_lines(const analysis::StudiedRun& studied, const std::string& label) {
  const auto& found = studied.assessment.step_bias;
  if (!found) return "";
  const double h = studied.theory.derived.time_step;
  const std::string heading = fmt::format("  {}, bias of h = {:.6g} (order {}) by the same noise at {}", label, h,
                                          found->order, steps_text(found->multiples, h));
  if (!found->why_not.empty()) return fmt::format("{}: not known: {}\n", heading, found->why_not);
  const std::size_t count = found->quantities.size();
  std::string lines =
      fmt::format("{}:\n{}", heading, quantity_table(std::span(found->quantities).first(std::min(count, most_lines))));
  if (count > most_lines) lines += fmt::format("    and {} more in the results file\n", count - most_lines);
  for (std::size_t k = 0; k < found->densities.size(); ++k) lines += density_line(found->densities[k], k);
  return lines;
}

Json step_bias_json(const analysis::StudiedRun& studied) {
  const StepBias& found = *studied.assessment.step_bias;
  const double h = studied.theory.derived.time_step;
  Json steps = Json::array({h}), quantities = Json::array(), densities = Json::array();
  for (int multiple : found.multiples) steps.push_back(multiple * h);
  for (const StepBias::Quantity& q : found.quantities) quantities.push_back(json_of(q));
  for (const StepBias::Density& d : found.densities)
    densities.push_back({{"noise_floor", d.noise_floor},
                         {"bias", json_of(d.bias_variation, d.t)},
                         {"model", d.model_variation ? json_of(*d.model_variation, d.t) : Json()}});
  return {{"order", found.order},
          {"time_steps", steps},
          {"quantities", quantities},
          {"densities", densities},
          {"why_not", found.why_not}};
}

}  // namespace kramers::apps
