#include "apps/process/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "analysis/study/processors.hpp"

namespace kramers::apps {
namespace {

double page_size() { return double(sysconf(_SC_PAGESIZE)); }

}  // namespace

double memory_here() { return double(sysconf(_SC_PHYS_PAGES)) * page_size(); }

double memory_of_this_process() {
  double size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * page_size();
}

void check_memory(const std::vector<analysis::StudiedRun>& runs, const analysis::Engine& engine) {
  const double needed = analysis::bytes_needed(runs, engine), here = memory_here();
  if (needed <= here) return;
  throw std::invalid_argument(
      fmt::format("the experiment needs {:.3g} GB of memory and this machine has {:.3g}; allowed: fewer trajectories, "
                  "dimensions, bins, start points or kept paths",
                  needed / 1e9, here / 1e9));
}

}  // namespace kramers::apps
