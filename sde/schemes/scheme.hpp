#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "sde/block.hpp"
#include "sde/block_noise.hpp"

namespace kramers::sde {

/// L = (theta - c)^T H (theta - c) / 2.
struct QuadraticForm {
  std::vector<double> hessian, center;  // d x d and d numbers
};

/// What a scheme needs to know of the equation d theta = -grad L dt + sqrt(2 T) dW, or of its kinetic form
/// d theta = p dt, d p = -grad L dt - gamma p dt + sqrt(2 gamma T) dW.
struct SchemeParameters {
  double time_step;              // h [time], > 0
  double temperature;            // T [loss], > 0
  double friction = 0;           // gamma [1/time], > 0: kinetic schemes alone
  double learning_rate = 0;      // eta [time], > 0, and
  double momentum = 0;           // mu in [0, 1): SGD with momentum alone
  double calculus = 0;           // where noise that depends on theta is taken: at the start of d theta (0, Ito), in its
                                 // middle (1/2, Stratonovich) or at its end (1, Haenggi & Klimontovich)
  QuadraticForm quadratic = {};  // schemes for quadratics alone
};

/// An order that no finite number is: there is no error.
inline constexpr int unbounded_order = std::numeric_limits<int>::max();

/// The noise that a scheme is valid for.
enum class ValidNoise {
  isotropic,
  additive,  // isotropic or constant
  diagonal,  // isotropic, or diagonal with C_ii a function of theta_i
  gaussian,  // all but heavy tails
  any,
};
constexpr bool is_valid(ValidNoise valid, NoiseStructure noise) {
  switch (valid) {
    case ValidNoise::isotropic:
      return noise == NoiseStructure::isotropic;
    case ValidNoise::additive:
      return noise <= NoiseStructure::additive;
    case ValidNoise::diagonal:
      return noise == NoiseStructure::isotropic || noise == NoiseStructure::diagonal;
    case ValidNoise::gaussian:
      return noise <= NoiseStructure::general;
    case ValidNoise::any:
      break;
  }
  return true;
}

/// In words that follow "noise: ".
constexpr std::string_view words_of(ValidNoise valid) {
  switch (valid) {
    case ValidNoise::isotropic:
      return "isotropic";
    case ValidNoise::additive:
      return "isotropic or constant";
    case ValidNoise::diagonal:
      return "isotropic, or diagonal and each variance a function of its own coordinate";
    case ValidNoise::gaussian:
      return "any with a covariance";
    case ValidNoise::any:
      break;
  }
  return "any";
}

/// Where in d theta noise that depends on theta is taken, by name.
struct Calculus {
  std::string_view name;
  double at;  // SchemeParameters::calculus
};
inline constexpr Calculus calculi[] = {{"ito", 0}, {"stratonovich", 0.5}, {"haenggi-klimontovich", 1}};
constexpr std::string_view name_of_calculus(double at) {
  for (const Calculus& calculus : calculi)
    if (calculus.at == at) return calculus.name;
  return "";
}

/// What a scheme states of itself; tests and the catalogue read it.
struct SchemeFacts {
  std::string_view name;
  std::string_view summary;
  std::string_view equation;
  double calculus = 0;  // of the solution that it converges to by itself: SchemeParameters::calculus
  ValidNoise noise = ValidNoise::isotropic;
  double strong_order, weak_order;         // in h, on finite times, for additive noise
  double multiplicative_strong_order = 0;  // for noise that depends on theta, where it is another
  int invariant_order;                     // bias of the stationary law is O(h^order)
  bool exact_temperature = true;           // its estimator is unbiased at any h, not to that order only
  int gradients = 1, normals = 1;          // a step and coordinate
  bool metropolis = false;                 // a step is a proposal, which two normals more accept or reject
  bool time_integral = false;              // its second normal gives int W dt, not the second half of the step
  std::string_view parameter = "";         // that it needs beside T and h: friction, momentum or none
  bool quadratic_alone = false;            // for which landscapes it is
  bool needs_hessian = false;              // of the landscape
  int most_dimensions = std::numeric_limits<int>::max();  // beyond which a step, or its start, takes too long
  /// The curvature [loss / theta^2] from which a quadratic makes it diverge.
  double (*unstable_from)(const SchemeParameters&);
  std::string_view source;

  constexpr double strong_order_under(NoiseStructure structure) const {
    return depends_on_theta(structure) && multiplicative_strong_order > 0 ? multiplicative_strong_order : strong_order;
  }
  /// Rows of random numbers: those of the first coordinate, of the second, ..., and those of the whole step.
  constexpr int numbers_per_step(int dim) const { return dim * normals + (metropolis ? 2 : 0); }
  /// Has a momentum beside the position.
  constexpr bool kinetic() const { return !parameter.empty(); }
};

/// unstable_from of explicit schemes without inertia, h lambda = 2; of splittings of kinetic dynamics, h^2 lambda = 4;
/// of schemes that no curvature makes diverge.
inline double explicit_limit(const SchemeParameters& p) { return 2 / p.time_step; }
inline double leapfrog_limit(const SchemeParameters& p) { return 4 / (p.time_step * p.time_step); }
inline double never_unstable(const SchemeParameters&) { return std::numeric_limits<double>::infinity(); }

/// The temperature of the stationary law [loss]: T, or T / (1 - mu) under SGD with momentum.
inline double effective_temperature(const SchemeParameters& p) { return p.temperature / (1 - p.momentum); }

/// A scheme as the ensemble sees it: it moves a block. Const and thread safe.
template <Real R>
class BlockScheme {
 public:
  virtual ~BlockScheme() = default;
  virtual const SchemeFacts& facts() const = 0;
  /// Null: isotropic.
  virtual const BlockNoise<R>* noise() const = 0;
  /// Rows of state beside theta in `dim` dimensions; before `start` they hold standard normals.
  virtual int extra_rows(int dim) const = 0;
  /// Rows of scratch that the calls below need, per coordinate.
  virtual int scratch_rows() const = 0;
  /// Before the first step: makes `extra` what it has to be at the start point theta.
  virtual void start(const BlockLandscape<R>& landscape, const R* theta, R* extra, R* scratch) const = 0;
  /// `count` steps. theta: d rows; extra: extra_rows(d) rows; normals, or the numbers that noise() has instead: for
  /// each step as many rows as facts().numbers_per_step(d).
  virtual void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
                       R* scratch) const = 0;
  /// Of each coordinate i estimates[i * block_lanes + lane], whose stationary mean is the effective temperature, or,
  /// under noise with a constant A, that times A_ii. `origin`: a point near the samples, d numbers; any will do, a far
  /// one only adds noise.
  virtual void temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* extra,
                            R* scratch, double* estimates) const = 0;
  /// Under Metropolis' rule the row of `extra` with ln min(1, alpha), of which the last step's proposal was accepted
  /// with probability alpha; else null.
  virtual const R* log_acceptance([[maybe_unused]] int dim, [[maybe_unused]] const R* extra) const { return nullptr; }
};

}  // namespace kramers::sde
