#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/stable_noise.hpp"

namespace kramers::landscapes {
namespace {

const Range stable_index{"a number > 0 and <= 2", [](double alpha) { return alpha > 0 && alpha <= 2; }};

MadeNoise make(const Parameters& given, const OfLandscape&) {
  check_keys(given, {"alpha", "scale"});
  for (const auto& [key, range] : {std::pair{"alpha", stable_index}, std::pair{"scale", positive}})
    if (!given.contains(key)) throw ParameterError(key, "", range.words);
  return std::make_unique<StableNoise>(
      StableTail{number_in("alpha", given.at("alpha"), stable_index), number_in("scale", given.at("scale"), positive)});
}

}  // namespace

NoiseEntry stable_entry() {
  return {
      "stable",
      "heavy tails: symmetric alpha-stable noise, independent in each coordinate",
      "one example's gradient noise has E exp(i u Z) = exp(-|scale u|^alpha)",
      "Simsekli, Sagun & Gurbuzbalaban, ICML 2019",
      {{"alpha", "index of stability; 2 is Gaussian with variance 2 scale^2", "1", "number", "", stable_index.words},
       {"scale", "of one example's gradient", "gradient", "number", "", positive.words}},
      make,
      false};
}

}  // namespace kramers::landscapes
