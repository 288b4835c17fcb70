#include "landscapes/gradient_noise/two_basin.hpp"

#include "landscapes/gradient_noise/diagonal_entry.hpp"

namespace kramers::landscapes {

NoiseEntry two_basin_entry() {
  return {
      "two-basin",
      "one variance in the left basin, another in the right one",
      "C = sigma^2(theta) I, sigma^2 = variance_right + (variance_left - variance_right) (1 - tanh((theta_0 - at) / "
      "width)) / 2",
      "Jastrzebski et al., arXiv:1711.04623 (the third factor)",
      describe(TwoBasinVariance::fields()),
      make_diagonal<TwoBasinVariance>,
      true,
      true};
}

}  // namespace kramers::landscapes
