#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "analysis/prediction/line_grid.hpp"

namespace kramers::analysis {

/// How long, and how often, a trajectory is sampled.
struct Sampling {
  double time;     // t_s [time]
  double samples;  // n
  /// t_b [time] before the first of them, from start points; infinite: as if from the stationary law.
  double burn_in = std::numeric_limits<double>::infinity();
};

/// Variance of the average of f over one trajectory of the stationary diffusion dx = -T F' dt + sqrt(2 T) dW. Over a
/// long time t it is sigma^2 / t with
///
///     sigma^2 = (2 / T) integral Phi^2 / p dx,   Phi(x) = integral_-inf^x (f - <f>) p dy
///
/// (Phi = -T p phi', where phi solves the Poisson equation of the generator, -A phi = f - <f>, and sigma^2 = 2 <phi f>:
/// the central limit theorem for ergodic diffusions, Lelievre & Stoltz, Acta Numerica 25 (2016) 681, section 3.4).
/// Over a time that is not long, as if f forgot exponentially with the time tau = sigma^2 / (2 v), v = <f^2> - <f>^2:
///
///     v g(t / tau),   g(x) = 2 (x - 1 + exp(-x)) / x^2
///
/// and n samples err besides as if they were independent: v / n, added in quadrature (of coth(x) = sqrt(1 + 1 / x^2)
/// within 14 %, what samples at a distance do to an exponential), in all at most v. Trajectories from fixed start
/// points do not differ where they begin: they lack v eps^2, eps = exp(-t_b / tau) (tau / t) (1 - exp(-t / tau)),
/// exactly so for an exponential, and where the start points are shared out as the law is.
class TimeAverage {
 public:
  /// `slowness`: time runs so many times slower (the friction of an inertial diffusion).
  TimeAverage(const LineDensity& density, double temperature, Sampling sampling, double slowness = 1);

  const LineGrid& grid() const { return grid_; }
  /// f: at the nodes of the grid.
  double variance(std::vector<double> f) const;
  /// Of the share of samples with low <= x < high.
  double variance_between(double low, double high) const;

 private:
  LineGrid grid_;
  Sampling sampling_;
};

}  // namespace kramers::analysis
