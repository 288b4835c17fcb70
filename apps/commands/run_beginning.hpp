#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/results/checkpoint_file.hpp"
#include "apps/process/ranks.hpp"

namespace kramers {

struct RunOptions {
  std::string experiment;        // path of the experiment file; "-": standard input
  std::string output;            // results file; empty: the experiment's name with .h5. Of a shard: the folder
  std::string shard;             // "i/n": part i of n of every run, i from 0; empty: all
  std::vector<std::string> set;  // key=value, in order
  int threads = 0;               // 0: all cores
  std::string device;            // cpu | cuda | auto | emulated; empty: as the experiment says
  bool resume = false;           // go on from the checkpoint, if there is one
  std::uint64_t extend = 0;      // steps more than the finished run had, whose final state was kept; 0: do not
  bool overwrite = false;        // whatever lies under the names that it writes to gives way
  bool quiet = false;
  bool json = false;
};

namespace apps {

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

}  // namespace apps
}  // namespace kramers
