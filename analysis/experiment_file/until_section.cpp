#include "analysis/experiment_file/until_section.hpp"

#include <fmt/format.h>

#include "analysis/recorded/list.hpp"
#include "analysis/statistics/jackknife.hpp"

namespace kramers::analysis {
namespace {

/// One entry of `decided`.
std::optional<DecidedLength> read_decided(Section entry) {
  const auto steps = entry.count("steps", 1, longest_run);
  const auto trajectories = entry.count("pilot_trajectories", 1, longest_run);
  const auto pilot_steps = entry.count("pilot_steps", 1, 4 * longest_run);  // the run has a quarter or more
  const auto error = entry.number("pilot_error", {"a number >= 0", [](double a) { return a >= 0; }});
  for (const char* key : {"steps", "pilot_trajectories", "pilot_steps", "pilot_error"})
    if (!entry.has(key)) entry.missing(fmt::format("key '{}' is missing", entry.full(key)));
  entry.finish();
  if (!steps || !trajectories || !pilot_steps || !error) return {};
  return DecidedLength{*steps, *trajectories, *pilot_steps, *error};
}

}  // namespace

void read_until(Section& ensemble, Draft& draft) {
  const Node* node = ensemble.find("until");
  if (!node) return;
  for (const char* key : {"steps", "time", "epochs"})
    if (ensemble.has(key)) ensemble.refuse("until", fmt::format("either 'until' or '{}'", key));
  const auto& dynamics = draft.experiment.dynamics;
  if (dynamics.learning_rate_schedule || dynamics.batch_size_schedule || dynamics.temperature_schedule)
    ensemble.refuse("until", "'steps', 'time' or 'epochs' under a schedule, which has no stationary law");
  if (draft.experiment.ensemble.trajectories < fewest_replicates)
    ensemble.refuse("trajectories", fmt::format("{} or more, beside 'until'", fewest_replicates));

  Section section = ensemble.section("until");
  Until until{};
  const auto error = section.number("total_variation_error", between(0, 1, false));
  if (section.is_table() && !section.has("total_variation_error") && !section.misspelt("total_variation_error"))
    section.missing(fmt::format("key '{}' is missing: the standard error of the total variation that is enough",
                                section.full("total_variation_error")));
  if (const auto most = section.count("most_steps", 1, longest_run)) until.most_steps = *most;
  if (const auto pilot = section.count("pilot_steps", 1, double(until.most_steps))) until.pilot_steps = *pilot;
  const std::uint64_t every = draft.experiment.ensemble.sample_every;
  if (until.most_steps < every)
    section.missing(fmt::format("key '{}' = {} must be at least the {} steps from sample to sample",
                                section.full("most_steps"), until.most_steps, every));
  until.total_variation_error = error.value_or(1);
  if (const Node* decided = section.find("decided")) {
    const auto* list = decided->as<Node::List>();
    if (!list || list->size() != draft.runs) {
      section.refuse("decided", fmt::format("a list of {} table{}, one a run", draft.runs, draft.runs == 1 ? "" : "s"));
      list = nullptr;
    }
    for (std::size_t i = 0; list && i < list->size(); ++i)
      if (const auto length =
              read_decided(Section(&(*list)[i], fmt::format("{}[{}]", section.full("decided"), i), section.problems())))
        until.decided.push_back(*length);
  }
  section.finish();

  auto& experiment = draft.experiment.ensemble;
  experiment.steps = std::max<std::uint64_t>(1, until.most_steps / every) * every;
  if (draft.run < until.decided.size()) {
    until.here = until.decided[draft.run];
    experiment.steps = until.here->steps;
    if (experiment.steps % every != 0)
      section.refuse("decided", fmt::format("steps that are multiples of the {} from sample to sample", every));
  }
  experiment.until = std::move(until);
}

std::string until_text(const Experiment& experiment) {
  const auto& until = experiment.ensemble.until;
  if (!until) return "";
  std::string text =
      fmt::format("total_variation_error = {}, most_steps = {}", until->total_variation_error, until->most_steps);
  if (until->pilot_steps) text += fmt::format(", pilot_steps = {}", *until->pilot_steps);
  if (!until->decided.empty()) text += fmt::format(", decided = {}", decided_text(until->decided));
  return fmt::format("{{ {} }}", text);
}

std::string decided_text(const std::vector<DecidedLength>& lengths) {
  std::string text;
  for (const DecidedLength& length : lengths)
    text += fmt::format("{}{{ steps = {}, pilot_trajectories = {}, pilot_steps = {}, pilot_error = {} }}",
                        text.empty() ? "" : ", ", length.steps, length.pilot_trajectories, length.pilot_steps,
                        length.pilot_error);
  return fmt::format("[{}]", text);
}

std::string needs_one_length(const Experiment& experiment) {
  const auto& record = experiment.record;
  if (record.path_count > 0) return "record.paths";
  for (const Recorded& thing : recorded_things())
    if (thing.needs_one_length && !thing.text(experiment).empty()) return "record." + thing.name;
  return "";
}

}  // namespace kramers::analysis
