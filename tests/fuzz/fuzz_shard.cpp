#include "analysis/results/shard_file.hpp"
#include "tests/fuzz/sealed_file.hpp"

using namespace kramers;

/// A shard from its index on. Each run that is read can be merged with itself.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  static const std::string first_line = first_line_of([](const std::string& path) { analysis::write_shard({}, path); });
  const std::string length = bytes_of(experiment_of_corpus.size());
  const MemoryFile file(
      with_seal(first_line + length + experiment_of_corpus + length + experiment_of_corpus + std::string(data, size)));
  try {
    analysis::Shard shard = analysis::read_shard(file.path());
    for (sde::RunStatistics& run : shard.runs) run.merge(sde::RunStatistics(run));
  } catch (const std::runtime_error&) {
  }
  return 0;
}
