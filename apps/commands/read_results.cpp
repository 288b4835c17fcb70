#include "apps/commands/read_results.hpp"

#include <fmt/format.h>

#include "apps/process/streams.hpp"

namespace kramers::apps {

analysis::Results read_results(const std::string& path) {
  analysis::Results results = analysis::read(path);
  for (const std::string& warning : results.warnings) apps::warn("kramers: warning: {}\n", warning);
  return results;
}

}  // namespace kramers::apps
