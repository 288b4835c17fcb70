#include <unistd.h>

#include <filesystem>
#include <functional>

#include "analysis/results/checkpoint_file.hpp"
#include "tests/catch.hpp"

using namespace kramers;
namespace fs = std::filesystem;

namespace {

/// A checkpoint with one record of trajectories 128 to 255, of which `change` is made before it is sealed.
std::string visited(const std::function<void(analysis::Record&)>& change) {
  const fs::path path = fs::temp_directory_path() / ("kramers-checkpoint-" + std::to_string(getpid()));
  const sde::Piece piece{.at = {128, 128, 50},
                         .state = std::vector<double>(128, 0.5),
                         .sums = std::vector<double>(128, 1.0),
                         .memory = {},
                         .alive = std::vector<std::uint8_t>(128, 1)};
  analysis::Record record = analysis::record_of(0, piece);
  change(record);
  analysis::CheckpointWriter writer(path.string(), {"title = \"a\"", {}, 1, false});
  writer.add(record);
  writer.commit();
  std::string said;
  try {
    const analysis::Checkpoint checkpoint(path.string());
    checkpoint.state(0)->visit(0, 1024, [&](const sde::Piece& there) {
      said += there.at == piece.at && there.state == piece.state && there.sums == piece.sums ? "the same" : "another";
    });
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  fs::remove(path);
  return said;
}

}  // namespace

TEST_CASE("a record of a checkpoint holds the trajectories that it says", "[checkpoint]") {
  CHECK(visited([](analysis::Record&) {}) == "the same");
  const char* head[] = {"run", "is_piece", "first", "count", "step", "size"};
  for (const std::size_t number : {2, 3, 4}) {
    INFO(head[number]);
    CHECK_THAT(visited([number](analysis::Record& record) { record[8 * number] ^= std::byte(1); }),
               Catch::EndsWith("it is damaged, a record of it is of other trajectories than it says"));
  }
}
