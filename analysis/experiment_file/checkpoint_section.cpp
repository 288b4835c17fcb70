#include "analysis/experiment_file/checkpoint_section.hpp"

namespace kramers::analysis {

void read_checkpoint(Section section, Experiment& experiment) {
  auto& checkpoint = experiment.checkpoint;
  if (auto seconds = section.number("every_seconds", positive_number())) checkpoint.every_seconds = *seconds;
  if (auto keep = section.truth("keep")) checkpoint.keep = *keep;
  section.finish(home_of);
}

}  // namespace kramers::analysis
