#include <fmt/format.h>

#include "analysis/results/digest.hpp"
#include "apps/commands/flags.hpp"
#include "apps/process/streams.hpp"
#include "apps/text/json.hpp"

namespace kramers {
namespace {

struct VerifyOptions {
  std::string file;
  bool digest = false;
  bool json = false;
};

int verify(const VerifyOptions& options) {
  const analysis::FileReport report = analysis::verify(options.file);
  if (options.json) {
    const Json all{{"file", options.file},
                   {"ours", report.ours},
                   {"whole", report.whole},
                   {"digest", report.digest},
                   {"problems", report.problems}};
    fmt::print("{}\n", all.dump());
  } else {
    for (const std::string& problem : report.problems) apps::warn("kramers: error: {}\n", problem);
    if (report.good() && options.digest)
      fmt::print("{}\n", report.digest);
    else if (report.good())
      fmt::print("{}: whole, SHA-256 {}\n", options.file, report.digest);
  }
  return report.good() ? status::done : status::failure;
}

}  // namespace

Command verify_command() {
  return command_of<VerifyOptions>(
      "verify", "is a results file whole?", "  kramers verify wide.h5 --digest", verify,
      [](Flags& flags, VerifyOptions& o) {
        flags.results(o.file);
        flags.add({.name = "--digest",
                   .value = &o.digest,
                   .what = "print SHA-256 over all but the provenance: equal runs, equal digests"});
        flags.json(o.json);
      });
}

}  // namespace kramers
