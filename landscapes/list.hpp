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

/// All landscapes. A new one is a line here, and the catalogue, the devices and the tests know it: double_well.hpp has
/// the struct DoubleWell (units.cmake goes by these names).
using List = std::tuple<Quadratic, Quartic, TiltedQuartic, AsymmetricDoubleWell, Channel, StyblinskiTang, MuellerBrown>;

/// Calls f with a null pointer to each landscape of the list.
template <class F>
void for_each_landscape(F f) {
  [&]<class... L>(const std::tuple<L...>*) {
    (f(static_cast<const L*>(nullptr)), ...);
  }(static_cast<const List*>(nullptr));
}

}  // namespace kramers::landscapes
