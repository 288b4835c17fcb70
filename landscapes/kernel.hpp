#pragma once

#include "sde/device/slab.hpp"

namespace kramers::landscapes {

/// Starts a thread for every trajectory of the slab on the current GPU; defined for every landscape, scheme, noise
/// and precision by kernel_double.cu and kernel_single.cu, which nvcc compiles.
template <class Model, class Scheme, class Noise, class R>
void launch(const Model& model, const Scheme& scheme, const Noise& noise, const sde::Slab<R>& slab);

}  // namespace kramers::landscapes
