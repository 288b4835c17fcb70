#include "analysis/experiment_file/experiment_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "analysis/document/plain_text.hpp"
#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/default_range.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/experiment_text.hpp"
#include "analysis/experiment_file/sweep.hpp"
#include "analysis/experiment_file/until_section.hpp"
#include "analysis/recorded/list.hpp"

namespace kramers::analysis {

namespace {

int phases(const Experiment& experiment) {
  const auto course = course_of(experiment);
  return course ? course->phases() : 0;
}

/// What is recorded of both and has other entries in one than in the other; "": nothing.
std::string unequal_record(const Experiment& one, const Experiment& other) {
  const auto lengths = [](const Experiment& e) {
    return std::array{e.ensemble.burn_in, e.ensemble.steps, e.ensemble.sample_every};
  };
  const bool unequal_lengths = lengths(one) != lengths(other);
  for (const Recorded& thing : recorded_things())
    if (thing.needs_one_length && !thing.text(one).empty() && (unequal_lengths || thing.text(one) != thing.text(other)))
      return thing.name;
  return "";
}

/// What all runs must have in common, or the results would have no common shape.
void check_common_shape(const std::vector<Draft>& drafts, const Sweep& sweep, const std::string& where,
                        Problems& problems) {
  const Draft& first = drafts[0];
  const auto draws = [](const Experiment& e) {
    return e.ensemble.steps / std::max<std::uint64_t>(e.record.path_every, 1);
  };
  const std::string keys = join(sweep.keys);
  for (const Draft& draft : drafts) {
    if (!draft.landscape || !first.landscape) return;
    if (draft.landscape->dim() != first.landscape->dim())
      problems.add(where, "sweeping " + keys + " changes the dimension; every run must have the same");
    else if (draft.landscape->minima().size() != first.landscape->minima().size())
      problems.add(where, "sweeping " + keys + " changes the number of minima; every run must have the same");
    else if (draft.experiment.ensemble.start && first.experiment.ensemble.start &&
             draft.experiment.ensemble.start->at.size() != first.experiment.ensemble.start->at.size())
      problems.add(where, "sweeping " + keys + " changes the number of start points; give ensemble.start");
    if (phases(draft.experiment) != phases(first.experiment))
      problems.add(where, "sweeping " + keys + " changes the number of phases; every run must have the same");
    if (const std::string key = needs_one_length(draft.experiment); draft.experiment.ensemble.until && !key.empty())
      problems.add(where,
                   fmt::format("ensemble.until gives each run of a sweep a length of its own, and {} needs runs of "
                               "one; allowed: ensemble.steps, or no {}",
                               key, key));
    else if (const std::string key = unequal_record(first.experiment, draft.experiment); !key.empty())
      problems.add(where,
                   fmt::format("sweeping {} changes the steps that record.{} is of; give ensemble.steps, burn_in "
                               "and sample_every in steps",
                               keys, key));
    if (first.experiment.record.path_count > 0 && draws(draft.experiment) != draws(first.experiment))
      problems.add(where,
                   "sweeping " + keys +
                       " changes the length of the kept paths; give ensemble.steps in steps, or no record.paths");
  }
}

double highest_temperature(const Experiment& experiment) {
  const auto course = course_of(experiment);
  return course ? survey(experiment, *course).effective_temperature.high
                : sde::effective_temperature(scheme_parameters(experiment));
}

/// Fills in the ranges that were left to us: the same for all runs, wide enough for each.
void choose_ranges(std::vector<Draft>& drafts, Problems& problems) {
  for (std::size_t k = 0; k < drafts[0].experiment.record.density.size(); ++k) {
    if (!drafts[0].experiment.record.density[k].range.empty()) continue;
    std::vector<std::array<double, 2>> common;
    for (const int axis : drafts[0].experiment.record.density[k].axes) {
      std::optional<std::array<double, 2>> widest;
      for (const Draft& draft : drafts) {
        if (draft.noise && draft.noise->structure() == sde::NoiseStructure::heavy_tailed) {
          problems.add(draft.density_where[k],
                       fmt::format("key 'record.density[{}].range' is missing, and under {} noise there is no law to "
                                   "choose it by; allowed: [low, high] for each axis, or density = []",
                                   k, draft.experiment.dynamics.noise.kind));
          return;
        }
        const auto range = default_range(*draft.landscape, axis, highest_temperature(draft.experiment));
        if (!range) {
          problems.add(
              draft.density_where[k],
              fmt::format("key 'record.density[{}].range' is missing, and the density along axis {} of '{}' is "
                          "not known well enough to choose it{}; allowed: [low, high] for each axis",
                          k, axis, draft.experiment.landscape.name,
                          drafts.size() > 1 ? fmt::format(" at T = {:g}", highest_temperature(draft.experiment)) : ""));
          return;
        }
        widest = widest ? std::array{std::min((*widest)[0], (*range)[0]), std::max((*widest)[1], (*range)[1])} : *range;
      }
      common.push_back(*widest);
    }
    for (Draft& draft : drafts) draft.experiment.record.density[k].range = common;
  }
}

/// Of runs whose numbers are single, and of ranges that were left to us.
void refuse_narrow_bins(const std::vector<Draft>& drafts, Problems& problems) {
  for (const Draft& draft : drafts)
    for (std::size_t k = 0; k < draft.experiment.record.density.size(); ++k) {
      const sde::DensityGrid& grid = draft.experiment.record.density[k];
      const Precision precision = draft.experiment.ensemble.precision;
      for (std::size_t i = 0; i < grid.range.size(); ++i) {
        if (tells_bins_apart(grid.range[i], grid.bins[i], precision)) continue;
        problems.add(draft.density_where[k],
                     fmt::format("key 'record.density[{}].bins' = {} is not possible over [{:.17g}, {:.17g}] in {} "
                                 "precision; allowed: bins whose edges it tells apart",
                                 k, grid.bins[i], grid.range[i][0], grid.range[i][1],
                                 precision == Precision::single_precision ? "single" : "double"));
        return;
      }
    }
}

}  // namespace

namespace {

constexpr std::size_t longest_text = 16'000'000;  // bytes

void refuse_file(const std::string& path, const std::string& words) {
  throw ExperimentError({path + ": error: " + words + "; allowed: an experiment file (TOML)"});
}

/// Before TOML is read: what it is written in.
void check_encoding(std::string_view text, const std::string& name) {
  const auto begins_with = [&](std::string_view mark) { return text.starts_with(mark); };
  const bool zeros = text.size() > 1 && (text[0] == 0) != (text[1] == 0);  // no TOML begins with other than ASCII
  if (begins_with("\xff\xfe") || begins_with("\xfe\xff") || zeros)
    refuse_file(name, "it is UTF-16 or UTF-32; save it as UTF-8");
  if (const auto fault = fault_in(text, Lines::many))
    throw ExperimentError({fmt::format("{}:{}: error: {}; allowed: UTF-8 without control characters", name,
                                       place_in(text, fault->at), fault->what)});
}

/// Names and values in which an escape, such as \u0000, stands for what the text itself may not hold. Only a title may
/// not have several lines: it is printed beside others.
void check_plain(const Node& node, const std::string& key, Problems& problems) {
  const auto check = [&](const std::string& text, Lines lines, const std::string& where, const std::string& what) {
    if (const auto fault = fault_in(text, lines))
      problems.add(where, fmt::format("{} holds {}; allowed: text without control characters", what, fault->what));
  };
  if (const auto* table = node.as<Node::Table>())
    for (const auto& [name, entry] : *table) {
      check(name, Lines::one, entry.key_where, fmt::format("the key '{}'", printable(name)));
      check_plain(entry, key.empty() ? name : key + "." + name, problems);
    }
  if (const auto* list = node.as<Node::List>())
    for (const Node& element : *list) check_plain(element, key, problems);
  if (const auto* text = node.as<std::string>())
    check(*text, key == "title" ? Lines::one : Lines::many, node.where,
          fmt::format("the text of '{}'", printable(key)));
}

}  // namespace

ExperimentError::ExperimentError(std::vector<std::string> list)
    : std::invalid_argument(fmt::format("{}", fmt::join(list, "\n"))), problems(std::move(list)) {}

ExperimentFile read_experiment(std::string_view text, const std::string& name,
                               const std::vector<std::string>& overrides) {
  check_encoding(text, name);
  ExperimentFile file;
  file.text = text;
  file.name = name;
  file.text_as_given = text;
  Problems problems;
  // 1. The document as given, overrides applied.
  Node document;
  std::vector<std::string> fixed;
  try {
    document = parse_document(text, name);
    for (const std::string& assignment : overrides) {
      if (const auto fault = fault_in(assignment, Lines::one))
        throw std::invalid_argument(fmt::format("--set '{}': error: it holds {}; allowed: UTF-8 on one line",
                                                printable(assignment), fault->what));
      override_key(document, assignment);
      fixed.push_back(assignment.substr(0, assignment.find_last_not_of(" \t", assignment.find('=') - 1) + 1));
      // Where it runs, and what pilots find, says nothing of what it is: equal runs have equal files.
      if (const auto key = split_key(fixed.back());
          key == std::vector<std::string>{"ensemble", "device"} || key == split_key(decided_key))
        continue;
      file.text_as_given += "\n# --set " + assignment;
    }
  } catch (const std::invalid_argument& error) {
    throw ExperimentError({error.what()});
  }
  if (file.text_as_given.size() > text.size()) file.text_as_given += "\n";
  check_plain(document, "", problems);
  if (!problems.empty()) throw ExperimentError(problems.sorted());

  // 2. One draft a run.
  const Sweep sweep = read_sweep(find(document, {"sweep"}), fixed, problems);
  std::vector<Draft> drafts;
  for (std::uint64_t run = 0; run < sweep.runs(); ++run) {
    Node of_run = document;
    const auto choice = sweep.choice(run);
    auto& swept = file.runs.emplace_back().swept;
    for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
      const Node& value = sweep.values[k][choice[k]];
      if (!assign(of_run, split_key(sweep.keys[k]), value))
        problems.add(value.where, fmt::format("key 'sweep.{}' names nothing in the experiment", sweep.keys[k]));
      swept.emplace_back(sweep.keys[k], *number_in(value));
    }
    drafts.push_back(read_sections(of_run, run, sweep.runs(), problems));
  }

