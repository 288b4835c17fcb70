#pragma once

#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {

/// Diagonal noise by the parameters of its variance.
template <class Variance>
MadeNoise make_diagonal(const Parameters& given, const OfLandscape& landscape) {
  return std::make_unique<DiagonalNoise<Variance>>(read(Variance::fields(), given), landscape->dim());
}

}  // namespace kramers::landscapes
