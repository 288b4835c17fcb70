#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/experiment/experiment.hpp"

namespace kramers::analysis {

/// One run of a sweep (or the only run), with everything decided: start points and density ranges are filled in.
struct Run {
  Experiment experiment;
  std::vector<std::pair<std::string, double>> swept;  // "dynamics.batch_size" -> 32, sorted by name
};

struct ExperimentFile {
  std::string text, name;          // as it was read, and what messages call it
  std::string text_as_given;       // the file, then any --set options as comments
  std::string text_resolved;       // with every default filled in; reads back to the same runs
  std::vector<std::string> swept;  // sorted; empty without a sweep
  std::vector<Run> runs;           // at least one; row-major over `swept`, last key fastest, or in step with zip
};

/// An experiment that cannot be run: all that is wrong with it, one line each,
///
///     file:line:column: error: key 'dynamics.batchsize' = 32 is unknown; did you mean 'batch_size'? allowed: ...
struct ExperimentError : std::invalid_argument {
  std::vector<std::string> problems;
  explicit ExperimentError(std::vector<std::string> problems);
};

/// Reads an experiment. `name` is what messages call the file; `overrides` are "key=value" (--set), of which the last
/// wins; overriding a swept key takes it out of the sweep. Throws ExperimentError.
///
/// The text is UTF-8, and neither it nor a name or value in it may hold what HDF5, XML or a terminal cannot carry
/// (plain_text.hpp).
///
/// Times become steps of h: burn_in_time is rounded up, time and sample_every_time must be whole numbers of steps (to
/// 1e-6). Sweepable are numbers of [dynamics] and [landscape] that leave the dimension and the number of minima as
/// they are. A density without a range gets one that leaves out less than about 1e-8 of the Gibbs mass, where the
/// landscape knows its marginal.
ExperimentFile read_experiment(std::string_view text, const std::string& name,
                               const std::vector<std::string>& overrides = {});

/// The name that stands for it where a file is asked for.
inline constexpr const char* standard_input = "-";

/// The text of a file, or of a pipe, which can be read only once. Throws ExperimentError where it cannot be read, or is
/// longer than 16 MB.
std::string experiment_text(const std::string& path);

/// The same from a file.
ExperimentFile read_experiment_file(const std::string& path, const std::vector<std::string>& overrides = {});

}  // namespace kramers::analysis
