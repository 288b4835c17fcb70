#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/document/section.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::analysis {

/// Reads what is described and tries to `make` something of it; every complaint goes to the section's problems, also
/// those that `make` throws one at a time. `what` it is of: "landscape 'quadratic'". `whole`: it was made of all that
/// was given.
struct ReadParameters {
  landscapes::Parameters given;
  bool whole;
};
ReadParameters read_parameters(Section& section, const std::vector<landscapes::ParameterDescription>& described,
                               const std::string& what, const std::function<void(const landscapes::Parameters&)>& make);

}  // namespace kramers::analysis
