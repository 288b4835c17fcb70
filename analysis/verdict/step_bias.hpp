#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/variation.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A run at a multiple of the time step h, along the Brownian paths of the run at h.
struct CoarseRun {
  int multiple;
  sde::RunStatistics statistics;
};

/// What such runs have summed up, as tallies of the run at h: `step_bias` (multiple, summed): samples, the quantities
/// of RunStatistics::sums, samples in each basin; and `step_bias_density_K` (multiple, cell).
std::vector<sde::Tally> step_bias_tallies(const std::vector<CoarseRun>& coarse);

/// Names and axes of those tallies, and of the tables that are found from them; `of` stands in place of `summed` there.
sde::TallyShape step_bias_shape(const std::vector<int>& multiples, sde::TallyAxis of);
sde::TallyShape step_bias_density_shape(std::size_t k, const std::vector<int>& multiples, int cells);

/// Three errors apart. A stationary mean Q is biased by the step, Q_h = Q_0 + c h^p with p the scheme's invariant
/// order, so that (Richardson)
///
///     b = (Q_2h - Q_h) / (2^p - 1),   Q_0 = Q_h - b
///
/// and what is left, Q_0 less what is predicted, is an error of the model. Standard errors by jackknife over the
/// replicates, in which the same noise has moved both runs.
/// Talay & Tubaro, Stoch. Anal. Appl. 8 (1990) 483.
struct StepBias {
  int order;                   // p
  std::vector<int> multiples;  // 2, or 2 and 4

  struct Quantity {
    std::string name;
    Estimate sampled;              // Q_h: its error is that of Monte Carlo
    std::vector<Estimate> coarse;  // Q at each multiple
    Estimate bias, extrapolated;   // b, Q_0
    double correlation;            // of Q_h and Q_2h, by the shared noise
    std::optional<double> prediction;

    /// With 4 h: (Q_4h - Q_2h) / (Q_2h - Q_h) is 2^p, up to higher orders. The order that is seen is its logarithm to
    /// base 2, where both differences are beyond four standard errors; half an order and three standard errors off is
    /// inconsistent. Were the next term of order p + 1, it would leave `remainder` in Q_0.
    std::optional<Estimate> order_seen, remainder;
    bool consistent = true;

    double model_error() const;  // NaN where nothing is predicted; its standard error is that of Q_0
  };
  std::vector<Quantity> quantities;

  /// The same for every cell, and in total variation: what noise alone would show at h, the distance between the laws
  /// at h and at 0, that between the one at 0 and the prediction.
  struct Density {
    std::vector<Estimate> bias, extrapolated;
    double noise_floor;
    Variation bias_variation;
    std::optional<Variation> model_variation;
    double t;  // Student quantile of the bounds at 1 - alpha
  };
  std::vector<Density> densities;

  std::string why_not;  // all is NaN: trajectories diverged
};

/// Of a run that has the tallies above; nullopt: it has not.
std::optional<StepBias> step_bias(const Experiment& experiment, const Theory& theory,
                                  const sde::RunStatistics& statistics);

}  // namespace kramers::analysis
