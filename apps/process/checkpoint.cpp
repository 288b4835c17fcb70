#include "apps/process/checkpoint.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <thread>

#include "analysis/results/digest.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/shard_file.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/pilots.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/streams.hpp"

namespace kramers::apps {
namespace {

namespace fs = std::filesystem;
using analysis::Record;

constexpr auto moment = std::chrono::milliseconds(2);

}  // namespace

analysis::CheckpointOf checkpoint_of(const analysis::ExperimentFile& file, const sde::Part& shard) {
  return {file.text_resolved, shard, analysis::simulated_runs(file), file.runs.front().experiment.checkpoint.keep};
}

std::vector<std::string> names_beside(const std::string& output) {
  const std::string checkpoint = analysis::checkpoint_name(output);
  return {checkpoint, analysis::previous_name(checkpoint), analysis::final_state_name(output)};
}

void remove_checkpoints(const std::string& output) {
  const std::string checkpoint = analysis::checkpoint_name(output);
  std::error_code error;
  for (const std::string& path : {checkpoint, analysis::previous_name(checkpoint)})
    if (fs::is_regular_file(path, error)) fs::remove(path, error);
}

void check_continuable(const analysis::Checkpoint& from, const std::vector<analysis::StudiedRun>& runs,
                       const analysis::Engine& engine) {
  for (std::size_t run = 0; run < runs.size(); ++run) try {
      analysis::check_continuable(runs[run], engine, *from.state(run));
    } catch (const std::runtime_error& error) {
      const std::string words = error.what();
      throw std::runtime_error(words.starts_with("cannot read ") ? words : "cannot read " + from.path() + ": " + words);
    }
}

Checkpoints::Checkpoints(const analysis::ExperimentFile& file, const std::string& output, const Ranks& ranks,
                         const analysis::Engine& engine, const std::vector<analysis::StudiedRun>& runs,
                         const analysis::Checkpoint* from, const Claim* claim, bool overwrite,
                         const Interrupt& interrupt, Progress& progress)
    : keep_(file.runs.front().experiment.checkpoint.keep),
      every_seconds_(file.runs.front().experiment.checkpoint.every_seconds),
      output_(output),
      path_(analysis::checkpoint_name(output)),
      of_(checkpoint_of(file, engine.shard)),
      ranks_(ranks),
      engine_(engine),
      runs_(runs),
      interrupt_(interrupt),
      progress_(progress),
      before_(runs.size()),
      last_(runs.size()),
      next_(steady_seconds() + every_seconds_) {
  for (std::size_t run = 0; from && run < runs.size(); ++run) {
    before_[run] = from->state(run);
    if (before_[run]->outline().empty()) before_[run] = nullptr;
  }
  for (const std::string& name : names_beside(output)) {
    const auto id = analysis::file_id(name);
    std::error_code error;
    const bool may_be = analysis::is_checkpoint(name) || fs::is_empty(name, error);  // an empty one is a damaged one
    if (claim && id && claim->is_as_found(name) && (may_be || overwrite)) own_[name] = *id;
  }
  if (from && ranks.is_first()) {
    const auto [run, step] = where(
        [&](std::size_t r) { return before_[r] ? sde::average_step(before_[r]->outline(), trajectories(r)) : 0; });
    warn("going on from step {}\n", place(run, step));
  }
}

std::uint64_t Checkpoints::trajectories(std::size_t run) const {
  return analysis::trajectories_of_shard(runs_[run], engine_);
}

double Checkpoints::done_before() const {
  double done = 0;
  for (std::size_t run = 0; run < before_.size(); ++run)
    if (before_[run])
      for (const sde::Stretch& stretch : before_[run]->outline())
        done += runs_[run].multiple() * double(stretch.count) * double(stretch.step);
  return done;
}

/// The first run that is not at its end, and its step.
template <class StepOf>
std::pair<std::size_t, std::uint64_t> Checkpoints::where(StepOf step_of) const {
  for (std::size_t run = 0;; ++run) {
    const std::uint64_t step = step_of(run);
    const auto& ensemble = runs_[run].run.experiment.ensemble;
    if (run + 1 == runs_.size() || (trajectories(run) > 0 && step < ensemble.burn_in + ensemble.steps))
      return {run, step};
  }
}

std::string Checkpoints::place(std::size_t run, std::uint64_t step) const {
  return runs_.size() == 1 ? std::to_string(step) : fmt::format("{} of run {} of {}", step, run + 1, runs_.size());
}

sde::Restart Checkpoints::restart(std::size_t run) {
  current_ = run;
  sde::Restart restart{.from = before_[run].get(),
                       .counts_too = ranks_.is_first(),
                       .wants = [this] { return wanted(); },
                       .take = [this](const sde::EnsembleState& state) { take(&state); }};
  if (keep_) restart.last = [this, run](const sde::EnsembleState& state) { last_[run].emplace(state); };
  return restart;
}

void Checkpoints::finish() {
  current_ = runs_.size();
  if (ranks_.is_first()) {
    while (finished_ranks_ + 1 < ranks_.count() && !interrupted_) {
      if (wanted()) write(nullptr);
      std::this_thread::sleep_for(moment);
    }
    if (interrupted_) return;
    if (keep_) write(nullptr);
    ranks_.release_all();
    return;
  }
  ranks_.tell_first(Ranks::Word::finished);
  while (!ranks_.released()) {
    if (wanted() && asked_) answer(nullptr);
    std::this_thread::sleep_for(moment);
  }
  interrupted_ = false;  // too late
}

Place Checkpoints::retire(const std::string& results) {
  if (!ranks_.is_first() || (keep_ && !problem_.empty())) return {};
  remove_own(analysis::previous_name(path_));  // first, that it is never what a run goes on from
  if (!keep_) {
    remove_own(path_);
    return {};
  }
  Place place{analysis::final_state_name(results), ""};
  if (is_foreign(place.name)) {
    place.why = "will not overwrite " + place.name + ": it came there while this ran";
    place.name = analysis::final_state_name(free_name_beside(output_));
  }
  std::error_code error;
  fs::rename(path_, place.name, error);
  if (error) place = {path_, fmt::format("cannot write {}: {}", place.name, error.message())};
  return place;
}

/// Whether something lies there that neither this run nor the one before it has written.
bool Checkpoints::is_foreign(const std::string& name) const {
  const auto id = analysis::file_id(name);
  const auto own = own_.find(name);
  return id && (own == own_.end() || own->second != *id);
}

void Checkpoints::remove_own(const std::string& name) {
  std::error_code error;
  if (own_.contains(name) && !is_foreign(name)) fs::remove(name, error);
  if (error) warn("kramers: warning: {} stays: {}\n", name, error.message());
}

bool Checkpoints::wanted() {
  if (interrupt_.requested() && !interrupted_) {
    interrupted_ = true;
    if (!ranks_.is_first()) ranks_.tell_first(Ranks::Word::interrupted);
  }
  if (!ranks_.is_first()) {
    asked_ = ranks_.asked();
    return asked_ || interrupted_;
  }
  while (const auto word = ranks_.heard())
    if (*word == Ranks::Word::finished)
      ++finished_ranks_;
    else
      interrupted_ = true;
  return interrupted_ || steady_seconds() >= next_;
}

void Checkpoints::take(const sde::EnsembleState* current) {
  if (ranks_.is_first()) return write(current);
  if (asked_) answer(current);
  // An interrupted rank has told the first one, which asks for its state, and ends the job when it has written it.
  constexpr double patience = 30;
  for (const double begin = steady_seconds(); interrupted_ && steady_seconds() < begin + patience;) {
    if (ranks_.asked()) answer(current);
    std::this_thread::sleep_for(moment);
  }
}

/// Of all runs, what this rank knows: put(record).
template <class Put>
void Checkpoints::each_record(const sde::EnsembleState* current, Put put) const {
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    const auto [first, last] = analysis::trajectory_range(runs_[run], engine_);
    const auto put_state = [&, first = first, last = last](const sde::EnsembleState& state, bool counts_too) {
      if (counts_too) put(analysis::record_of(run, state.statistics()));
      state.visit(first, last,
                  [&](const sde::Piece& piece) { put(analysis::record_of(run, sde::clipped(piece, first, last))); });
    };
    if (run == current_ && current) {
      put_state(*current, true);
    } else if (run < current_ && last_[run]) {
      put_state(*last_[run], true);
    } else if (run < current_) {
      put(analysis::record_of(run, runs_[run].statistics));
      const auto& ensemble = runs_[run].run.experiment.ensemble;
      if (last > first)
        put(analysis::record_of(run, sde::Piece{.at = {first, last - first, ensemble.burn_in + ensemble.steps}}));
    } else if (before_[run]) {
      put_state(*before_[run], ranks_.is_first());
    }
  }
}

