#include "apps/commands/flags.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "analysis/document/nearest_name.hpp"
#include "apps/commands/list.hpp"
#include "apps/process/streams.hpp"
#include "apps/process/version.hpp"
#include "apps/text/page.hpp"

// The only source that knows CLI11 (it compiles slowly).

namespace kramers {
namespace {

constexpr const char* about = R"(SGD as Langevin dynamics: is the sampled density the one that theory predicts?

  kramers run apps/experiments/wide_minimum.toml -o wide_minimum.h5
  kramers compare wide_minimum.h5
  kramers plot wide_minimum.h5 -o wide_minimum.svg

Exit status: 0 done (compare: agrees), 1 failure while running, 2 usage or invalid input, 3 disagrees,
4 not enough data, 130 interrupted (a checkpoint was written))";

constexpr int most_threads = 4096;

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

CLI::Validator within(double low, double high, bool ends_too) {
  const std::string allowed =
      ends_too ? fmt::format("{:.16g} to {:.16g}", low, high) : fmt::format("> {:.16g} and < {:.16g}", low, high);
  return CLI::Validator(
      [=](std::string& word) -> std::string {
        char* end;
        const double x = std::strtod(word.c_str(), &end);
        const bool inside = ends_too ? x >= low && x <= high : x > low && x < high;  // NaN is not
        return inside && *end == 0 ? "" : fmt::format("{} is not possible; allowed: a number {}", word, allowed);
      },
      allowed);
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

}  // namespace

void Flags::add(const Flag& flag) {
  CLI::Option* option = std::visit(
      [&](auto* value) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(value), bool*>)
          return app_.add_flag(flag.name, *value, flag.what);
        else
          return app_.add_option(flag.name, *value, flag.what);
      },
      flag.value);
  if (flag.required) option->required();
  if (flag.most_words > 0) option->expected(1, flag.most_words);
  if (flag.one_each) option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  if (!flag.type.empty()) option->type_name(flag.type);
  if (!flag.one_of.empty()) option->check(CLI::IsMember(flag.one_of));
  if (flag.whole_range) option->check(within((*flag.whole_range)[0], (*flag.whole_range)[1], true));
  if (flag.range) option->check(within((*flag.range)[0], (*flag.range)[1], flag.ends_too));
  if (flag.refuse) option->check(flag.refuse);
}

void Flags::experiment(std::string& path) {
  add({.name = "experiment",
       .value = &path,
       .what = "experiment file (TOML); -: standard input",
       .required = true,
       .type = "EXPERIMENT.toml"});
}

void Flags::results(std::string& path) {
  add({.name = "file", .value = &path, .what = "results file", .required = true, .type = "FILE.h5"});
}

/// One value an occurrence: "--set a=1 b.toml" must not swallow the file.
void Flags::set(std::vector<std::string>& assignments, const std::string& type) {
  add({.name = "--set",
       .value = &assignments,
       .what = "override a key of the experiment, or with no VALUE unset it; may be repeated",
       .type = type,
       .one_each = true});
}

void Flags::threads(int& count) {
  count = usual_threads();
  add({.name = "--threads",
       .value = &count,
       .what = "threads; 0: all cores; default: OMP_NUM_THREADS, or all cores",
       .whole_range = {{0, most_threads}}});
}

void Flags::overwrite(bool& overwrite) {
  add({.name = "--overwrite", .value = &overwrite, .what = "even where another file has to give way"});
}

void Flags::json(bool& json) { add({.name = "--json", .value = &json, .what = "one JSON object on standard output"}); }

int dispatch(int argc, char** argv) {
  CLI::App app{about, "kramers"};
  app.set_version_flag("-V,--version", apps::version_text);
  app.require_subcommand(1);
  int exit_status = status::done;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.what);
    sub->footer("Example:\n" + std::string(command.example));
    Flags flags(*sub);
    sub->callback([&exit_status, run = command.declare(flags)] { exit_status = run(); });
  }
  std::vector<char*> words = without_help(argc, argv);
  try {
    app.parse(int(words.size()), words.data());
  } catch (const CLI::ParseError& error) {
    // --help and --version come as "errors" of status 0.
    const bool is_unknown = app.get_subcommands().empty() && words.size() > 1 && words[1][0] != '-';
    if (error.get_exit_code() != 0 || is_unknown) return report_usage(app, error, int(words.size()), words.data());
    std::ostringstream text;
    app.exit(error, text);
    fmt::print("{}", apps::wrapped(text.str()));
  }
  return exit_status;
}

}  // namespace kramers
