#include "apps/text/passage_summary.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/statistics/uncertain.hpp"

namespace kramers::apps {
namespace {

using analysis::uncertain;

std::optional<double> known(const std::vector<double>& values, std::size_t i) {
  return i < values.size() && !std::isnan(values[i]) ? std::optional(values[i]) : std::nullopt;
}

/// "87.07, 99.35 as seen after steps"
std::string prediction_text(const analysis::PassagePrediction& prediction, std::size_t origin) {
  const auto mean = known(prediction.mean_time, origin), at_steps = known(prediction.at_steps, origin);
  if (!mean) return "";
  if (std::isinf(*mean)) return "beyond 1e308";
  return fmt::format("{:.5g}", *mean) + (at_steps ? fmt::format(", {:.5g} as seen after steps", *at_steps) : "");
}

std::string from(const analysis::StudiedRun& studied, std::size_t event, std::size_t origin) {
  return studied.run.experiment.record.events[event].tells_basins() ? fmt::format(" from minimum {}", origin) : "";
}

/// "mean time 87.8(18), rate 0.01139(24)"; of few passages the bounds, of none the one that there is.
std::string found(const analysis::PassageEstimates& p, double alpha) {
  const auto within = [](double value, const analysis::Bounds& bounds) {
    return fmt::format("{:.3g} [{:.3g}, {:.3g}]", value, bounds.lower, bounds.upper);
  };
  const std::string sure = fmt::format("({:g} %)", 100 * (1 - alpha));
  if (p.trajectories == 0) return "nothing is known";
  if (p.passed == 0)
    return fmt::format("mean time above {:.3g}, rate below {:.3g} {}", p.mean_time_interval.lower,
                       p.rate_interval.upper, sure);
  if (p.passed < analysis::many_events)
    return fmt::format("mean time {}, rate {} {}", within(p.mean_time.value, p.mean_time_interval),
                       within(p.rate.value, p.rate_interval), sure);
  return fmt::format("mean time {}, rate {}", uncertain(p.mean_time), uncertain(p.rate));
}

}  // namespace

std::string passage_prologue(const analysis::StudiedRun& studied) {
  std::string text;
  for (std::size_t k = 0; k < studied.theory.passages.size(); ++k) {
    if (const std::string& why_not = studied.theory.passages[k].why_not; !why_not.empty())
      text += fmt::format("  first passage         {}: not known: {}\n", studied.run.experiment.record.events[k].name,
                          why_not);
    for (std::size_t origin = 0; origin < studied.theory.passages[k].mean_time.size(); ++origin)
      if (const std::string times = prediction_text(studied.theory.passages[k], origin); !times.empty())
        text += fmt::format("  first passage         {}{}: mean time {}\n",
                            studied.run.experiment.record.events[k].name, from(studied, k, origin), times);
  }
  return text;
}

std::string passage_lines(const analysis::StudiedRun& studied, const std::string& label) {
  std::string lines;
  for (std::size_t k = 0; k < studied.assessment.passages.size(); ++k)
    for (std::size_t origin = 0; origin < studied.assessment.passages[k].size(); ++origin) {
      const analysis::PassageEstimates& p = studied.assessment.passages[k][origin];
      const std::string predicted = prediction_text(studied.theory.passages[k], origin);
      lines += fmt::format("  {}, {}{}: {} of {} passed{}; {}{}\n", label, studied.run.experiment.record.events[k].name,
                           from(studied, k, origin), p.passed, p.trajectories,
                           p.lost > 0 ? fmt::format(", {} diverged before", p.lost) : "",
                           found(p, studied.run.experiment.compare.alpha),
                           predicted.empty() ? "" : "; predicted mean time " + predicted);
    }
  return lines;
}

Json passages_as_json(const analysis::StudiedRun& studied) {
  Json all = Json::array();
  for (std::size_t k = 0; k < studied.assessment.passages.size(); ++k) {
    Json origins = Json::array();
    for (std::size_t origin = 0; origin < studied.assessment.passages[k].size(); ++origin) {
      const analysis::PassageEstimates& p = studied.assessment.passages[k][origin];
      const analysis::PassagePrediction& theory = studied.theory.passages[k];
      Json json{{"trajectories", p.trajectories}, {"passed", p.passed}, {"waiting", p.waiting()}, {"diverged", p.lost}};
      add_estimate(json, "rate", p.rate);
      add_bounds(json, "rate", p.rate_interval);
      add_estimate(json, "mean_time", p.mean_time);
      add_bounds(json, "mean_time", p.mean_time_interval);
      add_estimate(json, "restricted_mean", p.restricted_mean);
      json["mean_prediction"] = number_or_null(known(theory.mean_time, origin));
      json["mean_prediction_at_steps"] = number_or_null(known(theory.at_steps, origin));
      origins.push_back(json);
    }
    all.push_back({{"name", studied.run.experiment.record.events[k].name}, {"origins", origins}});
  }
  return all;
}

}  // namespace kramers::apps