void Checkpoints::answer(const sde::EnsembleState* current) {
  each_record(current, [&](const Record& record) { ranks_.answer(record); });
  ranks_.answer({});
  asked_ = false;
}

void Checkpoints::write(const sde::EnsembleState* current) {
  problem_.clear();
  std::optional<analysis::CheckpointWriter> writer;
  const auto tried = [&](auto action) {  // after an error the other ranks' answers are still taken
    try {
      if (problem_.empty()) action();
    } catch (const std::runtime_error& error) {
      problem_ = error.what();
    }
  };
  const auto previous = [&] { return analysis::previous_name(path_); };
  const auto taken = [&] { return is_foreign(path_) ? path_ : is_foreign(previous()) ? previous() : ""; };
  const std::string before = path_;
  ranks_.ask_all();
  if (const std::string name = taken(); !name.empty()) {
    path_ = analysis::checkpoint_name(free_name_beside(output_));
    moved_ = fmt::format("{} is not of this run; its checkpoint is {}", name, path_);
  }
  tried([&] { writer.emplace(path_, of_); });
  each_record(current, [&](const Record& record) { tried([&] { writer->add(record); }); });
  for (int rank = 1; rank < ranks_.count(); ++rank)
    for (Record record = ranks_.take_answer(rank); !record.empty(); record = ranks_.take_answer(rank))
      tried([&] { writer->add(record); });
  tried([&] {
    const auto newest = analysis::file_id(path_);
    writer->commit([&] {
      if (const std::string name = taken(); !name.empty())
        throw std::runtime_error("will not overwrite " + name + ": it came there while this ran");
    });
    if (newest) own_[previous()] = *newest;
    if (const auto id = analysis::file_id(path_)) own_[path_] = *id;
    if (path_ != before)
      for (const std::string& name : {analysis::previous_name(before), before}) remove_own(name);
  });
  next_ = steady_seconds() + every_seconds_;

  progress_.clear();
  if (problem_.empty()) {
    const auto [run, step] = where([&](std::size_t r) { return writer->average_step(r, trajectories(r)); });
    warn("checkpoint at step {}\n", place(run, step));
    if (path_ != before) warn("kramers: warning: {}\n", moved_);
  } else if (!interrupted_) {
    warn("kramers: warning: no checkpoint, the run goes on without: {}\n", problem_);
  }
}

}  // namespace kramers::apps
