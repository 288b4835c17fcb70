#include "apps/read_results.hpp"

#include <fmt/format.h>

namespace kramers::apps {

analysis::Results read_results(const std::string& path) {
  analysis::Results results = analysis::read(path);
  for (const std::string& warning : results.warnings) fmt::print(stderr, "kramers: warning: {}\n", warning);
  return results;
}

}  // namespace kramers::apps
