#include <fmt/format.h>

#include "analysis/results/digest.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"

namespace kramers {

int verify(const VerifyOptions& options) {
  const analysis::FileReport report = analysis::verify(options.file);
  if (options.json) {
    std::string problems;
    for (const std::string& problem : report.problems) problems += (problems.empty() ? "" : ", ") + json(problem);
    fmt::print("{{\"file\": {}, \"ours\": {}, \"whole\": {}, \"digest\": {}, \"problems\": [{}]}}\n",
               json(options.file), report.ours, report.whole, json(report.digest), problems);
  } else {
    for (const std::string& problem : report.problems)
      fmt::print(stderr, "kramers: error: {}: {}\n", options.file, problem);
    if (report.good() && options.digest)
      fmt::print("{}\n", report.digest);
    else if (report.good())
      fmt::print("{}: whole, SHA-256 {}\n", options.file, report.digest);
  }
  return report.good() ? status::done : status::failure;
}

}  // namespace kramers
