#pragma once

#include <cstdint>
#include <vector>

#include "sde/random/noise.hpp"
#include "sde/random/philox.hpp"

namespace kramers::sde {

/// Where trajectories start.
struct Start {
  enum class Kind { points, gaussian, uniform } kind = Kind::points;
  std::vector<std::vector<double>> at;  // points: trajectory k starts at point k mod at.size()
  std::vector<double> mean, deviation;  // gaussian: independent coordinates
  std::vector<double> low, high;        // uniform in a box
};

/// In a trajectory's row of normals for the initial state: start positions take the numbers from 0, a scheme's extra
/// rows those from here.
inline constexpr std::uint64_t first_extra_number = std::uint64_t(1) << 32;
/// The generator's calls for uniform starts, one a coordinate, lie beyond those of these normals.
inline constexpr std::uint64_t first_uniform_call = std::uint64_t(1) << 40;

/// A Start as flat numbers, and the coordinates of a trajectory: one formula for blocks and devices.
struct FlatStart {
  Stream stream;
  Start::Kind kind;
  int dim;
  std::uint64_t points;   // 0 unless starts are points
  const double* numbers;  // [point][dim]; mean, then deviation; low, then high

  KRAMERS_HOST_DEVICE bool takes_normals() const { return kind == Start::Kind::gaussian; }

  /// `normal`: number i of the trajectory's row, where normals are taken.
  template <Real R>
  KRAMERS_HOST_DEVICE R coordinate(std::uint64_t trajectory, int i, R normal) const {
    switch (kind) {
      case Start::Kind::points:
        return R(numbers[trajectory % points * dim + i]);
      case Start::Kind::gaussian:
        return fma(R(numbers[dim + i]), normal, R(numbers[i]));
      default:
        return R(numbers[i] + uniform(trajectory, i) * (numbers[dim + i] - numbers[i]));
    }
  }

 private:
  /// In [0, 1), 53 bits.
  KRAMERS_HOST_DEVICE double uniform(std::uint64_t trajectory, int number) const {
    const auto words =
        philox(counter_of(stream, trajectory, first_uniform_call + number), PhiloxKey::of_seed(stream.seed));
    return double((std::uint64_t(words[0]) << 32 | words[1]) >> 11) * 0x1p-53;
  }
};

/// States before the first step of a run, and before what the scheme makes of them.
class InitialStates {
 public:
  /// `extra_rows`: numbers that the scheme keeps of each trajectory beside its coordinates.
  InitialStates(const Start& start, std::uint64_t seed, std::uint16_t run, int dim, int extra_rows);

  /// theta (dim rows) and extra of the block that begins with first_trajectory.
  template <Real R>
  void fill_block(std::uint64_t first_trajectory, R* theta, R* extra) const;

  /// What FlatStart points to, and one that points to a copy of it.
  const std::vector<double>& numbers() const { return numbers_; }
  FlatStart flat(const double* numbers) const { return {stream_, kind_, dim_, points_, numbers}; }

 private:
  Stream stream_;
  Start::Kind kind_;
  int dim_, extra_rows_;
  std::uint64_t points_;
  std::vector<double> numbers_;
};

}  // namespace kramers::sde
