#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/isotropic_noise.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape&) {
  return std::make_unique<IsotropicNoise>(2 * number_in("sigma", required(given, "sigma", positive.words), positive));
}

}  // namespace

NoiseEntry loud_entry() {
  return {
      "loud",
      "isotropic noise of twice the deviation",
      "C = (2 sigma)^2 I",
      "an addition",
      {{"sigma", "half of the standard deviation of one example's gradient", "gradient", "number", "", positive.words}},
      make,
      false};
}

}  // namespace kramers::landscapes
