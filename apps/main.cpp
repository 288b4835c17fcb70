#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "analysis/document/nearest_name.hpp"
#include "analysis/experiment/experiment.hpp"
#include "apps/commands/command.hpp"
#include "apps/process/streams.hpp"
#include "apps/process/version.hpp"
#include "apps/text/page.hpp"

// The only source that knows CLI11 (it compiles slowly): declares every option, fills the plain structs of command.hpp.

namespace kramers {

namespace {

constexpr const char* about = R"(SGD as Langevin dynamics: is the sampled density the one that theory predicts?

  kramers run apps/experiments/wide_minimum.toml -o wide_minimum.h5
  kramers compare wide_minimum.h5
  kramers plot wide_minimum.h5 -o wide_minimum.svg

Exit status: 0 done (compare: agrees), 1 failure while running, 2 usage or invalid input, 3 disagrees,
4 not enough data, 130 interrupted (a checkpoint was written))";

constexpr int most_threads = 4096;

/// A subcommand with an example under its help.
CLI::App* command(CLI::App& app, const std::string& name, const std::string& what, const std::string& example) {
  CLI::App* sub = app.add_subcommand(name, what);
  sub->footer("Example:\n" + example);
  return sub;
}

/// "kramers: error: ..." with the nearest subcommand, which CLI11 does not offer.
int report_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  std::string what = error.what();
  const auto used = app.get_subcommands();
  if (used.empty() && argc > 1 && argv[1][0] != '-') {
    std::vector<std::string> names;
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(sub->get_name());
    const std::string hint = analysis::did_you_mean(argv[1], names);
    what = fmt::format("'{}' is not a command{} allowed: {}", argv[1], hint, fmt::join(names, ", "));
  } else if (const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error); extras && !used.empty()) {
    for (int i = 2; i < argc; ++i) {
      const std::string given = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
      if (given == "--") break;  // what follows are files, whatever they look like
      std::vector<std::string> names;
      bool known = false;
      for (const CLI::Option* option : used[0]->get_options())
        for (const std::string& name : option->get_lnames()) {
          names.push_back("--" + name);
          known = known || given == names.back();
        }
      if (!given.starts_with("--") || known) continue;
      const std::string hint = analysis::did_you_mean(given, names);
      what = fmt::format("{} is not an option of '{}'{} allowed: {}", given, used[0]->get_name(), hint,
                         fmt::join(names, ", "));
      break;
    }
  }
  apps::warn("kramers: error: {}\nTry: kramers {}--help\n", what, used.empty() ? "" : used[0]->get_name() + " ");
  return status::usage;
}

/// Of runs that are told nothing: what OMP_NUM_THREADS says, or all cores.
int usual_threads() {
  const char* said = std::getenv("OMP_NUM_THREADS");
  return said ? std::clamp(std::atoi(said), 0, most_threads) : 0;
}

/// "kramers help run" is "kramers run --help".
std::vector<char*> without_help(int argc, char** argv) {
  static char help[] = "--help";
  std::vector<char*> all(argv, argv + argc);
  if (argc < 2 || std::string(argv[1]) != "help") return all;
  all.erase(all.begin() + 1);
  all.push_back(help);
  return all;
}

