#include "analysis/experiment_file/experiment_sections.hpp"

#include <set>

#include "analysis/experiment_file/checkpoint_section.hpp"
#include "analysis/experiment_file/compare_section.hpp"
#include "analysis/experiment_file/dynamics_section.hpp"
#include "analysis/experiment_file/ensemble_section.hpp"
#include "analysis/experiment_file/landscape_section.hpp"
#include "analysis/experiment_file/record_section.hpp"

namespace kramers::analysis {

std::string home_of(const std::string& key) {
  static const std::set<std::string> keys = [] {
    Problems of_nothing;
    read_sections(parse_document("dynamics.noise = {}\nensemble.until = {}", ""), 0, 1, of_nothing);
    return of_nothing.asked();
  }();
  for (const std::string& full : keys)
    if (full == key || full.ends_with("." + key)) return full;
  return "";
}

Draft read_sections(const Node& document, std::uint64_t run, std::uint64_t runs, Problems& problems) {
  Draft draft;
  draft.run = run;
  draft.runs = runs;
  Section top(&document, "", problems);
  if (auto title = top.string("title")) draft.experiment.title = *title;
  if (auto seed = top.count("seed", 0, 9223372036854775807.0)) draft.experiment.seed = *seed;
  read_landscape(top.section("landscape"), draft);
  read_dynamics(top.section("dynamics"), draft);
  read_ensemble(top.section("ensemble"), draft);
  read_record(top.section("record"), draft);
  read_compare(top.section("compare"), draft);
  read_checkpoint(top.section("checkpoint"), draft.experiment);
  top.find("sweep");
  top.finish(home_of);
  return draft;
}

}  // namespace kramers::analysis
