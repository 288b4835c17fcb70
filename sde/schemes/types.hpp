#pragma once

#include "sde/schemes/aboba.hpp"
#include "sde/schemes/baoab.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "sde/schemes/heavy_ball.hpp"
#include "sde/schemes/implicit_euler.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"
#include "sde/schemes/mala.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/nesterov.hpp"
#include "sde/schemes/obabo.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/sri1w1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "sde/schemes/tamed_euler.hpp"

namespace kramers::sde {

template <template <class> class... Scheme>
struct SchemeTypes {
  /// f.template operator()<Scheme>() for each of them, in order.
  template <class F>
  static void for_each(F f) {
    (f.template operator()<Scheme>(), ...);
  }
};

/// Schemes that move each coordinate by itself. A new one is a file and a line here, and the catalogue, the commands
/// and the tests know it.
using Schemes = SchemeTypes<  //
    EulerMaruyama,            //
    LeimkuhlerMatthews,       //
    Milstein,                 //
    StochasticHeun,           //
    Sra1,                     //
    Sri1w1,                   //
    TamedEuler,               //
    Baoab,                    //
    Aboba,                    //
    Obabo,                    //
    HeavyBall,                //
    Nesterov>;

/// Schemes that move a block in their own way, templates of BlockScheme.
using WholeBlockSchemes = SchemeTypes<ImplicitEuler, ExactOu, Mala>;

/// Those that GPUs run too. Each costs a minute of compilation: the ones for ensembles that need a GPU.
using DeviceSchemes = SchemeTypes<EulerMaruyama, LeimkuhlerMatthews, Baoab, HeavyBall>;
/// Those of them that GPUs run under noise that is not isotropic, too.
using ShapedDeviceSchemes = SchemeTypes<EulerMaruyama>;

}  // namespace kramers::sde