  // 3. What only shows when all runs are known.
  if (sweep.runs() > 1) check_common_shape(drafts, sweep, find(document, {"sweep"})->where, problems);
  if (problems.empty()) choose_ranges(drafts, problems);
  if (problems.empty()) refuse_narrow_bins(drafts, problems);
  if (!problems.empty()) throw ExperimentError(problems.sorted());

  for (std::size_t run = 0; run < drafts.size(); ++run) file.runs[run].experiment = drafts[run].experiment;
  file.swept = sweep.keys;
  file.text_resolved = resolved_text(document, file.runs, sweep);
  return file;
}

namespace {

/// What a file of kramers is that is no experiment, and what to do with it; empty: it may be one.
std::string other_file(std::string_view text, const std::string& name) {
  if (text.starts_with("\x89HDF"))
    return fmt::format("is a results file: kramers show {} prints its experiment, kramers compare {} its verdict", name,
                       name);
  if (text.starts_with("kramers shard")) return "is a shard, which kramers merge puts together with the others";
  if (text.starts_with("kramers checkpoint"))
    return "is a checkpoint: kramers run goes on from it with the experiment, the same -o and --resume";
  return "";
}

std::string name_of_input(const std::string& path) { return path == standard_input ? "standard input" : path; }

}  // namespace

std::string experiment_text(const std::string& path) {
  const bool is_input = path == standard_input;
  const std::string name = name_of_input(path);
  std::error_code error;
  if (!is_input && !std::filesystem::exists(path, error)) refuse_file(name, "there is no such file");
  if (!is_input && std::filesystem::is_directory(path, error)) refuse_file(name, "is a folder");
  std::ifstream in(is_input ? "/dev/stdin" : path, std::ios::binary);
  std::string text(longest_text + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(in.gcount()));
  if (text.empty() || in.bad()) refuse_file(name, "cannot be read or is empty");
  if (const std::string what = other_file(text, name); !what.empty()) refuse_file(name, what);
  if (text.size() > longest_text) refuse_file(name, "it is longer than 16 MB");
  return text;
}

ExperimentFile read_experiment_file(const std::string& path, const std::vector<std::string>& overrides) {
  return read_experiment(experiment_text(path), name_of_input(path), overrides);
}

}  // namespace kramers::analysis
