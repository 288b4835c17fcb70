#include "sde/start.hpp"

namespace kramers::sde {

InitialStates::InitialStates(const Start& start, std::uint64_t seed, std::uint16_t run, int dim, int extra_rows)
    : stream_{seed, run, Purpose::initial_state},
      kind_(start.kind),
      dim_(dim),
      extra_rows_(extra_rows),
      points_(start.kind == Start::Kind::points ? start.at.size() : 0) {
  const auto take = [&](const std::vector<double>& numbers) {
    numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
  };
  switch (start.kind) {
    case Start::Kind::points:
      for (const std::vector<double>& point : start.at) take(point);
      break;
    case Start::Kind::gaussian:
      take(start.mean);
      take(start.deviation);
      break;
    case Start::Kind::uniform:
      take(start.low);
      take(start.high);
      break;
  }
}

template <Real R>
void InitialStates::fill_block(std::uint64_t first_trajectory, R* theta, R* extra) const {
  const FlatStart start = flat(numbers_.data());
  if (start.takes_normals()) normals<R>(stream_, first_trajectory, 0, dim_, theta);
  for (int i = 0; i < dim_; ++i)
    for (int lane = 0; lane < block_lanes; ++lane) {
      R& x = theta[i * block_lanes + lane];
      x = start.coordinate(first_trajectory + lane, i, start.takes_normals() ? x : R(0));
    }
  if (extra_rows_ > 0) normals<R>(stream_, first_trajectory, first_extra_number, extra_rows_, extra);
}

template void InitialStates::fill_block(std::uint64_t, float*, float*) const;
template void InitialStates::fill_block(std::uint64_t, double*, double*) const;

}  // namespace kramers::sde
