#include "analysis/experiment_file/path_numbers.hpp"

#include <unistd.h>

#include <algorithm>

#include "analysis/experiment_file/experiment_reader.hpp"

namespace kramers::analysis {

std::uint64_t most_path_numbers(const std::string& experiment) {
  const ExperimentFile file = read_experiment(experiment, "its experiment");
  const double memory = double(::sysconf(_SC_PHYS_PAGES)) * double(::sysconf(_SC_PAGESIZE));
  double most = 0;
  for (const Run& run : file.runs) {
    const auto& ensemble = run.experiment.ensemble;
    const sde::Start& start = *ensemble.start;
    const std::size_t dim = start.kind == sde::Start::Kind::points     ? start.at.front().size()
                            : start.kind == sde::Start::Kind::gaussian ? start.mean.size()
                                                                       : start.low.size();
    const std::uint64_t chains = std::min<std::uint64_t>(run.experiment.record.path_count, ensemble.trajectories);
    const std::uint64_t draws = ensemble.steps / run.experiment.record.path_every;
    most = std::max(most, double(chains) * double(draws) * double(dim));
  }
  return std::uint64_t(std::min(most, memory / sizeof(double)));
}

}  // namespace kramers::analysis
