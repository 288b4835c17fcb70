#include <fmt/format.h>

#include <stdexcept>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/study.hpp"
#include "apps/commands/command.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/text/answer.hpp"

namespace kramers {

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
  whole.provenance["shards"] = std::to_string(options.parts.size());
  apps::conclude(file, runs, options.json ? apps::Form::json : apps::Form::table, whole.provenance, options.output,
                 replace);
  return status::done;
}

}  // namespace kramers
