#pragma once

#include <string>
#include <vector>

#include "analysis/document/section.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/quantity.hpp"

namespace kramers::analysis {

/// `quantities = ["theta_0", "loss", "basin"]`: "theta" and "basin" stand for all of their kind. Without the key the
/// first coordinates, the loss and, of several, the basins.
std::vector<sde::Quantity> read_quantities(Section& section, const landscapes::Landscape* landscape);

/// That key as TOML again.
std::string quantities_text(const std::vector<sde::Quantity>& quantities);

}  // namespace kramers::analysis
