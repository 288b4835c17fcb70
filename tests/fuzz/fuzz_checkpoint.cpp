#include <limits>

#include "analysis/results/checkpoint_file.hpp"
#include "tests/fuzz/sealed_file.hpp"

using namespace kramers;

/// The records of a checkpoint of two runs; all is asked for that a run asks for which goes on.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  static const std::string first_line =
      first_line_of([](const std::string& path) { analysis::CheckpointWriter(path, {}).commit(); });
  std::string head = first_line;
  for (const std::uint64_t number : {0, 1, 2, 1}) head += bytes_of(number);
  head += bytes_of(experiment_of_corpus.size()) + experiment_of_corpus;
  const MemoryFile file(with_seal(head + std::string(data, size)));
  try {
    const analysis::Checkpoint checkpoint(file.path());
    for (const std::uint64_t run : {0, 1}) {
      const auto state = checkpoint.state(run);
      sde::average_step(state->outline(), 8);
      state->visit(0, std::numeric_limits<std::uint64_t>::max(),
                   [](const sde::Piece& piece) { sde::clipped(piece, piece.at.first, piece.at.first + 1); });
      state->statistics();
    }
  } catch (const std::runtime_error&) {
  }
  return 0;
}
