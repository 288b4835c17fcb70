#include "landscapes/gradient_noise/pearson.hpp"

#include "landscapes/gradient_noise/diagonal_entry.hpp"

namespace kramers::landscapes {

NoiseEntry pearson_entry() {
  return {"pearson",
          "a variance that is quadratic in its own coordinate; multiplicative noise",
          "C_ii = constant + linear theta_i + quadratic theta_i^2",
          "Forman & Sorensen, Scand. J. Stat. 2008, 35, 438",
          describe(PearsonVariance::fields()),
          make_diagonal<PearsonVariance>,
          true,
          true};
}

}  // namespace kramers::landscapes
