#include <fmt/format.h>

#include "analysis/results/digest.hpp"
#include "apps/commands/command.hpp"
#include "apps/process/streams.hpp"
#include "apps/text/json.hpp"

namespace kramers {

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

}  // namespace kramers
