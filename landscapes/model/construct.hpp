#pragma once

#include <memory>

#include "landscapes/model/facts.hpp"

namespace kramers::landscapes {

/// A landscape struct, and what it has views of.
template <class L>
struct Constructed {
  L landscape;
  std::shared_ptr<const void> storage;
};

/// L with the parameters given and the defaults of the others; throws ParameterError.
template <class L>
Constructed<L> construct(const Parameters& given) {
  if constexpr (requires { typename L::Data; }) {
    const auto data = std::make_shared<const typename L::Data>(given);
    return {data->view(), data};
  } else {
    const L landscape = read(L::fields(), given);
    if constexpr (requires { landscape.check(); }) landscape.check();
    return {landscape, nullptr};
  }
}

/// Parameter sets worth a test: none given, then what L adds.
template <class L>
std::vector<Parameters> examples_of() {
  std::vector<Parameters> all = {{}};
  if constexpr (requires { L::examples(); })
    for (const Parameters& example : L::examples()) all.push_back(example);
  return all;
}

template <class L>
std::vector<ParameterDescription> describe_parameters() {
  if constexpr (requires { typename L::Data; })
    return L::Data::describe();
  else
    return describe(L::fields());
}

}  // namespace kramers::landscapes
