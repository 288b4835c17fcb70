#include "analysis/experiment/experiment.hpp"

namespace kramers::analysis {

void record_densities_alone(Experiment& experiment) {
  auto& record = experiment.record;
  record.path_count = 0;
  record.path_every = experiment.ensemble.sample_every;
  record.events.clear();
  record.requests.clear();
}

}  // namespace kramers::analysis
