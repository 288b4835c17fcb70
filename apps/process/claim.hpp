#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/results/lock_file.hpp"
#include "analysis/results/part_file.hpp"

namespace kramers::apps {

/// The name of what a command makes, its own while this lives: nobody else can make it meanwhile, nothing that is read
/// is written over, and what killed ones left there is gone.
class Claim {
 public:
  /// `beside`: names of files that may be written along with it. `read`: files that the command reads. Throws where the
  /// output cannot be written, or another process is making it, and names what is in the way.
  Claim(const std::string& output, const std::vector<std::string>& beside, const std::vector<std::string>& read);

  /// Whether nothing lies under one of its names, or what lay there when this began.
  bool is_as_found(const std::string& name) const;

 private:
  std::optional<analysis::LockFile> lock_;
  std::map<std::string, std::optional<analysis::FileId>> found_;
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

/// The first name beside it, "a-1.h5", that nothing has, nor any of those that a run wants along with it.
std::string free_name_beside(const std::string& path);

/// Where something was written; `why` it is not the name that was asked for, if it is not.
struct Place {
  std::string name, why;
};

/// Writes under that name; where it is taken (the words for it, or "") or cannot be written any more, beside it. What
/// cannot be written there either is the error of the first attempt.
Place write_or_beside(const std::string& output, const std::string& taken,
                      const std::function<void(const std::string&)>& write);

}  // namespace kramers::apps
