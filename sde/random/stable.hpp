#pragma once

#include "sde/random/noise.hpp"

namespace kramers::sde {

/// Rows of independent symmetric alpha-stable numbers Z of scale 1, E exp(i u Z) = exp(-|u|^alpha), 0 < alpha <= 2, by
/// the transformation of Chambers, Mallows & Stuck (J. Am. Stat. Assoc. 1976, 71, 340): with U uniform in (-pi/2, pi/2)
/// and W standard exponential
///
///     Z = sin(alpha U) / cos(U)^(1/alpha) (cos((1 - alpha) U) / W)^((1 - alpha) / alpha)
///
/// For alpha = 2 the variance is 2, not 1; for alpha = 1 Z is Cauchy. Arguments as of sde::normals; a generator call
/// gives one number in double and two in single precision. Tails end where the uniform numbers do: cos(U) >= 2^-54 pi
/// (single: 2^-27 pi).
template <Real R>
void stable_numbers(double alpha, const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number,
                    int count, R* out);

}  // namespace kramers::sde
