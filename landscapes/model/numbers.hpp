#pragma once

#include "sde/numbers/elementary.hpp"
#include "sde/numbers/number.hpp"
#include "sde/numbers/pack.hpp"
#include "sde/numbers/registers.hpp"
#include "sde/numbers/vec.hpp"

/// What a formula may use, callable unqualified for every number type: float, double, Pack and Dual.
namespace kramers::landscapes {

using sde::abs;
using sde::at_index;
using sde::cos;
using sde::exp;
using sde::fma;
using sde::for_each_index;
using sde::log;
using sde::max;
using sde::min;
using sde::real_of;
using sde::select;
using sde::sin;
using sde::sqrt;
using sde::tanh;
using sde::Vec;

}  // namespace kramers::landscapes
