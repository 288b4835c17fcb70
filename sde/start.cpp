#include "sde/start.hpp"

#include <array>

#include "sde/philox.hpp"

namespace kramers::sde {
namespace {

/// Uniform in [0, 1), 53 bits; its calls lie beyond those of the normals for the initial state.
double uniform(const Stream& stream, std::uint64_t trajectory, int number) {
  constexpr std::uint64_t first_call = std::uint64_t(1) << 40;
  const std::uint64_t call = first_call + number;
  const auto words =
      philox(std::array<std::uint32_t, 4>{std::uint32_t(call), std::uint32_t(call >> 32), std::uint32_t(trajectory),
                                          std::uint32_t(trajectory >> 32) | std::uint32_t(stream.run) << 8 |
                                              std::uint32_t(stream.purpose) << 24},
             PhiloxKey::of_seed(stream.seed));
  return double((std::uint64_t(words[0]) << 32 | words[1]) >> 11) * 0x1p-53;
}

}  // namespace

template <Real R>
void place_start(const Start& start, const Stream& stream, std::uint64_t first_trajectory, int dim, R* theta) {
  if (start.kind == Start::Kind::gaussian)
    normals<R>(stream, first_trajectory, 0, dim, theta);  // in place: shifted and scaled below
  for (int i = 0; i < dim; ++i) {
    R* row = theta + i * block_lanes;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const std::uint64_t trajectory = first_trajectory + lane;
      switch (start.kind) {
        case Start::Kind::points:
          row[lane] = R(start.at[trajectory % start.at.size()][i]);
          break;
        case Start::Kind::gaussian:
          row[lane] = fma(R(start.deviation[i]), row[lane], R(start.mean[i]));
          break;
        case Start::Kind::uniform:
          row[lane] = R(start.low[i] + uniform(stream, trajectory, i) * (start.high[i] - start.low[i]));
          break;
      }
    }
  }
}

template void place_start(const Start&, const Stream&, std::uint64_t, int, float*);
template void place_start(const Start&, const Stream&, std::uint64_t, int, double*);

}  // namespace kramers::sde
