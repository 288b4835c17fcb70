#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "analysis/experiment/experiment_reader.hpp"
#include "apps/command.hpp"

namespace kramers {
namespace {

/// One word of a shell, whatever is in it.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (char c : word) {
    if (c == '\'') text += "'\\'";
    text += c;
  }
  text += '\'';
  return text;
}

}  // namespace

int slurm(const SlurmOptions& options) {
  analysis::read_experiment_file(options.experiment, options.set);  // its mistakes come to light now, not in the queue

  const std::filesystem::path experiment = std::filesystem::absolute(options.experiment);
  const std::string stem = experiment.stem().string();
  const std::string output = options.output.empty() ? stem + ".h5" : options.output;
  const std::string parts = output + ".parts";
  std::string overrides, directives, merge_directives;
  for (const std::string& set : options.set) overrides += fmt::format(" --set {}", quoted(set));
  for (const std::string& directive : options.directives) {
    directives += fmt::format(" {}", quoted(directive));
    // such as --array=0-63%8; the merge is one job
    if (!directive.starts_with("--array") && !directive.starts_with("-a"))
      merge_directives += fmt::format(" {}", quoted(directive));
  }
  fmt::print(R"(#!/usr/bin/env bash
# Run by bash where sbatch is at hand. Submits {shards} jobs, each a part of every run of {experiment}, and one that
# waits for all of them to succeed and merges their parts into {output}. A job that is requeued goes on from its last
# checkpoint. KRAMERS: the program, if not in PATH.
set -euo pipefail
array=$(sbatch --parsable --job-name={name} --array=0-{last} --cpus-per-task={cpus}{directives} <<'JOB'
#!/usr/bin/env bash
exec "${{KRAMERS:-kramers}}" run {toml}{overrides} --shard "$SLURM_ARRAY_TASK_ID"/{shards} -o {parts} --threads {cpus} --quiet --resume
JOB
)
sbatch{merge_directives} --job-name={merge} --dependency=afterok:"${{array%%;*}}" --kill-on-invalid-dep=yes <<'JOB'
#!/usr/bin/env bash
exec "${{KRAMERS:-kramers}}" merge {parts}/*-of-{count:04}.part -o {h5}
JOB
)",
             fmt::arg("shards", options.shards), fmt::arg("last", options.shards - 1),
             fmt::arg("count", options.shards), fmt::arg("cpus", options.cpus),
             fmt::arg("experiment", experiment.filename().string()), fmt::arg("output", output),
             fmt::arg("name", quoted(stem)), fmt::arg("merge", quoted(stem + "-merge")),
             fmt::arg("directives", directives), fmt::arg("merge_directives", merge_directives),
             fmt::arg("toml", quoted(experiment.string())), fmt::arg("overrides", overrides),
             fmt::arg("parts", quoted(parts)), fmt::arg("h5", quoted(output)));
  return status::done;
}

}  // namespace kramers
