#include "analysis/experiment_file/record_section.hpp"

#include <fmt/format.h>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment_file/density_section.hpp"
#include "analysis/experiment_file/events_section.hpp"
#include "analysis/recorded/list.hpp"
#include "landscapes/basins/basin_raster.hpp"

namespace kramers::analysis {

namespace {

/// `record.phases`, of the first schedule unless another is named.
void read_phases(Section& section, Experiment& experiment) {
  auto& phases = experiment.record.phases;
  std::vector<std::string> scheduled;
  if (experiment.dynamics.learning_rate_schedule) scheduled.emplace_back("learning_rate");
  if (experiment.dynamics.batch_size_schedule) scheduled.emplace_back("batch_size");
  if (experiment.dynamics.temperature_schedule) scheduled.emplace_back("temperature");
  if (!scheduled.empty()) phases.of = scheduled.front();
  if (!section.find("phases")) return;
  if (scheduled.empty()) {
    section.refuse("phases", "only beside a schedule of learning_rate, batch_size or temperature");
    return;
  }
  Section table = section.section("phases");
  if (const auto of = table.name("of", scheduled)) phases.of = *of;
  if (const auto bins = table.count("bins", 1, 1000)) phases.bins = int(*bins);
  if (const auto at_end = table.truth("at_end")) phases.at_end = *at_end;
  table.finish();
}

}  // namespace

void read_record(Section section, Draft& draft) {
  auto& record = draft.experiment.record;
  read_densities(section, draft);
  const auto& ensemble = draft.experiment.ensemble;
  record.path_every = ensemble.sample_every;
  if (section.find("paths") && section.has("paths")) {
    Section paths = section.section("paths");
    record.path_count = paths.count("count", 0, 1e6).value_or(0);
    if (!paths.has("count")) paths.missing("key 'record.paths.count' is missing: how many trajectories to keep");
    if (const auto every = paths.count("every", 1, longest_run)) {
      record.path_every = *every;
      if (*every % ensemble.sample_every != 0)
        paths.refuse("every", fmt::format("a multiple of the {} steps from sample to sample", ensemble.sample_every));
      else if (*every > ensemble.steps)
        paths.refuse("every", fmt::format("at most the {} steps after burn-in", ensemble.steps));
    }
    if (record.path_count > ensemble.trajectories)
      paths.refuse("count", fmt::format("at most the {} trajectories", ensemble.trajectories));
    paths.finish();
  }
  read_phases(section, draft.experiment);
  read_events(section, draft);
  read_requests(section, draft);
  if (const auto basins = section.name("basins", {"stated", "gradient-flow"})) {
    record.basins_by_flow = *basins == "gradient-flow";
    const std::string obstacle =
        record.basins_by_flow && draft.landscape ? landscapes::raster_obstacle(*draft.landscape) : "";
    if (!obstacle.empty()) section.refuse("basins", fmt::format("\"stated\", for {}", obstacle));
  }
  section.finish(home_of);
}

void write_record(ResolvedWriter& w) {
  w.table("record");
  w.key("density", [](const Experiment& e) { return density_text(e.record.density); });
  w.key("paths", [](const Experiment& e) {
    return e.record.path_count == 0
               ? std::string()
               : fmt::format("{{ count = {}, every = {} }}", e.record.path_count, e.record.path_every);
  });
  for (const Recorded& thing : recorded_things())
    if (thing.has_key) w.key(thing.name, thing.text);
  w.key("phases", [](const Experiment& e) {
    const auto& [of, bins, at_end] = e.record.phases;
    return of.empty() ? "" : fmt::format("{{ of = \"{}\", bins = {}, at_end = {} }}", of, bins, at_end);
  });
  w.key("events", [](const Experiment& e) {
    return e.record.events.empty() ? std::string() : events_text(e.record.events, time_step(e));
  });
  w.key("basins", [](const Experiment& e) { return e.record.basins_by_flow ? toml("gradient-flow") : ""; });
}

}  // namespace kramers::analysis
