#include "analysis/prediction/list.hpp"

#include <algorithm>

#define KRAMERS_EACH_LAW(is) is(boltzmann_gibbs) is(laplace)

namespace kramers::analysis {

#define KRAMERS_DECLARE(name) Law name##_law();
KRAMERS_EACH_LAW(KRAMERS_DECLARE)

const std::vector<Law>& laws() {
#define KRAMERS_MAKE(name) name##_law(),
  static const std::vector<Law> all = {KRAMERS_EACH_LAW(KRAMERS_MAKE)};
  return all;
}

const Law* find_law(const std::string& name) {
  const auto found = std::ranges::find(laws(), name, &Law::name);
  return found == laws().end() ? nullptr : &*found;
}

std::vector<std::string> prediction_names() {
  std::vector<std::string> names;
  for (const Law& law : laws())
    if (law.is_whole) names.push_back(law.name);
  names.push_back("none");
  return names;
}

std::string key_of(const Law& law) {
  std::string key = law.name;
  std::ranges::replace(key, '-', '_');
  return key;
}

}  // namespace kramers::analysis
