#include <sys/wait.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <string>

#include "apps/process/status.hpp"
#include "landscapes/catalogue.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"

using namespace kramers;

namespace {

/// Every stretch of blanks and line ends as one blank.
std::string flat(const std::string& text) {
  std::string words;
  for (char c : text)
    if (!std::isspace(static_cast<unsigned char>(c)))
      words += c;
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  return words;
}

struct Outcome {
  int status;
  std::string out, err;

  bool says(const std::string& text) const { return out.find(text) != std::string::npos; }
  /// The same wherever lines are broken.
  bool tells(const std::string& text) const { return flat(out).find(flat(text)) != std::string::npos; }
  bool complains(const std::string& text) const { return err.find(text) != std::string::npos; }
};

std::string output_of(const std::string& command, int& status) {
  std::string text;
  std::array<char, 4096> buffer;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
  const int ended = pclose(pipe);
  status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return text;
}

Outcome kramers_with(const std::string& arguments) {
  const std::string program = "'" KRAMERS_PROGRAM "' " + arguments;
  Outcome outcome{};
  outcome.out = output_of(program + " 2>/dev/null", outcome.status);
  outcome.err = output_of(program + " 2>&1 >/dev/null", outcome.status);
  return outcome;
}

}  // namespace

TEST_CASE("every subcommand explains itself with an example") {
  for (const char* name : {"run", "compare", "plot", "landscapes", "schemes", "noise", "verify", "selftest", "bench"}) {
    INFO(name);
    const Outcome help = kramers_with(std::string(name) + " --help");
    CHECK(help.status == status::done);
    CHECK(help.says("Example:\n  kramers " + std::string(name)));
    CHECK(kramers_with("--help").says(std::string("\n  ") + name + " "));
  }
  CHECK(kramers_with("--version").says("kramers 0."));
}

TEST_CASE("a usage error has status 2 and names what was probably meant") {
  const auto refused = [](const std::string& arguments, const std::string& text) {
    INFO(arguments);
    const Outcome outcome = kramers_with(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.status == status::usage);
    CHECK(outcome.complains(text));
    CHECK(outcome.out.empty());
  };
  refused("", "A subcommand is required");
  refused("comapre x.h5", "'comapre' is not a command; did you mean 'compare'? allowed: run, plan, merge");
  refused("run", "experiment");
  refused("run x.toml --thread 2", "did you mean '--threads'?");
  refused("run x.toml --threads=-1", "--threads");
  refused("run x.toml --device gpu", "{cpu,cuda,auto,emulated}");
  refused("run x.toml", "x.toml: error: there is no such file; allowed: an experiment file");
  refused("run /", "/: error: is a folder");
  refused("plot x.h5 --figure picture -o x.svg", "{density,residual}");
  refused("plot x.h5", "output");
  refused("compare a.h5 b.h5 c.h5", "At Most 2 required but received 3");
  refused("compare a.h5 --tolerance 2", "--tolerance");
  refused("compare a.h5 --prediction gibbs", "boltzmann-gibbs");
  refused("convergence", "experiment");
  refused("convergence x.toml --levels 1", "--levels");
  refused("convergence x.toml --paths 100", "--paths");
  refused("landscapes asymetric-double-well", "did you mean 'asymmetric-double-well'?");
  refused("schemes leimkuhlermathews", "did you mean 'leimkuhler-matthews'?");
  refused("noise twobasin", "did you mean 'two-basin'?");
}

TEST_CASE("the catalogues list everything, each entry with its formula, in words and in JSON") {
  const Outcome all = kramers_with("landscapes"), all_json = kramers_with("landscapes --json");
  CHECK(all.status == status::done);
  for (const auto& entry : landscapes::catalogue()) {
    INFO(entry.name);
    CHECK(all.says(entry.name));
    CHECK(all_json.says("\"name\": \"" + entry.name + "\""));
    const Outcome one = kramers_with("landscapes " + entry.name);
    CHECK(one.tells(entry.formula));
    for (const auto& parameter : entry.parameters) CHECK(one.says("  " + parameter.name + " "));
  }
  const Outcome noise = kramers_with("noise");
  for (const auto& entry : landscapes::noise_catalogue()) {
    CAPTURE(entry.name);
    CHECK(noise.says(entry.name));
    const Outcome one = kramers_with("noise " + entry.name), json = kramers_with("noise " + entry.name + " --json");
    CHECK(one.tells(entry.formula));
    for (const auto& parameter : entry.parameters) {
      CHECK(one.tells(parameter.meaning));
      CHECK(json.says("\"" + parameter.name + "\""));
    }
  }
  const Outcome schemes = kramers_with("schemes");
  for (const auto& scheme : sde::schemes()) {
    INFO(std::string(scheme.name));
    CHECK(schemes.says(std::string(scheme.name)));
    CHECK(kramers_with("schemes " + std::string(scheme.name)).tells(std::string(scheme.equation)));
    const Outcome json = kramers_with("schemes " + std::string(scheme.name) + " --json");
    CHECK(json.says("\"weak_order\": "));
    const bool gpu = sde::runs_on_device(scheme.name), shaped = sde::runs_on_device(scheme.name, true);
    CHECK(json.says(std::string("\"gpu\": ") + (gpu ? "true" : "false")));
    CHECK(json.says(std::string("\"gpu_shaped_noise\": ") + (shaped ? "true" : "false")));
  }
}
