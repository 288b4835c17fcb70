#include <cstdlib>

#include "analysis/experiment_file/experiment_reader.hpp"

using namespace kramers;

/// An experiment, then --set options, with zero bytes between. What is read reads back, as resolved, to as many runs.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < size; ++i)
    if (data[i] == '\0')
      parts.emplace_back();
    else
      parts.back() += data[i];
  analysis::ExperimentFile file;
  try {
    file = analysis::read_experiment(parts[0], "fuzz", {parts.begin() + 1, parts.end()});
  } catch (const analysis::ExperimentError&) {
    return 0;
  }
  if (analysis::read_experiment(file.text_resolved, "resolved").runs.size() != file.runs.size()) std::abort();
  return 0;
}
