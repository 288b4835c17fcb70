#include <fmt/format.h>

#include <stdexcept>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "apps/commands/flags.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/text/answer.hpp"

namespace kramers {
namespace {

struct MergeOptions {
  std::vector<std::string> parts;
  std::string output;
  bool overwrite = false;  // whatever lies there gives way
  bool json = false;
};

int merge(const MergeOptions& options) {
  static auto& interrupt = *new apps::Interrupt("kramers: interrupted; nothing was written\n");  // to the very end
  const apps::Claim claim(options.output, {}, options.parts);
  const auto replace = options.overwrite ? analysis::Replace::anything : analysis::Replace::ours;
  {
    const analysis::Undisturbed undisturbed;
    analysis::check_writable(options.output, replace);
  }
  analysis::Shard whole = analysis::merge_shards(options.parts);

  analysis::ExperimentFile file = analysis::read_experiment(whole.experiment_resolved, "experiment of the shards");
  file.text_as_given = whole.experiment_as_given;
  file.text_resolved = whole.experiment_resolved;
  if (!options.overwrite) apps::check_same_experiment(options.output, file, {});
  std::vector<analysis::StudiedRun> runs = analysis::with_companions(analysis::prepare(file));
  if (runs.size() != whole.runs.size())
    throw std::runtime_error(
        fmt::format("the shards hold {} runs, their experiment has {}", whole.runs.size(), runs.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) analysis::check_fits(runs[i], whole.runs[i], options.parts.front());
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].statistics = std::move(whole.runs[i]);
  analysis::take_in_companions(runs);
  interrupt.hold();  // a file is written whole
  const std::string taken =
      options.overwrite || claim.is_as_found(options.output) ? "" : apps::taken_meanwhile(options.output, file, {});
  whole.provenance["shards"] = std::to_string(options.parts.size());
  const apps::Place place = apps::conclude(file, runs, options.json ? apps::Form::json : apps::Form::table,
                                           whole.provenance, options.output, taken, replace);
  if (!place.why.empty()) throw std::runtime_error(place.why + "; the results are in " + place.name);
  return status::done;
}

}  // namespace

Command merge_command() {
  return command_of<MergeOptions>(
      "merge", "put the shards of an experiment together and judge it",
      "  kramers merge parts/*.part -o wide.h5\n"
      "  kramers run wide.toml --shard 0/2 -o parts    # makes the first of two",
      merge, [](Flags& flags, MergeOptions& o) {
        flags.add(
            {.name = "parts", .value = &o.parts, .what = "every shard once", .required = true, .type = "PART..."});
        flags.add(
            {.name = "-o,--output", .value = &o.output, .what = "results file", .required = true, .type = "FILE.h5"});
        flags.overwrite(o.overwrite);
        flags.json(o.json);
      });
}

}  // namespace kramers
