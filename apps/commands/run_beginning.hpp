#pragma once

#include <memory>
#include <string>

#include "analysis/results/checkpoint_file.hpp"
#include "apps/commands/command.hpp"
#include "apps/process/ranks.hpp"

namespace kramers::apps {

/// What a `run` does, and what it goes on from: the experiment, perhaps a longer one than its file says, and a
/// checkpoint or final state, if there is one.
struct Beginning {
  analysis::ExperimentFile file;
  std::unique_ptr<analysis::Checkpoint> from;
  bool finished = false;  // --resume finds the results: there is nothing left to do
};

/// By --resume and --extend, of the experiment as it was read. Throws, before anything runs, where a checkpoint lies
/// that nobody asked to resume, where none is whole, where one is of another run, and where something foreign would
/// give way that nobody asked to overwrite. Warnings are the first rank's.
Beginning begin(const RunOptions& options, analysis::ExperimentFile file, const std::string& output,
                const sde::Part& shard, const Ranks& ranks);

}  // namespace kramers::apps
