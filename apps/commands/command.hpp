#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/process/status.hpp"

/// The subcommands of kramers: main.cpp fills the options, each command is a file of its name in this folder.
/// Results go to standard output, progress and warnings to standard error.
namespace kramers {

/// What went wrong, in words for standard error, and the exit status that it means.
struct Complaint {
  std::string words;
  int status;
};
/// Of the exception that is being handled.
Complaint current_complaint();

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

struct PlanOptions {
  std::string experiment;
  std::vector<std::string> set;
  int threads = 0;  // 0: all cores
  bool json = false;
};

struct MergeOptions {
  std::vector<std::string> parts;
  std::string output;
  bool overwrite = false;  // whatever lies there gives way
  bool json = false;
};

struct SlurmOptions {
  std::string experiment, output;
  std::vector<std::string> set;
  int shards = 0;
  int cpus = 1;  // per shard
  std::vector<std::string>
      directives;  // further options of sbatch, such as --time=1:00:00; --array is the array's alone
};

struct CompareOptions {
  std::vector<std::string> files;         // one: against its prediction; two: against each other
  std::optional<std::string> prediction;  // default: what the experiment says
  std::optional<double> tolerance, alpha;
  std::vector<std::size_t> runs;  // of one file, two against each other
  bool json = false;
};

struct ConvergenceOptions {
  std::string experiment;
  std::vector<std::string> set;
  int levels = 5;            // steps: h, h/2, ..., h / 2^(levels - 1)
  std::uint64_t steps = 64;  // of h, until errors are taken
  std::uint64_t paths = 16384;
  bool json = false;
};

struct PlotOptions {
  std::string file;
  std::string figure = "density";  // density | residual
  std::optional<int> run;          // of a sweep; default: all
  int density = 0;                 // of the [record] list
  std::string output;              // SVG
  bool overwrite = false;          // even where another file has to give way
  bool dark = false;
};

struct LandscapesOptions {
  std::string name;  // empty: the list
  bool json = false;
};

struct SchemesOptions {
  std::string name;  // empty: the list
  bool json = false;
};

struct NoiseOptions {
  std::string name;  // empty: the list
  bool json = false;
};

struct ReplayOptions {
  std::string file;
  std::uint64_t trajectory = 0;
  int run = 0;              // of a sweep
  std::string steps;        // "a:b"; empty: all
  std::uint64_t every = 1;  // step
  std::string output;       // CSV or HDF5, by its ending; empty: standard output
  bool overwrite = false;   // whatever lies there gives way
  bool exact = false;       // hexadecimal
  bool json = false;
};

struct ShowOptions {
  std::string file;
  bool experiment = false;  // alone, as resolved
  bool json = false;
};

struct VerifyOptions {
  std::string file;
  bool digest = false;
  bool json = false;
};

struct SelftestOptions {
  std::string device = "cpu";
  bool json = false;
};

struct BenchOptions {
  int threads = 0;  // 0: one, then all cores
  bool json = false;
};

/// Each returns an exit status.
int run(const RunOptions&);
int plan(const PlanOptions&);
int merge(const MergeOptions&);
int slurm(const SlurmOptions&);
int compare(const CompareOptions&);
int convergence(const ConvergenceOptions&);
int plot(const PlotOptions&);
int landscapes_command(const LandscapesOptions&);  // `landscapes` is a namespace
int schemes_command(const SchemesOptions&);
int noise_command(const NoiseOptions&);
int replay(const ReplayOptions&);
int show(const ShowOptions&);
int verify(const VerifyOptions&);
int selftest(const SelftestOptions&);
int bench(const BenchOptions&);

}  // namespace kramers
