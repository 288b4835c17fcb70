#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <stdexcept>

#include "analysis/document/plain_text.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "apps/commands/flags.hpp"

namespace kramers {
namespace {

struct SlurmOptions {
  std::string experiment, output;
  std::vector<std::string> set;
  int shards = 0;
  int cpus = 1;  // per shard
  std::vector<std::string>
      directives;  // further options of sbatch, such as --time=1:00:00; --array is the array's alone
};

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

int slurm(const SlurmOptions& options) {
  const auto check = [](const std::string& what, const std::string& word) {
    if (const auto fault = analysis::fault_in(word, analysis::Lines::one))
      throw std::invalid_argument(fmt::format("{} '{}' holds {}; allowed in a script: UTF-8 on one line", what,
                                              analysis::printable(word), fault->what));
  };
  check("--output", options.output);
  for (const std::string& set : options.set) check("--set", set);
  for (const std::string& directive : options.directives) check("--sbatch", directive);
  analysis::read_experiment_file(options.experiment, options.set);  // its mistakes come to light now, not in the queue

  const std::filesystem::path experiment = std::filesystem::absolute(options.experiment);
  check("the experiment's name", experiment.string());
  const std::string stem = experiment.stem().string();
  // A name that begins with a dash would be an option.
  const std::string output =
      (options.output.starts_with('-') ? "./" : "") + (options.output.empty() ? stem + ".h5" : options.output);
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
# waits for all of them to succeed and merges their parts into {output}. A minute before its time is up a job writes a
# checkpoint and goes back into the queue; one that is requeued goes on from its last checkpoint. KRAMERS: the program,
# if not in PATH.
set -euo pipefail
array=$(sbatch --parsable --job-name={name} --array=0-{last} --cpus-per-task={cpus} --requeue --signal=B:USR1@60{directives} <<'JOB'
#!/usr/bin/env bash
"${{KRAMERS:-kramers}}" run {toml}{overrides} --shard "$SLURM_ARRAY_TASK_ID"/{shards} -o {parts} --threads {cpus} --quiet --resume &
trap 'warned=yes; kill -USR1 $!' USR1
trap 'kill -TERM $!' TERM
while wait $! && status=0 || status=$?; kill -0 $! 2>/dev/null; do :; done
if [ "$status" = 130 ] && [ "${{warned:-}}" ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$status"
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

}  // namespace

Command slurm_command() {
  return command_of<SlurmOptions>(
      "slurm", "a script that runs an experiment as a job array and merges it",
      "  kramers slurm wide_minimum.toml --shards 64 --sbatch=--time=1:00:00 > wide.sh\n  bash wide.sh", slurm,
      [](Flags& flags, SlurmOptions& o) {
        flags.add({.name = "experiment",
                   .value = &o.experiment,
                   .what = "experiment file (TOML)",
                   .required = true,
                   .type = "EXPERIMENT.toml",
                   .refuse = [](const std::string& word) {
                     return word == "-" ? "a script needs a file, not standard input" : "";
                   }});
        flags.add({.name = "--shards",
                   .value = &o.shards,
                   .what = "jobs of the array",
                   .required = true,
                   .whole_range = {{1, 100'000}}});
        flags.add(
            {.name = "--cpus", .value = &o.cpus, .what = "cores, and threads, of each", .whole_range = {{1, 4096}}});
        flags.add({.name = "-o,--output",
                   .value = &o.output,
                   .what = "results file; default: in the folder where the script is run, named after the experiment",
                   .type = "FILE.h5"});
        flags.set(o.set, "");
        flags.add({.name = "--sbatch",
                   .value = &o.directives,
                   .what = "a further option of sbatch, of both jobs (--array: not of the merge); may be repeated",
                   .one_each = true,
                   .refuse = [](const std::string& word) {
                     return word.starts_with('-')
                                ? ""
                                : "'" + word + "' is no option; allowed: such as --sbatch=--time=1:00:00";
                   }});
      });
}

}  // namespace kramers