int dispatch(int argc, char** argv) {
  CLI::App app{about, "kramers"};
  app.set_version_flag("-V,--version", apps::version_text);
  app.require_subcommand(1);
  int exit_status = status::done;

  RunOptions run_options{.threads = usual_threads()};
  auto* sub = command(app, "run", "simulate an experiment and judge it",
                      "  kramers run wide_minimum.toml -o wide.h5 --set dynamics.batch_size=16");
  sub->add_option("experiment", run_options.experiment, "experiment file (TOML); -: standard input")
      ->required()
      ->type_name("EXPERIMENT.toml");
  sub->add_option("-o,--output", run_options.output,
                  "results file; default: in this folder, named after the experiment")
      ->check([](const std::string& name) { return name.empty() ? "the name of a file is empty" : ""; })
      ->type_name("FILE.h5");
  // One value an occurrence: "--set a=1 b.toml" must not swallow the file.
  sub->add_option("--set", run_options.set,
                  "override a key of the experiment, or with no VALUE unset it; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  sub->add_option("--shard", run_options.shard,
                  "only part i of n of every run, i from 0; -o is then a folder (default: parts)")
      ->type_name("i/n");
  sub->add_option("--threads", run_options.threads, "threads; 0: all cores; default: OMP_NUM_THREADS, or all cores")
      ->check(CLI::Range(0, most_threads));
  sub->add_option(
         "--device", run_options.device,
         "cpu, cuda, auto (a GPU where it is worth it; default) or emulated (a GPU's own function, by the CPU)")
      ->check(CLI::IsMember({"cpu", "cuda", "auto", "emulated"}));
  sub->add_flag("--resume", run_options.resume, "go on from the checkpoint beside the results file, if there is one");
  sub->add_option("--extend", run_options.extend, "lengthen the finished run whose final state was kept ([checkpoint])")
      ->type_name("STEPS")
      ->check(CLI::Range(1.0, analysis::longest_run));
  sub->add_flag("--overwrite", run_options.overwrite,
                "begin even where other results, an unfinished run's checkpoint or another file have to give way");
  sub->add_flag("--quiet", run_options.quiet, "no prologue, no progress");
  sub->add_flag("--json", run_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = run(run_options); });

  PlanOptions plan_options{.threads = usual_threads()};
  sub = command(app, "plan", "time, memory, sizes, errors and what decides, before anything runs",
                "  kramers plan wide_minimum.toml --set ensemble.trajectories=1024");
  sub->add_option("experiment", plan_options.experiment, "experiment file (TOML); -: standard input")
      ->required()
      ->type_name("EXPERIMENT.toml");
  sub->add_option("--set", plan_options.set,
                  "override a key of the experiment, or with no VALUE unset it; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  sub->add_option("--threads", plan_options.threads, "threads; 0: all cores; default: OMP_NUM_THREADS, or all cores")
      ->check(CLI::Range(0, most_threads));
  sub->add_flag("--json", plan_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = plan(plan_options); });

  MergeOptions merge_options;
  sub = command(app, "merge", "put the shards of an experiment together and judge it",
                "  kramers merge parts/*.part -o wide.h5\n"
                "  kramers run wide.toml --shard 0/2 -o parts    # makes the first of two");
  sub->add_option("parts", merge_options.parts, "every shard once")->required()->type_name("PART...");
  sub->add_option("-o,--output", merge_options.output, "results file")->required()->type_name("FILE.h5");
  sub->add_flag("--overwrite", merge_options.overwrite, "even where another file has to give way");
  sub->add_flag("--json", merge_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = merge(merge_options); });

  SlurmOptions slurm_options;
  sub = command(app, "slurm", "a script that runs an experiment as a job array and merges it",
                "  kramers slurm wide_minimum.toml --shards 64 --sbatch=--time=1:00:00 > wide.sh\n  bash wide.sh");
  sub->add_option("experiment", slurm_options.experiment, "experiment file (TOML)")
      ->required()
      ->check([](const std::string& word) { return word == "-" ? "a script needs a file, not standard input" : ""; })
      ->type_name("EXPERIMENT.toml");
  sub->add_option("--shards", slurm_options.shards, "jobs of the array")->required()->check(CLI::Range(1, 100000));
  sub->add_option("--cpus", slurm_options.cpus, "cores, and threads, of each")->check(CLI::Range(1, 4096));
  sub->add_option("-o,--output", slurm_options.output,
                  "results file; default: in the folder where the script is run, named after the experiment")
      ->type_name("FILE.h5");
  for (auto [name, values, what] :
       {std::tuple{"--set", &slurm_options.set,
                   "override a key of the experiment, or with no VALUE unset it; may be repeated"},
        std::tuple{"--sbatch", &slurm_options.directives,
                   "a further option of sbatch, of both jobs (--array: not of the merge); may be repeated"}})
    sub->add_option(name, *values, what)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  sub->get_option("--sbatch")->check([](const std::string& word) {
    return word.starts_with('-') ? "" : "'" + word + "' is no option; allowed: such as --sbatch=--time=1:00:00";
  });
  sub->callback([&] { exit_status = slurm(slurm_options); });

  CompareOptions compare_options;
  sub = command(app, "compare", "sampled against predicted, or two samples against each other",
                "  kramers compare wide.h5 --tolerance 0.02\n  kramers compare a.h5 b.h5\n"
                "  kramers compare sweep.h5 --run 0 --run 1");
  sub->add_option("files", compare_options.files, "one results file, or two")
      ->required()
      ->expected(1, 2)
      ->type_name("FILE.h5");
  sub->add_option("--prediction", compare_options.prediction, "law to hold it against; default: the experiment's")
      ->check(CLI::IsMember({"boltzmann-gibbs", "none"}));
  sub->add_option("--tolerance", compare_options.tolerance, "total variation that counts as agreement")
      ->check(CLI::Range(1e-12, 1.0));
  sub->add_option("--alpha", compare_options.alpha, "rate of false decisions")->check(CLI::Range(1e-12, 0.5));
  sub->add_option("--run", compare_options.runs, "of one file: two runs of its sweep against each other")
      ->type_name("RUN");
  sub->add_flag("--json", compare_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = compare(compare_options); });

  ConvergenceOptions convergence_options;
  sub = command(app, "convergence", "strong and weak order of an experiment's scheme, measured",
                "  kramers convergence wide_minimum.toml --set dynamics.scheme=sra1");
  sub->add_option("experiment", convergence_options.experiment, "experiment file (TOML); -: standard input")
      ->required()
      ->type_name("EXPERIMENT.toml");
  sub->add_option("--set", convergence_options.set,
                  "override a key of the experiment, or with no VALUE unset it; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  sub->add_option("--levels", convergence_options.levels, "how many steps: h, h/2, h/4, ... (default 5)")
      ->check(CLI::Range(2, 12));
  sub->add_option("--steps", convergence_options.steps, "the time at which errors are taken, in steps h (default 64)")
      ->check(CLI::Range(1.0, 1e9));
  sub->add_option("--paths", convergence_options.paths, "Brownian paths (default 16384)")
      ->check(CLI::Range(256.0, 1e10));
  sub->add_flag("--json", convergence_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = convergence(convergence_options); });

  PlotOptions plot_options;
  sub = command(app, "plot", "one figure as SVG", "  kramers plot wide.h5 --figure residual --run 0 -o residual.svg");
  sub->add_option("file", plot_options.file, "results file")->required()->type_name("FILE.h5");
  sub->add_option("--figure", plot_options.figure, "density (default) or residual; over two axes a figure shows both")
      ->check(CLI::IsMember({"density", "residual"}));
  sub->add_option("--density", plot_options.density, "which of the recorded densities; default: the first, 0")
      ->check(CLI::Range(0, 99));
  sub->add_option("--run", plot_options.run, "run of a sweep; default: all")->check(CLI::Range(0, 65535));
  sub->add_option("-o,--output", plot_options.output, "figure to write")->required()->type_name("X.svg");
  sub->add_flag("--overwrite", plot_options.overwrite, "even where another file has to give way");
  sub->add_flag("--dark", plot_options.dark, "for dark pages");
  sub->callback([&] { exit_status = plot(plot_options); });

  LandscapesOptions landscapes_options;
  sub = command(app, "landscapes", "what can be descended", "  kramers landscapes asymmetric-double-well");
  sub->add_option("name", landscapes_options.name, "one of them, in full");
  sub->add_flag("--json", landscapes_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = landscapes_command(landscapes_options); });

  SchemesOptions schemes_options;
  sub = command(app, "schemes", "how it can be integrated", "  kramers schemes leimkuhler-matthews");
  sub->add_option("name", schemes_options.name, "one of them, in full");
  sub->add_flag("--json", schemes_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = schemes_command(schemes_options); });

  NoiseOptions noise_options;
  sub = command(app, "noise", "what noise a gradient can have", "  kramers noise two-basin");
  sub->add_option("name", noise_options.name, "one of them, in full");
  sub->add_flag("--json", noise_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = noise_command(noise_options); });

  ReplayOptions replay_options;
  sub = command(app, "replay", "one trajectory of a finished run again, bit for bit",
                "  kramers replay wide.h5 --trajectory 5 --steps 0:1000 > path.csv\n"
                "  kramers replay wide.h5 --trajectory 5 --run 2 --every 100 -o path.h5");
  sub->add_option("file", replay_options.file, "results file")->required()->type_name("FILE.h5");
  sub->add_option("--trajectory", replay_options.trajectory, "its number, from 0")
      ->required()
      ->type_name("K")
      ->check([](const std::string& word) {
        return word.starts_with('-') ? word + " is no number of a trajectory; allowed: from 0" : "";
      });
  sub->add_option("--run", replay_options.run, "run of a sweep; default: 0")->check(CLI::Range(0, 65535));
  sub->add_option("--steps", replay_options.steps, "from step a to step b, counted from the start; default: all")
      ->type_name("a:b");
  sub->add_option("--every", replay_options.every, "only each n-th step from a on")
      ->type_name("n")
      ->check(CLI::Range(1.0, analysis::longest_run));
  sub->add_option("-o,--output", replay_options.output, "file to write; default: CSV on standard output")
      ->type_name("PATH.csv|PATH.h5");
  sub->add_flag("--overwrite", replay_options.overwrite, "even where another file has to give way");
  sub->add_flag("--exact", replay_options.exact, "CSV with hexadecimal numbers, not with 17 digits");
  sub->add_flag("--json", replay_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = replay(replay_options); });

  ShowOptions show_options;
  sub = command(app, "show", "what a file holds: its experiment, where it comes from, its groups and what they mean",
                "  kramers show wide.h5\n  kramers show wide.h5 --experiment > again.toml");
  sub->add_option("file", show_options.file, "results file, shard or checkpoint")->required()->type_name("FILE");
  sub->add_flag("--experiment", show_options.experiment,
                "the experiment alone, overrides and defaults filled in: reads back to the same runs");
  sub->add_flag("--json", show_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = show(show_options); });

  VerifyOptions verify_options;
  sub = command(app, "verify", "is a results file whole?", "  kramers verify wide.h5 --digest");
  sub->add_option("file", verify_options.file, "results file")->required()->type_name("FILE.h5");
  sub->add_flag("--digest", verify_options.digest,
                "print SHA-256 over all but the provenance: equal runs, equal digests");
  sub->add_flag("--json", verify_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = verify(verify_options); });

  SelftestOptions selftest_options;
  sub = command(app, "selftest", "does this build compute what it should?", "  kramers selftest");
  sub->add_option("--device", selftest_options.device, "cpu, or cuda: holds every GPU here against the CPU, too")
      ->check(CLI::IsMember({"cpu", "cuda"}));
  sub->add_flag("--json", selftest_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = selftest(selftest_options); });

  BenchOptions bench_options{.threads = usual_threads()};
  sub = command(app, "bench", "trajectory-steps per second", "  kramers bench --json");
  sub->add_option("--threads", bench_options.threads, "threads; 0: all cores; default: OMP_NUM_THREADS, or all cores")
      ->check(CLI::Range(0, most_threads));
  sub->add_flag("--json", bench_options.json, "one JSON object on standard output");
  sub->callback([&] { exit_status = bench(bench_options); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come as "errors" of status 0.
    const bool is_unknown = app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
    if (error.get_exit_code() != 0 || is_unknown) return report_usage(app, error, argc, argv);
    std::ostringstream text;
    app.exit(error, text);
    fmt::print("{}", apps::wrapped(text.str()));
  }
  return exit_status;
}

}  // namespace

}  // namespace kramers

int main(int argc, char** argv) {
  using namespace kramers;
  apps::guard_streams();
  try {
    std::vector<char*> words = without_help(argc, argv);
    const int exit_status = dispatch(int(words.size()), words.data());
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) throw std::runtime_error("cannot write to standard output");
    return exit_status;
  } catch (const std::exception&) {
    const Complaint complaint = current_complaint();
    apps::warn("{}\n", complaint.words);
    return complaint.status;
  }
}
