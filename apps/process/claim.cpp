#include "apps/process/claim.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "analysis/experiment_file/experiment_text.hpp"
#include "analysis/results/checkpoint_file.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/pilots.hpp"
#include "apps/process/checkpoint.hpp"
#include "apps/process/streams.hpp"

namespace kramers::apps {
namespace {

namespace fs = std::filesystem;

/// The experiment of what lies there, "" where it is a trajectory that was replayed; nullopt: nothing of kramers does,
/// or it is damaged.
std::optional<std::string> experiment_at(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  const auto try_as = [](auto read) -> std::optional<std::string> {
    try {
      return std::string(read());
    } catch (const std::exception&) {
      return std::nullopt;
    }
  };
  if (path.ends_with(analysis::final_state_name("")))
    return try_as([&] { return analysis::Checkpoint(path).of().experiment; });
  if (path.ends_with(".part"))
    if (auto experiment = try_as([&] { return analysis::read_shard(path).experiment_resolved; })) return experiment;
  return try_as([&] {
    const analysis::Hdf5Reader file(path);
    return file.has_attribute("/", "trajectory") ? std::string() : file.text("/", "experiment_resolved");
  });
}

}  // namespace

Claim::Claim(const std::string& output, const std::vector<std::string>& beside, const std::vector<std::string>& read) {
  // 1. What is there.
  std::vector<std::string> all = beside;
  all.push_back(output);
  for (const std::string& name : all)
    for (const std::string& input : read)
      if (std::error_code error; fs::equivalent(name, input, error))
        throw std::invalid_argument(
            fmt::format("will not overwrite {}: it is what is read; allowed: another -o", input));
  const analysis::PartFile could_be_written(output);
  for (const std::string& name : beside) analysis::check_regular_or_absent(name);

  // 2. From now on it is ours.
  lock_.emplace(output);
  if (!lock_->holds())
    warn("kramers: warning: the file system of {} knows no locks: see to it that nothing else makes it\n", output);
  for (const std::string& name : all) analysis::remove_unfinished(name, lock_->holds());
  for (const std::string& name : all) found_[name] = analysis::file_id(name);
}

bool Claim::is_as_found(const std::string& name) const {
  const auto now = analysis::file_id(name);
  return !now || now == found_.at(name);
}

analysis::ExperimentFile with_lengths_of(const std::string& experiment_there, const analysis::ExperimentFile& here,
                                         const std::vector<std::string>& set) {
  if (!analysis::is_undecided(here)) return here;
  const auto there = analysis::read_experiment(experiment_there, "experiment");
  const auto& until = there.runs.front().experiment.ensemble.until;
  if (!until || there.runs.size() != here.runs.size() || until->decided.empty()) return here;
  return analysis::with_lengths(here, set, until->decided);
}

void check_same_experiment(const std::string& path, const analysis::ExperimentFile& here,
                           const std::vector<std::string>& set) {
  const auto there = experiment_at(path);
  if (!there) return;
  std::string what = "it is a trajectory that was replayed";
  if (!there->empty()) {
    std::vector<std::string> all = analysis::differences(*there, with_lengths_of(*there, here, set).text_resolved);
    if (all.empty()) return;
    constexpr std::size_t most = 3;
    const std::size_t more = all.size() - std::min(all.size(), most);
    all.resize(all.size() - more);
    what = fmt::format("it is of another experiment, {}{}", fmt::join(all, ", "),
                       more > 0 ? fmt::format(", and {} more", more) : "");
  }
  throw std::invalid_argument(
      fmt::format("will not overwrite {}: {}; allowed: --overwrite, or another -o", path, what));
}

std::string taken_meanwhile(const std::string& path, const analysis::ExperimentFile& here,
                            const std::vector<std::string>& set) {
  try {
    check_same_experiment(path, here, set);
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  std::error_code error;
  if (!fs::exists(path, error) || experiment_at(path)) return "";
  return "will not overwrite " + path + ": it is no file of kramers";
}

std::string free_name_beside(const std::string& path) {
  const fs::path name(path);
  for (int n = 1;; ++n) {
    fs::path beside = name;
    beside.replace_filename(fmt::format("{}-{}{}", name.stem().string(), n, name.extension().string()));
    std::vector<std::string> all = names_beside(beside.string());
    all.insert(all.end(), {beside.string(), beside.string() + ".lock"});
    if (std::ranges::none_of(all, [](const std::string& wanted) { return analysis::file_id(wanted).has_value(); }))
      return beside.string();
  }
}

Place write_or_beside(const std::string& output, const std::string& taken,
                      const std::function<void(const std::string&)>& write) {
  std::exception_ptr first;
  std::string why = taken;
  if (why.empty()) try {
      write(output);
      return {output, ""};
    } catch (const std::exception& error) {
      first = std::current_exception();
      why = error.what();
    }
  const std::string beside = free_name_beside(output);
  try {
    write(beside);
  } catch (const std::exception&) {
    if (first) std::rethrow_exception(first);
    throw;
  }
  return {beside, why};
}

}  // namespace kramers::apps
