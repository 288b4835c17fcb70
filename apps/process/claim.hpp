#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/results/lock_file.hpp"

namespace kramers::apps {

/// The name of what a command makes, its own while this lives: nobody else can make it meanwhile, nothing that is read
/// is written over, and what killed ones left there is gone.
class Claim {
 public:
  /// `beside`: names of files that may be written along with it. `read`: files that the command reads. Throws where the
  /// output cannot be written, or another process is making it, and names what is in the way.
  Claim(const std::string& output, const std::vector<std::string>& beside, const std::vector<std::string>& read);

 private:
  std::optional<analysis::LockFile> lock_;
};

/// The file with the lengths that pilots have found for an experiment there, if they are for as many runs.
analysis::ExperimentFile with_lengths_of(const std::string& experiment_there, const analysis::ExperimentFile& here,
                                         const std::vector<std::string>& set);

/// Throws std::invalid_argument where results, a shard or a final state lie under a name to which this experiment is
/// going to write its own, and are of another one.
void check_same_experiment(const std::string& path, const analysis::ExperimentFile& here,
                           const std::vector<std::string>& set);

/// What a file of another kind or experiment that has come to lie under the name since is, as that would say it; ""
/// where there is none.
std::string taken_meanwhile(const std::string& path, const analysis::ExperimentFile& here,
                            const std::vector<std::string>& set);

/// The first name beside it that nothing has: "a-1.h5".
std::string free_name_beside(const std::string& path);

}  // namespace kramers::apps
