#pragma once

#include "sde/random/noise.hpp"

namespace kramers::sde {

inline constexpr int largest_rademacher_batch = 32;  // bits of a generator's word

/// Rows of sums of `batch` independent signs over sqrt(batch): mean 0, variance 1, excess kurtosis -2 / batch.
/// 1 <= batch <= largest_rademacher_batch. Arguments as of sde::normals; a generator call gives as many numbers.
template <Real R>
void rademacher_means(int batch, const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number,
                      int count, R* out);

}  // namespace kramers::sde
