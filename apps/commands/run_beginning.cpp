#include "apps/commands/run_beginning.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "analysis/results/digest.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/pilots.hpp"
#include "apps/process/checkpoint.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/streams.hpp"

namespace kramers::apps {
namespace {

namespace fs = std::filesystem;

/// The options with another number of steps: in place of the one given, as a run from the beginning would be told, or
/// at the end; and in place of a length by another key.
std::vector<std::string> with_steps(const analysis::ExperimentFile& file, const std::vector<std::string>& set,
                                    std::uint64_t steps) {
  const std::string ours = fmt::format("ensemble.steps={}", steps);
  std::vector<std::string> all;
  bool placed = false;
  for (const std::string& assignment : set) {
    const bool theirs = assignment.substr(0, assignment.find_first_of(" =")) == "ensemble.steps";
    if (!theirs || !placed) all.push_back(theirs ? ours : assignment);
    placed = placed || theirs;
  }
  if (const std::string& key = file.runs.front().experiment.ensemble.length_key; key != "steps")
    all.push_back(fmt::format("ensemble.{}=", key));
  if (!placed) all.push_back(ours);
  return all;
}

/// The final state, and the experiment that is so much longer.
Beginning extended(const RunOptions& options, const analysis::ExperimentFile& file, const std::string& output,
                   const sde::Part& shard) {
  const std::string name = analysis::final_state_name(output);
  if (!fs::exists(name))
    throw std::invalid_argument(fmt::format(
        "--extend: there is no final state {}; allowed after a run with keep = true in [checkpoint]", name));
  Beginning b;
  b.from = std::make_unique<analysis::Checkpoint>(name);
  const auto then = analysis::read_experiment(b.from->of().experiment, "experiment of " + name);
  if (then.runs.front().experiment.ensemble.until)
    throw std::invalid_argument(
        "--extend: ensemble.until has decided how long the runs are; to lengthen them after a look at the results "
        "would be peeking; allowed: another run, with a smaller total_variation_error or with ensemble.steps");
  const std::uint64_t steps = then.runs.front().experiment.ensemble.steps;
  const auto as_then = analysis::read_experiment(file.text, file.name, with_steps(file, options.set, steps));
  analysis::check_same(b.from->of(), checkpoint_of(as_then, shard), name);
  b.file = analysis::read_experiment(file.text, file.name, with_steps(file, options.set, steps + options.extend));
  return b;
}

/// Whether these results, or this shard, lie whole under their name already. A damaged file is made again.
bool is_finished(const analysis::ExperimentFile& file, const std::string& output, const sde::Part& shard,
                 bool is_shard) {
  if (!fs::exists(output) || analysis::is_undecided(file)) return false;
  const auto is_same = [&](const std::string& as_given, const std::string& resolved) {
    return as_given == file.text_as_given && resolved == file.text_resolved;
  };
  try {
    if (!is_shard) {
      if (!analysis::verify(output).good()) return false;
      const analysis::Results there = analysis::read(output);
      return is_same(there.experiment_as_given, there.experiment_resolved);
    }
    const analysis::Shard there = analysis::read_shard(output);
    return there.part == shard && is_same(there.experiment_as_given, there.experiment_resolved);
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// Nothing foreign may give way to what a run writes, nor what another one has left to be resumed.
void check_replaceable(const RunOptions& options, const analysis::ExperimentFile& file, const std::string& output) {
  if (options.overwrite) return;
  const std::string checkpoint = analysis::checkpoint_name(output), final_state = analysis::final_state_name(output);
  for (const std::string& path : {checkpoint, analysis::previous_name(checkpoint)}) {
    if (options.resume || !fs::exists(path)) continue;
    if (!analysis::is_checkpoint(path))
      throw std::invalid_argument(fmt::format(
          "will not overwrite {}: it is no checkpoint of kramers; allowed: --overwrite, or another -o", path));
    throw std::invalid_argument(
        fmt::format("{} is the checkpoint of a run that did not end; allowed: --resume to go on with it, or "
                    "--overwrite to begin anew, or another -o",
                    path));
  }
  if (options.extend > 0) return;  // results and final state are of the run that becomes longer
  check_same_experiment(output, file, options.set);
  if (!file.runs.front().experiment.checkpoint.keep) return;
  if (fs::exists(final_state) && !analysis::is_checkpoint(final_state))
    throw std::invalid_argument(fmt::format(
        "will not overwrite {}: it is no final state of kramers; allowed: --overwrite, or another -o", final_state));
  check_same_experiment(final_state, file, options.set);
}

}  // namespace

Beginning begin(const RunOptions& options, analysis::ExperimentFile file, const std::string& output,
                const sde::Part& shard, const Ranks& ranks) {
  const std::string name = analysis::checkpoint_name(output);
  Beginning b = options.extend > 0 ? extended(options, file, output, shard) : Beginning{std::move(file)};
  check_replaceable(options, b.file, output);
  if (!options.resume) return b;
  analysis::FoundCheckpoint found = analysis::find_checkpoint(name);
  const auto say = [&](const std::string& words) {
    if (ranks.is_first()) warn("kramers: {}\n", words);
  };
  if (!found.warning.empty()) say("warning: " + found.warning);
  if (!found.checkpoint) {
    b.finished = is_finished(b.file, output, shard, !options.shard.empty());
    if (b.finished) {
      say(output + " is finished: nothing is left to do");
      return b;
    }
    say(fmt::format("there is no checkpoint {}: from the {}", name, b.from ? "final state" : "beginning"));
    return b;
  }
  b.file = with_lengths_of(found.checkpoint->of().experiment, b.file, options.set);
  analysis::check_same(found.checkpoint->of(), checkpoint_of(b.file, shard), found.checkpoint->path());
  b.from = std::move(found.checkpoint);
  return b;
}

}  // namespace kramers::apps
