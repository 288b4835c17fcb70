#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/isotropic_noise.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape&) {
  return std::make_unique<IsotropicNoise>(number_in("sigma", required(given, "sigma", positive.words), positive));
}

}  // namespace

NoiseEntry isotropic_entry() {
  return {"isotropic",
          "the same variance in every direction, everywhere",
          "C = sigma^2 I",
          "Jastrzebski et al., arXiv:1711.04623",
          {{"sigma", "standard deviation of one example's gradient, in each coordinate", "gradient", "number", "",
            positive.words}},
          make,
          false,
          true};
}

}  // namespace kramers::landscapes
