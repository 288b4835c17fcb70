#pragma once

#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"

namespace kramers::sde {

template <template <class> class... Scheme>
struct SchemeTypes {
  /// f.template operator()<Scheme>() for each of them, in order.
  template <class F>
  static void for_each(F f) {
    (f.template operator()<Scheme>(), ...);
  }
};

/// All schemes. A new one is a file and a line here, and the catalogue, the commands and the tests know it.
using Schemes = SchemeTypes<  //
    EulerMaruyama,            //
    LeimkuhlerMatthews>;

}  // namespace kramers::sde
