#pragma once

#include <optional>
#include <string>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/experiment.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// How long the slowest deviation from the stationary law takes to die out, as exp(-t / time).
struct Relaxation {
  /// How well it is known: up to the step's bias; not below this (the time itself may be any longer); about.
  enum class Kind { exact, at_least, estimate };

  double time;  // [time]; infinite where nothing ever crosses
  Kind kind;
  std::string by;  // what is slowest

  bool is_exact() const { return kind == Kind::exact; }
  double rate() const { return 1 / time; }
};

/// What is known of one run's relaxation time.
struct RelaxationFacts {
  std::optional<Relaxation> slowest;  // for planning and words: the largest of what is known
  std::optional<double> floor;        // [time]: the largest bound, where nothing is exact
  std::string why_not;                // nothing is known
};

/// By what is known of the landscape:
///
/// quadratic               exact for any noise that does not depend on theta: the linear map of the scheme's own step
/// a sum over coordinates  exact without inertia, under isotropic noise: the spectral gap along each
/// any other               bounds, by functions of one coordinate whose marginal is known, in the plane by functions on
///                         a grid (PlaneRelaxation), above it by the curvatures of the minima, softened to those that
///                         an energy of 2 T feels
///
/// With inertia: bounds by the linear map of the step at each minimum, and by transition states; an estimate for the
/// exchange over a barrier by Kramers' formula and the diffusion of energy. Rejections make a Metropolis scheme no
/// faster than 1 + h lambda_max / 2 times the equation. Exact is said only up to h lambda_max = 1: beyond that the
/// step is another process.
RelaxationFacts relaxation_facts(const Experiment& experiment, const landscapes::Landscape& landscape,
                                 const Derived& derived);

}  // namespace kramers::analysis
