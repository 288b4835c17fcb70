#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// The facts of every scheme, in the order of the list (types.hpp).
const std::vector<SchemeFacts>& schemes();

/// nullptr if there is no scheme of that name.
const SchemeFacts* find_scheme(std::string_view name);

std::vector<std::string> scheme_names();

/// Those of the lists of schemes for GPUs; `shaped`: under noise that is not isotropic.
std::vector<std::string> device_scheme_names(bool shaped = false);
bool runs_on_device(std::string_view name, bool shaped = false);

/// Is a step a drift and a Brownian increment, and the position all that the next one depends on? Then there is a
/// bridge between two positions.
bool has_brownian_steps(std::string_view name);

/// `noise`: null if isotropic. Errors: std::invalid_argument for an unknown name.
template <Real R>
std::unique_ptr<BlockScheme<R>> make_scheme(std::string_view name, const SchemeParameters& parameters,
                                            std::shared_ptr<const BlockNoise<R>> noise = nullptr);

}  // namespace kramers::sde
