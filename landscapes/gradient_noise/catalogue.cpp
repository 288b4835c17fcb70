#include "landscapes/gradient_noise/catalogue.hpp"

// In the order of the list that users see.
#define KRAMERS_EACH_NOISE(is)                                                                             \
  is(isotropic) is(diagonal) is(covariance) is(low_rank) is(two_basin) is(pearson) is(formula) is(hessian) \
      is(rademacher) is(stable)

namespace kramers::landscapes {

#define KRAMERS_DECLARE(name) NoiseEntry name##_entry();
KRAMERS_EACH_NOISE(KRAMERS_DECLARE)

const std::vector<NoiseEntry>& noise_catalogue() {
#define KRAMERS_MAKE(name) name##_entry(),
  static const std::vector<NoiseEntry> all = {KRAMERS_EACH_NOISE(KRAMERS_MAKE)};
  return all;
}

std::vector<std::string> device_noise_names() {
  std::vector<std::string> names;
  for (const NoiseEntry& entry : noise_catalogue())
    if (entry.on_gpu) names.push_back(entry.name);
  return names;
}

const NoiseEntry& find_noise(const std::string& name) {
  std::string names;
  for (const NoiseEntry& entry : noise_catalogue()) {
    if (entry.name == name) return entry;
    names += (names.empty() ? "" : ", ") + entry.name;
  }
  throw ParameterError("noise", name, names);
}

}  // namespace kramers::landscapes
