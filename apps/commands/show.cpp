#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <stdexcept>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/results/checkpoint_file.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/seal.hpp"
#include "analysis/results/shard_file.hpp"
#include "apps/commands/flags.hpp"
#include "apps/text/json.hpp"
#include "apps/text/page.hpp"

namespace kramers {
namespace {

struct ShowOptions {
  std::string file;
  bool experiment = false;  // alone, as resolved
  bool json = false;
};

/// What any file of kramers says of itself. Everything is in the object; `rest` is what people read below the
/// experiment.
struct Contents {
  std::string kind;        // "results", "shard 0 of 2", ...
  std::string experiment;  // as it was given, or else as resolved
  std::string resolved;    // reads back to the same runs
  std::map<std::string, std::string> provenance;
  Json more = Json::object();  // beside what is above
  std::string rest;
};

std::string text_of(const analysis::Attribute& attribute) {
  const std::string* text = std::get_if<std::string>(&attribute);
  return text ? *text : "";
}

/// "run 3, bin_0 200"
std::string dimensions_text(const analysis::Shape& shape) {
  std::vector<std::string> all;
  for (const analysis::Dimension& dimension : shape)
    all.push_back(fmt::format("{} {}", dimension.name, dimension.size));
  return fmt::to_string(fmt::join(all, ", "));
}

Json dimensions_json(const analysis::Shape& shape) {
  Json all = Json::object();
  for (const analysis::Dimension& dimension : shape) all[dimension.name] = dimension.size;
  return all;
}

Contents of_results(const std::string& path) {
  const analysis::Hdf5Reader file(path);
  if (!file.is_ours()) throw std::runtime_error("cannot read " + path + ": it is HDF5, but no results file of kramers");
  Contents c{.kind = "results"};
  if (analysis::check_seal(path) == analysis::SealState::missing)
    c.kind += ", cut short or changed by another program: the last line is missing";
  c.experiment = file.text("/", "experiment_as_given");
  c.resolved = file.text("/", "experiment_resolved");
  const std::string group(analysis::provenance_group);
  for (const std::string& name : file.attributes(group)) c.provenance[name] = text_of(file.attribute(group, name));
  c.more = {{"title", file.text("/", "title")}, {"seed", file.text("/", "seed")}, {"groups", Json::object()}};
  const std::vector<std::string> of_every_group =
      file.has("/sweep") ? file.children("/sweep") : std::vector<std::string>();
  for (const std::string& name : file.children("/")) {
    const std::string at = "/" + name;
    if (at == group) continue;
    Json& json = c.more["groups"][name];
    json = {{"long_name", file.has_attribute(at, "long_name") ? file.text(at, "long_name") : ""},
            {"variables", Json::object()}};
    c.rest += fmt::format("\n{}: {}\n", at, std::string(json["long_name"]));
    for (const std::string& variable : file.children(at)) {
      const std::string whole = at + "/" + variable;
      const analysis::Shape shape = file.shape(whole);
      const std::string meaning = file.has_attribute(whole, "long_name") ? file.text(whole, "long_name") : "";
      json["variables"][variable] = {{"long_name", meaning}, {"dimensions", dimensions_json(shape)}};
      if (name == "sweep" || std::ranges::find(of_every_group, variable) == of_every_group.end())
        c.rest += fmt::format("  {:<24}  {} ({})\n", variable, meaning, dimensions_text(shape));
    }
  }
  return c;
}

Contents of_shard(const std::string& path) {
  const analysis::Shard shard = analysis::read_shard(path);
  Contents c{.kind = fmt::format("shard {} of {}", shard.part.index, shard.part.count),
             .experiment = shard.experiment_as_given,
             .resolved = shard.experiment_resolved,
             .provenance = shard.provenance};
  c.more = {{"shard", shard.part.index}, {"of", shard.part.count}, {"runs", shard.runs.size()}};
  c.rest = "\nto put it together with the others: kramers merge PART... -o FILE.h5\n";
  return c;
}

Contents of_checkpoint(const std::string& path) {
  const analysis::Checkpoint checkpoint(path);
  const analysis::CheckpointOf& of = checkpoint.of();
  Contents c{.kind = "checkpoint", .experiment = of.experiment, .resolved = of.experiment};
  if (of.shard.count > 1) c.kind += fmt::format(" of shard {} of {}", of.shard.index, of.shard.count);
  const auto experiment = analysis::read_experiment(of.experiment, "experiment of " + path).runs.front().experiment;
  Json steps = Json::array();
  for (std::uint64_t run = 0; run < of.runs; ++run) {
    const std::vector<sde::Stretch> outline = checkpoint.state(run)->outline();
    const std::uint64_t step = outline.empty() ? 0 : sde::average_step(outline, experiment.ensemble.trajectories);
    steps.push_back(step);
    c.rest += fmt::format("\nrun {} of {}: {}", run + 1, of.runs,
                          outline.empty() ? "not begun" : fmt::format("trajectories at step {} on average", step));
  }
  c.more = {{"shard", of.shard.index}, {"of", of.shard.count}, {"steps", steps}};
  c.rest += "\n\nto go on: the command that it comes from, with --resume (a final state: with --extend STEPS)\n";
  return c;
}

Contents contents_of(const std::string& path) {
  std::string begin(18, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), std::streamsize(begin.size()));
  if (begin.starts_with("kramers shard")) return of_shard(path);
  if (begin.starts_with("kramers checkpoint")) return of_checkpoint(path);
  return of_results(path);
}

int show(const ShowOptions& options) {
  const Contents c = contents_of(options.file);
  if (options.experiment) {
    fmt::print("{}", c.resolved);
    return status::done;
  }
  if (options.json) {
    Json all{{"file", options.file},
             {"kind", c.kind},
             {"provenance", c.provenance},
             {"experiment", c.experiment},
             {"experiment_resolved", c.resolved}};
    all.update(c.more);
    fmt::print("{}\n", all.dump());
    return status::done;
  }
  std::string text = fmt::format("{}: {}\n", options.file, c.kind);
  for (const auto& [name, value] : c.provenance) {
    const bool is_digest = value.size() > 56 && value.find(' ') == std::string::npos;  // cannot be broken
    text += is_digest ? fmt::format("  {}\n      {}\n", name, value) : fmt::format("  {:<20}  {}\n", name, value);
  }
  fmt::print("{}\n{}{}", apps::wrapped(text), c.experiment, apps::wrapped(c.rest));
  return status::done;
}

}  // namespace

Command show_command() {
  return command_of<ShowOptions>(
      "show", "what a file holds: its experiment, where it comes from, its groups and what they mean",
      "  kramers show wide.h5\n  kramers show wide.h5 --experiment > again.toml", show,
      [](Flags& flags, ShowOptions& o) {
        flags.add({.name = "file",
                   .value = &o.file,
                   .what = "results file, shard or checkpoint",
                   .required = true,
                   .type = "FILE"});
        flags.add({.name = "--experiment",
                   .value = &o.experiment,
                   .what = "the experiment alone, overrides and defaults filled in: reads back to the same runs"});
        flags.json(o.json);
      });
}

}  // namespace kramers
