#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/study/study.hpp"
#include "analysis/verdict/verdict.hpp"

/// Strong and weak order of a scheme, measured: the same Brownian paths at the steps h, h/2, h/4, ...
namespace kramers::analysis {

struct ConvergenceSettings {
  int levels = 5;               // steps that are judged: h to h / 2^(levels - 1)
  std::uint64_t steps = 64;     // of h: the time at which errors are taken
  std::uint64_t paths = 16384;  // rounded up to whole blocks
};

/// Whose expectations have weak errors: theta and theta^2, means over the coordinates, and the loss.
inline constexpr std::array<const char*, 3> convergence_observables = {"theta", "theta^2", "loss"};

/// One step. Errors are those against the reference, the same scheme along the same paths at h / 2^(levels + 1).
struct ConvergenceLevel {
  double time_step;
  Estimate strong;                // root of the mean squared distance
  std::array<Estimate, 3> value;  // expectations
  std::array<Estimate, 3> weak;   // and their errors
};

/// An order, fitted to the logarithms of the differences between a step and its half, which unlike errors against a
/// reference scale with h^order from the first to the last. Absent where fewer than two of them stand out from their
/// standard errors (four of them) without a gap from the largest step on.
struct MeasuredOrder {
  std::string name;  // "strong", or "weak, " and the observable
  double stated;
  std::optional<Estimate> fitted;  // to all that stand out
  std::optional<Estimate> last;    // to the last two of them, where terms of higher order are smallest
};

struct Convergence {
  double time;  // at which errors are taken
  std::vector<ConvergenceLevel> levels;
  std::vector<MeasuredOrder> orders;  // strong, then weak by observable
  /// Of the strong order and of the weak ones, where it is enough to know one. Agrees: as fitted or from the last two
  /// differences it is known to 0.1 and at least the stated one less 0.2, which is for terms of higher order.
  /// Disagrees: the last two say that it is less, by three standard errors.
  Decision decision;
};

/// SGD with momentum keeps its friction and effective temperature as eta and mu go with h. Computes in double
/// precision. Throws std::invalid_argument for a scheme without errors, one with Metropolis' rule, and for noise that
/// is no Brownian motion, of which long steps could not be made from short ones, and std::runtime_error where a path
/// does not stay finite.
Convergence measure_convergence(const StudiedRun& studied, const ConvergenceSettings& settings);

}  // namespace kramers::analysis
