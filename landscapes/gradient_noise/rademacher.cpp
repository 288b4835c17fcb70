#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/rademacher_noise.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape&) {
  return std::make_unique<RademacherNoise>(number_in("sigma", required(given, "sigma", positive.words), positive));
}

}  // namespace

NoiseEntry rademacher_entry() {
  return {"rademacher",
          "two values: what the central limit theorem has not reached at small batches",
          "one example's gradient is off by +sigma or -sigma in each coordinate, with equal odds; batches up to 32",
          "excess kurtosis of a minibatch: -2 / S",
          {{"sigma", "standard deviation of one example's gradient, in each coordinate", "gradient", "number", "",
            positive.words}},
          make,
          false};
}

}  // namespace kramers::landscapes
