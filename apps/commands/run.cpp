#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/cost.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "apps/commands/complaint.hpp"
#include "apps/commands/flags.hpp"
#include "apps/commands/run_beginning.hpp"
#include "apps/process/checkpoint.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/process/memory.hpp"
#include "apps/process/progress.hpp"
#include "apps/process/ranks.hpp"
#include "apps/process/slow_task.hpp"
#include "apps/process/streams.hpp"
#include "apps/text/answer.hpp"
#include "apps/text/json.hpp"
#include "apps/text/length.hpp"
#include "apps/text/page.hpp"
#include "apps/text/summary.hpp"

namespace kramers {
namespace {

namespace fs = std::filesystem;

/// "3/64": part 3 of 64, counted from 0.
sde::Part parse_shard(const std::string& text) {
  sde::Part part;
  if (text.empty()) return part;
  const char *end = text.data() + text.size(), *slash = text.data() + std::min(text.find('/'), text.size());
  const auto index = std::from_chars(text.data(), slash, part.index);
  const auto count = std::from_chars(std::min(slash + 1, end), end, part.count);
  const bool numbers = index.ec == std::errc() && index.ptr == slash && count.ec == std::errc() && count.ptr == end;
  if (!numbers || part.index >= part.count || part.count > 1'000'000)
    throw std::invalid_argument("--shard " + text + "; allowed: i/n with i from 0 to n - 1 and n up to 1000000");
  return part;
}

std::string name_of(analysis::Processor processor) {
  return processor == analysis::Processor::cpu ? "cpu" : processor == analysis::Processor::cuda ? "cuda" : "emulated";
}

/// What --device comes to; `reason`: why "auto" did not take a GPU.
struct Choice {
  analysis::Processor processor;
  std::string reason;
};
Choice choose_processor(const RunOptions& options, const std::vector<analysis::StudiedRun>& runs,
                        const analysis::Engine& engine) {
  using analysis::Processor;
  const std::string given = runs.front().run.experiment.ensemble.device;
  const std::string device = options.device.empty() ? given : options.device;
  const std::string setting =
      options.device.empty() ? fmt::format("ensemble.device = \"{}\"", device) : fmt::format("--device {}", device);
  const auto refuse_if = [&](const std::string& obstacle) {
    if (obstacle.empty()) return;
    throw std::invalid_argument(fmt::format("{}: {}; allowed here: --device cpu or auto", setting, obstacle));
  };
  if (device == "cpu") return {Processor::cpu, ""};
  if (device == "emulated") {
    refuse_if(analysis::device_obstacle(runs));
    return {Processor::emulated, ""};
  }
  const analysis::GpuObstacles obstacles = analysis::gpu_obstacles(runs, engine);
  if (device == "cuda") {
    refuse_if(obstacles.impossible);
    return {Processor::cuda, ""};
  }
  for (const std::string& reason : {obstacles.brief, obstacles.unwise})
    if (!reason.empty()) return {Processor::cpu, reason};
  return {Processor::cuda, ""};
}

/// Of this shard, by all its ranks. A step at a multiple of h, which takes as many times the normals, counts as so
/// many.
double trajectory_steps(const analysis::StudiedRun& studied, const analysis::Engine& engine) {
  const double steps = double(studied.run.experiment.ensemble.burn_in) + double(studied.run.experiment.ensemble.steps);
  return steps * studied.multiple() * double(analysis::trajectories_of_shard(studied, engine));
}

void print_prologue(const analysis::ExperimentFile& file, const std::vector<analysis::StudiedRun>& runs,
                    const analysis::Engine& engine, const std::string& why_cpu) {
  apps::tell("{}\n", apps::wrapped(file.runs.front().experiment.title));
  double total = 0;
  for (const analysis::StudiedRun& studied : runs) {
    const std::string which =
        fmt::format("{}run {} of {}: ", studied.index < 2 ? "\n" : "", studied.index + 1, file.runs.size());
    if (studied.index == 0)
      apps::tell("{}", apps::wrapped(which + apps::label(studied) + "\n" + apps::length_line(studied) +
                                     apps::prologue(studied)));
    else if (!studied.companion)
      apps::tell("{}", apps::wrapped(which + apps::brief_prologue(studied)));
    total += trajectory_steps(studied, engine);
  }
  const double rate = analysis::measure_rate(runs.front(), engine);
  std::string where = fmt::format("{} thread{}", engine.threads, engine.threads == 1 ? "" : "s");
  if (engine.processor != analysis::Processor::cpu) where = name_of(engine.processor);
  if (!why_cpu.empty()) apps::tell("{}", apps::wrapped(fmt::format("\ndevice: cpu ({})\n", why_cpu)));
  if (engine.rank.count > 1) where = fmt::format("{} ranks of {}", engine.rank.count, where);
  if (engine.shard.count > 1) where += fmt::format(", shard {} of {}", engine.shard.index, engine.shard.count);
  apps::tell("{}", apps::wrapped(fmt::format("\n{:.3g} trajectory-steps in all at {:.3g} a second on {}: about {}\n\n",
                                             total, rate, where, apps::duration_text(total / rate))));
}

/// The run that was interrupted, if one was. Progress is told as if all ranks were as fast as this one.
std::optional<int> simulate(std::vector<analysis::StudiedRun>& runs, const analysis::Engine& engine,
                            apps::Checkpoints& checkpoints, apps::Progress& progress) {
  double total = 0, before = 0;  // trajectory-steps: of all runs, before this run
  for (const analysis::StudiedRun& studied : runs) total += trajectory_steps(studied, engine);
  progress.begin_with(checkpoints.done_before());
  for (analysis::StudiedRun& studied : runs) {
    if (!checkpoints.go_on()) return studied.index;  // interrupted at the very end of the run before
    progress.run(studied.index + 1, int(runs.size()));
    const double a_step = studied.multiple() * double(analysis::trajectories_of_shard(studied, engine));
    const auto monitor = [&](std::uint64_t steps, std::uint64_t diverged) {
      progress.update(before + double(steps) * a_step, total,
                      apps::label(studied) + (diverged > 0 ? fmt::format(", {} diverged", diverged) : ""));
      return checkpoints.go_on();
    };
    if (!analysis::simulate(studied, engine, monitor, checkpoints.restart(studied.index))) return studied.index;
    before += trajectory_steps(studied, engine);
  }
  checkpoints.finish();
  return checkpoints.go_on() ? std::nullopt : std::optional(int(runs.size()) - 1);
}

[[noreturn]] void stop(const apps::Ranks& ranks, int run, std::size_t runs, const apps::Checkpoints& checkpoints) {
  const std::string& problem = checkpoints.problem();
  const std::string where = fmt::format("kramers: interrupted in run {} of {}", run + 1, runs);
  if (!problem.empty())
    ranks.abort(status::failure, fmt::format("{}; no checkpoint could be written, and what was done since the last one "
                                             "is lost: {}",
                                             where, problem));
  if (!checkpoints.moved().empty())
    ranks.abort(
        status::interrupted,
        fmt::format("{}; {}; to go on from it: the same command with --resume, when it lies where that one does", where,
                    checkpoints.moved()));
  ranks.abort(status::interrupted, where + "; to go on from the checkpoint: the same command with --resume");
}

int run_on(const apps::Ranks& ranks, const RunOptions& options, apps::Interrupt& interrupt) {
  const std::string start = apps::utc_now();
  analysis::Engine engine{.threads = ranks.threads(options.threads),
                          .shard = parse_shard(options.shard),
                          .rank = {std::uint64_t(ranks.index()), std::uint64_t(ranks.count())},
                          .rank_on_machine = ranks.index_on_machine(),
                          .ranks_on_machine = ranks.count_on_machine()};
  const bool is_shard = !options.shard.empty();
  const auto replace = options.overwrite ? analysis::Replace::anything : analysis::Replace::ours;

  // 1. Everything that can be wrong is found before anything runs.
  const bool is_input = options.experiment == analysis::standard_input;
  const std::string stem = is_input ? "experiment" : fs::path(options.experiment).stem().string();
  std::string output = options.output;
  if (is_input && output.empty())
    throw std::invalid_argument("an experiment on standard input has no name for its results; allowed: -o FILE.h5");
  if (is_shard) {
    const fs::path folder = output.empty() ? "parts" : output;
    output = (folder / analysis::shard_name(stem, engine.shard)).string();
  } else if (output.empty()) {
    output = stem + ".h5";
  }
  analysis::ExperimentFile given = analysis::read_experiment_file(options.experiment, options.set);
  const auto check_agreed = [&](const std::string& text, bool finished) {
    ranks.check_agreed(fmt::format("shard {} of {} in {}{} of\n{}", engine.shard.index, engine.shard.count, output,
                                   finished ? " (finished)" : "", text));
  };
  check_agreed(given.text_resolved, false);
  if (is_shard) {
    const fs::path folder = fs::path(output).parent_path();
    std::error_code error;
    if (fs::create_directories(folder, error); error)
      throw std::runtime_error(fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  }
  std::optional<apps::Claim> claim;
  if (ranks.is_first()) claim.emplace(output, apps::names_beside(output), std::vector{options.experiment});
  ranks.meet();  // nobody looks at what lies there before the first rank has the name
  apps::Beginning beginning = apps::begin(options, std::move(given), output, engine.shard, ranks);
  analysis::ExperimentFile& file = beginning.file;
  check_agreed(file.text_resolved, beginning.finished);
  if (beginning.finished) return status::done;
  if (ranks.is_first()) {
    const analysis::Undisturbed undisturbed;
    is_shard ? analysis::check_shard_writable(output, replace) : analysis::check_writable(output, replace);
  }

  // 2. What theory knows beforehand, and pilots, where the lengths of runs are left to them.
  std::vector<analysis::StudiedRun> runs = apps::prepare(file);
  const Choice choice = choose_processor(options, runs, engine);
  engine.processor = choice.processor;
  apps::check_memory(runs, engine);
  if (analysis::is_undecided(file)) {
    apps::Progress progress(apps::Progress::for_standard_error(options.quiet || !ranks.is_first()));
    file = analysis::with_lengths(file, options.set, apps::lengths_by_pilots(runs, engine.threads, progress));
    check_agreed(file.text_resolved, false);
    runs = apps::prepare(file);
  }
  runs = analysis::with_companions(std::move(runs));
  apps::check_memory(runs, engine);
  if (beginning.from && ranks.is_first()) apps::check_continuable(*beginning.from, runs, engine);
  const bool talkative = ranks.is_first() && !options.quiet && !options.json;
  if (talkative) print_prologue(file, runs, engine, choice.reason);
  if (ranks.is_first() && !talkative)
    for (const analysis::StudiedRun& studied : runs)
      for (const std::string& warning : studied.companion ? std::vector<std::string>() : apps::warnings(studied))
        apps::warn("kramers: warning: {}: {}\n", apps::label(studied), warning);

  // 3. The simulation, with checkpoints. From here to the end it stops between steps, and a file is written whole.
  interrupt.hold();
  if (options.overwrite && !options.resume && ranks.is_first()) apps::remove_checkpoints(output);
  apps::Progress progress(apps::Progress::for_standard_error(options.quiet || !ranks.is_first()));
  apps::Checkpoints checkpoints(file, output, ranks, engine, runs, beginning.from.get(), claim ? &*claim : nullptr,
                                options.overwrite, interrupt, progress);
  ranks.meet();  // all have opened the checkpoint that the first one may soon replace
  const std::optional<int> interrupted = simulate(runs, engine, checkpoints, progress);
  if (interrupted) {
    progress.clear();
    stop(ranks, *interrupted, runs.size(), checkpoints);
  }
  progress.finish();

  // 4. One whole of the ranks' parts.
  std::vector<sde::RunStatistics> statistics;
  for (analysis::StudiedRun& studied : runs) statistics.push_back(std::move(studied.statistics));
  const std::uint64_t traffic = ranks.merge(statistics);
  if (!ranks.is_first()) return status::done;

  // 5. The answer, and the file; where another has come to lie under its name, beside that.
  const std::string taken =
      options.overwrite || claim->is_as_found(output) ? "" : apps::taken_meanwhile(output, file, options.set);
  const auto end = [&](const apps::Place& results) {
    const apps::Place final_state = checkpoints.retire(results.name);
    std::vector<std::string> beside;
    if (!results.why.empty()) beside.push_back(results.why + "; the results are in " + results.name);
    if (!final_state.why.empty()) beside.push_back(final_state.why + "; the final state is in " + final_state.name);
    if (!beside.empty()) throw std::runtime_error(fmt::format("{}", fmt::join(beside, "; ")));
    return status::done;
  };
  const auto provenance = apps::provenance(start, {{"device", analysis::device_name(engine)},
                                                   {"threads", std::to_string(engine.threads)},
                                                   {"ranks", std::to_string(ranks.count())},
                                                   {"bytes_between_ranks", std::to_string(traffic)}});
  if (is_shard) {
    const analysis::Shard shard{file.text_as_given, file.text_resolved, engine.shard, std::move(statistics),
                                provenance};
    const apps::Place place = apps::write_or_beside(
        output, taken, [&](const std::string& name) { analysis::write_shard(shard, name, replace); });
    if (options.json)
      apps::tell("{}\n", Json{{"shard", engine.shard.index}, {"of", engine.shard.count}, {"file", place.name}}.dump());
    else
      apps::tell("shard {} of {}: {}\n", engine.shard.index, engine.shard.count, place.name);
    return end(place);
  }
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].statistics = std::move(statistics[i]);
  analysis::take_in_companions(runs);
  const apps::Form form = options.json ? apps::Form::json : talkative ? apps::Form::drawings : apps::Form::table;
  return end(apps::conclude(file, runs, form, provenance, output, taken, replace));
}

int run(const RunOptions& options) {
  // To the very end of the program: when the file is written no signal makes it a failure.
  static auto& interrupt =
      *new apps::Interrupt("kramers: interrupted before the simulation began: nothing of it is lost\n");
  const apps::Ranks ranks(!options.shard.empty());
  try {
    return run_on(ranks, options, interrupt);
  } catch (const std::exception&) {
    if (ranks.count() == 1) throw;
    const Complaint complaint = current_complaint();  // the other ranks may be waiting for this one
    ranks.abort(complaint.status, complaint.words);
  }
}

}  // namespace

Command run_command() {
  return command_of<RunOptions>(
      "run", "simulate an experiment and judge it",
      "  kramers run wide_minimum.toml -o wide.h5 --set dynamics.batch_size=16", run, [](Flags& flags, RunOptions& o) {
        flags.experiment(o.experiment);
        flags.add(
            {.name = "-o,--output",
             .value = &o.output,
             .what = "results file; default: in this folder, named after the experiment",
             .type = "FILE.h5",
             .refuse = [](const std::string& name) { return name.empty() ? "the name of a file is empty" : ""; }});
        flags.set(o.set);
        flags.add({.name = "--shard",
                   .value = &o.shard,
                   .what = "only part i of n of every run, i from 0; -o is then a folder (default: parts)",
                   .type = "i/n"});
        flags.threads(o.threads);
        flags.add(
            {.name = "--device",
             .value = &o.device,
             .what =
                 "cpu, cuda, auto (a GPU where it is worth it; default) or emulated (a GPU's own function, by the CPU)",
             .one_of = {"cpu", "cuda", "auto", "emulated"}});
        flags.add({.name = "--resume",
                   .value = &o.resume,
                   .what = "go on from the checkpoint beside the results file, if there is one"});
        flags.add({.name = "--extend",
                   .value = &o.extend,
                   .what = "lengthen the finished run whose final state was kept ([checkpoint])",
                   .type = "STEPS",
                   .range = {{1, analysis::longest_run}}});
        flags.add(
            {.name = "--overwrite",
             .value = &o.overwrite,
             .what =
                 "begin even where other results, an unfinished run's checkpoint or another file have to give way"});
        flags.add({.name = "--quiet", .value = &o.quiet, .what = "no prologue, no progress"});
        flags.json(o.json);
      });
}

}  // namespace kramers
