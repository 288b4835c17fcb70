#pragma once

#include <functional>
#include <vector>

#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

/// d x = -L'(x) dt + sqrt(2 D(x)) dW in the sense of Ito, by its potential Phi = integral of L' / D: L / T where D = T.
struct LineDiffusion {
  std::function<double(double)> potential;  // Phi
  std::function<double(double)> diffusion;  // D [theta^2 / time], > 0
  std::vector<double> kinks, landmarks;     // of Phi and D, as in LineDensity; D may jump at kinks

  /// D = T, Phi = L / T from exp(-L / T).
  static LineDiffusion isotropic(const LineDensity& gibbs, double temperature);
};

/// Mean time [time] from x = `from` to the first exit of (low, high). One end may be infinite: there Phi must rise, and
/// nothing leaves. With s(z) = integral from low to z of e^Phi, m = e^-Phi / D and the chance P = s(x) / s(high) of
/// leaving at the high end,
///
///     tau = P integral_x^high (s(high) - s) m + (1 - P) integral_low^x s m;
///
/// with low at -infinity P = 1 and the second integral is (s(high) - s(x)) integral_low^x m, which is
/// integral_x^high e^Phi(y) integral_low^y m dy. Gauss-Legendre on panels over which Phi changes by no more than about
/// two; relative error about 1e-12. Infinite where it overflows. Throws std::invalid_argument unless
/// low < from < high and an end is finite. Gardiner, Handbook of Stochastic Methods (2nd ed.), section 5.2.7.
double mean_exit_time(const LineDiffusion& diffusion, double from, double low, double high);

/// A chain with Gaussian steps that is looked at after each of them crosses a boundary as if it lay this many standard
/// deviations of a step further out: -zeta(1/2) / sqrt(2 pi). Siegmund, Adv. Appl. Probab. 11 (1979) 701.
inline constexpr double monitoring_shift = 0.5825971579390106;

}  // namespace kramers::analysis
