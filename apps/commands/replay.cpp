#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>

#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/path_file.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/results_of.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "apps/commands/flags.hpp"
#include "apps/commands/read_results.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/process/streams.hpp"
#include "apps/text/answer.hpp"
#include "apps/text/json.hpp"
#include "apps/text/summary.hpp"

namespace kramers {
namespace {

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

using sde::Moment;

struct Steps {
  std::uint64_t first, last, every;
  bool contain(std::uint64_t step) const { return step >= first && step <= last && (step - first) % every == 0; }
};

/// "a:b", of which each may be left out: from step a to step b.
Steps steps_of(const ReplayOptions& options, std::uint64_t total) {
  Steps steps{0, total, options.every};
  if (options.steps.empty()) return steps;
  const auto colon = options.steps.find(':');
  const auto number = [&](std::string_view text, std::uint64_t& value) {
    if (text.empty()) return true;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  const std::string_view text = options.steps;
  if (colon == text.npos || !number(text.substr(0, colon), steps.first) ||
      !number(text.substr(colon + 1), steps.last) || steps.first > steps.last || steps.last > total)
    throw std::invalid_argument(
        fmt::format("--steps {}; allowed: a:b with 0 <= a <= b <= {}, the steps of the run", options.steps, total));
  return steps;
}

/// Holds what is replayed against what the file says of it: states that were kept, and where it diverged.
class FileCheck {
 public:
  FileCheck(const analysis::StudiedRun& studied, std::uint64_t trajectory)
      : s_(studied.statistics),
        trajectory_(trajectory),
        kept_(trajectory < s_.chains),
        burn_in_(studied.run.experiment.ensemble.burn_in),
        every_(studied.run.experiment.record.path_every) {
    for (const sde::Divergence& divergence : s_.divergences)
      if (divergence.trajectory == trajectory) told_ = divergence;
  }

  void see(const Moment& moment) {
    if (!kept_ || moment.step <= burn_in_ || (moment.step - burn_in_) % every_ != 0) return;
    const std::uint64_t draw = (moment.step - burn_in_) / every_ - 1;
    if (draw >= s_.draws) return;
    const double* kept = s_.paths.data() + (trajectory_ * s_.draws + draw) * s_.dim;
    for (int i = 0; i < s_.dim; ++i)
      if (std::bit_cast<std::uint64_t>(kept[i]) != std::bit_cast<std::uint64_t>(moment.theta[i]))
        throw std::runtime_error(
            fmt::format("theta_{} after step {} is {:.17g}, and {:.17g} in the file: it was computed by another build",
                        i, moment.step, moment.theta[i], kept[i]));
    ++compared_;
  }

  void end(const std::optional<sde::Divergence>& divergence, std::uint64_t last) const {
    const auto place = [](const std::optional<sde::Divergence>& d) {
      return d ? fmt::format("diverges at step {} from ({:.17g})", d->step, fmt::join(d->where, ", "))
               : std::string("does not diverge");
    };
    const bool all_told = s_.divergences.size() == s_.diverged;
    const std::optional<sde::Divergence> due = told_ && told_->step <= last ? told_ : std::nullopt;
    if (!due && divergence && !all_told) return;
    if (due.has_value() != divergence.has_value() ||
        (due && (due->step != divergence->step || due->where != divergence->where)))
      throw std::runtime_error(fmt::format("the trajectory {}, and {} by the file: it was computed by another build",
                                           place(divergence), place(due)));
  }

  /// What was found the same.
  std::string words(const std::optional<sde::Divergence>& divergence) const {
    std::string text;
    if (divergence) text = fmt::format("diverged at step {}{}; ", divergence->step, told_ ? ", as the file says" : "");
    if (!kept_) return text + "its path was not kept: no state to compare with";
    return text + fmt::format("{} of its {} kept states compared: the same bits", compared_, s_.draws);
  }
  std::uint64_t compared() const { return compared_; }

 private:
  const sde::RunStatistics& s_;
  std::uint64_t trajectory_;
  bool kept_;
  std::uint64_t burn_in_, every_, compared_ = 0;
  std::optional<sde::Divergence> told_;
};

std::string csv_heading(int dim) {
  std::string line = "step,t";
  for (int i = 0; i < dim; ++i) line += fmt::format(",theta_{}", i);
  return line + ",loss\n";
}

std::string csv_line(const Moment& moment, double t, bool exact) {
  const auto number = [&](double x) { return exact ? fmt::format("{:a}", x) : fmt::format("{:.17g}", x); };
  std::string line = fmt::format("{},{}", moment.step, number(t));
  for (double x : moment.theta) line += fmt::format(",{}", number(x));
  return line + fmt::format(",{}\n", number(moment.loss));
}

/// Only another path may give way to a path, and only a table of its columns to a table.
void check_path_or_absent(const std::string& name, int dim) {
  if (!std::filesystem::exists(name)) return;
  bool is_path = false;
  if (name.ends_with(".h5")) {
    try {
      is_path = analysis::Hdf5Reader(name).has_attribute("/", "trajectory");
    } catch (const std::runtime_error&) {
    }
  } else {
    std::string line;
    std::getline(std::ifstream(name), line);
    is_path = line + "\n" == csv_heading(dim);
  }
  if (!is_path)
    throw std::invalid_argument(
        fmt::format("will not overwrite {}: it is not what replay writes; allowed: --overwrite, or another -o", name));
}

Json states_of(const analysis::Path& path) {
  Json theta = Json::array();
  for (std::size_t i = 0; i < path.step.size(); ++i)
    theta.push_back(std::vector<double>(path.theta.begin() + i * path.dim, path.theta.begin() + (i + 1) * path.dim));
  return {{"step", path.step}, {"t", path.t}, {"theta", theta}, {"loss", path.loss}};
}

const analysis::StudiedRun& run_of(const analysis::Reread& r, const ReplayOptions& options) {
  if (options.run >= int(r.runs.size()))
    throw std::invalid_argument(
        fmt::format("--run {}: {} holds the runs 0 to {}", options.run, options.file, r.runs.size() - 1));
  const std::uint64_t trajectories = r.runs[options.run].run.experiment.ensemble.trajectories;
  if (options.trajectory >= trajectories)
    throw std::invalid_argument(fmt::format("--trajectory {}: {} holds the trajectories 0 to {}", options.trajectory,
                                            options.file, trajectories - 1));
  return r.runs[options.run];
}

constexpr const char* nothing_written = "kramers: interrupted; nothing was written\n";
struct Interrupted {};

int replay(const ReplayOptions& options) try {
  const std::string start = apps::utc_now();
  const bool to_hdf5 = options.output.ends_with(".h5");
  if (!options.output.empty() && !to_hdf5 && !options.output.ends_with(".csv"))
    throw std::invalid_argument("--output " + options.output + ": allowed: a name that ends in .csv or .h5");

  // 1. The run, as the file has it, and everything that can be wrong.
  const analysis::Results results = apps::read_results(options.file);
  if (results.counter_layout_version != sde::counter_layout_version)
    throw std::invalid_argument(
        fmt::format("the noise of {} is numbered by layout {}; this kramers can replay layout {}", options.file,
                    results.counter_layout_version, sde::counter_layout_version));
  const analysis::Reread reread = analysis::reread(results);
  const analysis::StudiedRun& studied = run_of(reread, options);
  const auto& ensemble = studied.run.experiment.ensemble;
  const Steps steps = steps_of(options, ensemble.burn_in + ensemble.steps);
  const auto replace = options.overwrite ? analysis::Replace::anything : analysis::Replace::ours;
  std::optional<apps::Interrupt> interrupt;
  std::optional<apps::Claim> claim;
  std::optional<analysis::PartFile> csv_file;
  if (!options.output.empty()) {
    interrupt.emplace(nothing_written);
    claim.emplace(options.output, std::vector<std::string>(), std::vector{options.file});
    interrupt->hold();
    if (!options.overwrite) check_path_or_absent(options.output, studied.landscape->dim());
    if (to_hdf5)
      analysis::check_writable(options.output, replace);
    else
      csv_file.emplace(options.output);
  }

  // 2. The trajectory, step by step.
  const double time_step = studied.theory.derived.time_step;
  const bool to_csv = !to_hdf5 && (csv_file || !options.json);
  const auto put = [&](const std::string& line) {
    if (csv_file)
      csv_file->append(std::as_bytes(std::span(line)));
    else
      fmt::print("{}", line);
  };
  analysis::Path path{.title = results.title,
                      .experiment = results.experiment_resolved,
                      .seed = results.seed,
                      .run = std::uint64_t(options.run),
                      .trajectory = options.trajectory,
                      .dim = studied.landscape->dim()};
  FileCheck check(studied, options.trajectory);
  std::uint64_t shown = 0;
  double t = 0;  // the sum of the time steps
  const auto course = analysis::course_of(studied.run.experiment);
  if (to_csv) put(csv_heading(path.dim));
  const auto divergence = analysis::replay(studied, options.trajectory, steps.last, [&](const Moment& moment) {
    if (interrupt && interrupt->requested()) throw Interrupted();
    check.see(moment);
    if (!course)
      t = double(moment.step) * time_step;
    else if (moment.step > 0)
      t += course->stage(moment.step - 1).parameters.time_step;
    if (!steps.contain(moment.step)) return;
    ++shown;
    if (to_csv) return put(csv_line(moment, t, options.exact));
    path.step.push_back(std::int64_t(moment.step));
    path.t.push_back(t);
    path.theta.insert(path.theta.end(), moment.theta.begin(), moment.theta.end());
    path.loss.push_back(moment.loss);
  });
  check.end(divergence, steps.last);

  // 3. The file, and what was found the same.
  if (csv_file) {
    csv_file->flush();
    csv_file->become_target();
  }
  if (to_hdf5) analysis::write(path, apps::provenance(start, {{"device", "cpu"}}), options.output, replace);
  if (options.json) {
    Json all{{"file", options.file},   {"run", options.run},    {"trajectory", options.trajectory},
             {"time_step", time_step}, {"first", steps.first},  {"last", steps.last},
             {"every", steps.every},   {"states_shown", shown}, {"kept_states", check.compared()},
             {"diverged", nullptr}};
    if (divergence) all["diverged"] = {{"step", divergence->step}, {"from", divergence->where}};
    if (options.output.empty())
      all["states"] = states_of(path);
    else
      all["output"] = options.output;
    apps::tell("{}\n", all.dump());
  } else {
    std::fflush(stdout);
    apps::warn("trajectory {} of run {} ({}): {} states; {}\n", options.trajectory, options.run, apps::label(studied),
               shown, check.words(divergence));
  }
  return status::done;
} catch (const Interrupted&) {
  apps::warn("{}", nothing_written);
  return status::interrupted;
}

}  // namespace

Command replay_command() {
  return command_of<ReplayOptions>(
      "replay", "one trajectory of a finished run again, bit for bit",
      "  kramers replay wide.h5 --trajectory 5 --steps 0:1000 > path.csv\n"
      "  kramers replay wide.h5 --trajectory 5 --run 2 --every 100 -o path.h5",
      replay, [](Flags& flags, ReplayOptions& o) {
        flags.results(o.file);
        flags.add({.name = "--trajectory",
                   .value = &o.trajectory,
                   .what = "its number, from 0",
                   .required = true,
                   .type = "K",
                   .refuse = [](const std::string& word) {
                     return word.starts_with('-') ? word + " is no number of a trajectory; allowed: from 0" : "";
                   }});
        flags.add(
            {.name = "--run", .value = &o.run, .what = "run of a sweep; default: 0", .whole_range = {{0, 65535}}});
        flags.add({.name = "--steps",
                   .value = &o.steps,
                   .what = "from step a to step b, counted from the start; default: all",
                   .type = "a:b"});
        flags.add({.name = "--every",
                   .value = &o.every,
                   .what = "only each n-th step from a on",
                   .type = "n",
                   .range = {{1, analysis::longest_run}}});
        flags.add({.name = "-o,--output",
                   .value = &o.output,
                   .what = "file to write; default: CSV on standard output",
                   .type = "PATH.csv|PATH.h5"});
        flags.overwrite(o.overwrite);
        flags.add({.name = "--exact", .value = &o.exact, .what = "CSV with hexadecimal numbers, not with 17 digits"});
        flags.json(o.json);
      });
}

}  // namespace kramers
