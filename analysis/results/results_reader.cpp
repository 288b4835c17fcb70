#include <charconv>
#include <stdexcept>

#include "analysis/document/plain_text.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

class ResultsReader {
 public:
  ResultsReader(const std::string& path, Origin origin) : path_(path), file_(path, origin) {
    if (!file_.is_ours()) refuse("it is not a results file of kramers");
    if (!file_.has_attribute("/", commit_mark::name) || file_.text("/", commit_mark::name) != commit_mark::complete)
      refuse("it lacks the mark of a finished file");
    if (!file_.has_attribute("/", "layout_version") || file_.integer("/", "layout_version") != layout::version)
      refuse("it has another layout version than this kramers (" + std::to_string(layout::version) + ")");
    if (file_.seal() == SealState::holds) return;
    if (!file_.is_unchanged())
      refuse("another program has changed it: its seal is missing, and the checksum of its results does not hold");
    results_.warnings.push_back(path +
                                " lacks the seal that kramers writes: another program has copied it, though the "
                                "results in it are those that were written, by their checksum");
  }

  Results read() {
    heading();
    dimensions();
    for (const GroupKind& kind : group_kinds()) kind.read(file_, results_);
    return std::move(results_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw std::runtime_error("cannot read " + path_ + ": " + what);
  }

  void heading() {
    results_.path = path_;
    results_.title = file_.text("/", "title");
    results_.counter_layout_version = file_.integer("/", "counter_layout_version");
    const std::string seed = file_.text("/", "seed");
    const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), results_.seed);
    if (error != std::errc() || end != seed.data() + seed.size())
      refuse("its seed is '" + seed + "', which is no number");
    results_.experiment_as_given = file_.text("/", "experiment_as_given");
    results_.experiment_resolved = file_.text("/", "experiment_resolved");
    const std::string group(provenance_group);
    if (!file_.has(group)) refuse("it lacks " + group);
    for (const auto& name : file_.attributes(group))
      if (name != commit_mark::digest) results_.provenance[name] = file_.text(group, name);
  }

  void dimensions() {
    results_.runs.resize(count_of(file_, "/sweep/run"));
    const int groups = count_of(file_, "/ensemble/group"), replicates = count_of(file_, "/ensemble/replicate"),
              dim = count_of(file_, "/moments/param");
    if (replicates > sde::max_replicates) refuse("it has more replicates than kramers makes");
    for (RunResults& run : results_.runs) {
      run.statistics.groups = groups;
      run.statistics.replicates = replicates;
      run.statistics.dim = dim;
    }
  }

  std::string path_;
  Hdf5Reader file_;
  Results results_;
};

}  // namespace

Results read(const std::string& path) { return read(path, Origin::foreign); }

Results read(const std::string& path, Origin origin) {
  try {
    return ResultsReader(path, origin).read();
  } catch (const std::exception& error) {
    const std::string words = printable(error.what());
    if (words.starts_with("cannot read ")) throw;
    throw std::runtime_error("cannot read " + path + ": " + words);
  }
}

}  // namespace kramers::analysis
