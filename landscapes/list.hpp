#pragma once

#include <tuple>

#include "landscapes/asymmetric_double_well.hpp"
#include "landscapes/channel.hpp"
#include "landscapes/mueller_brown.hpp"
#include "landscapes/quadratic.hpp"
#include "landscapes/quartic.hpp"
#include "landscapes/styblinski_tang.hpp"
#include "landscapes/tilted_quartic.hpp"

namespace kramers::landscapes {

/// All landscapes. A new one is a line here, and the catalogue and the tests know it.
using List = std::tuple<Quadratic, Quartic, TiltedQuartic, AsymmetricDoubleWell, Channel, StyblinskiTang, MuellerBrown>;

}  // namespace kramers::landscapes
