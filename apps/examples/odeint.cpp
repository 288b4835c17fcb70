#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "sde/odeint_stepper.hpp"
#include "sde/schemes/baoab.hpp"

// A particle in the double well L(x) = (x^2 - 1)^2 at temperature 0.2, with inertia: a kramers scheme driven by
// Boost.Odeint. Sample run:
//
//   $ odeint_example
//   t =  0  x = -1.0000
//   t =  5  x = -1.1410
//   t = 10  x = -0.8580
//   t = 15  x = -1.1007
//   t = 20  x = -0.8222
//   momentum -0.2024
int main() {
  using namespace kramers::sde;
  using State = std::vector<double>;

  // 1. The equation, as odeint has it: dxdt = -grad L.
  const auto drift = [](const State& x, State& dxdt, double) { dxdt[0] = -4 * x[0] * (x[0] * x[0] - 1); };

  // 2. The scheme, with the noise of trajectory 0 of an ensemble of seed 1.
  const double h = 1.0 / 64;
  OdeintStepper<Baoab, State> stepper({.time_step = h, .temperature = 0.2, .friction = 1}, Stream{.seed = 1}, 0);

  // 3. odeint drives it and calls the observer at every step.
  State x = {-1};
  boost::numeric::odeint::integrate_const(std::ref(stepper), drift, x, 0.0, 20.0, h, [](const State& x, double t) {
    if (std::fmod(t, 5) == 0) std::printf("t = %2.0f  x = %7.4f\n", t, x[0]);
  });

  // 4. The momentum stays in the stepper.
  std::printf("momentum %.4f\n", stepper.momentum()[0]);
}
