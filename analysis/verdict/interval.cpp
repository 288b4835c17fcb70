#include "analysis/verdict/interval.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/statistics/variation.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

constexpr double largest_late_weight = 2;  // beyond, noise is amplified more than the first way ever loses

double eps(const Stationarity& s, int power) {
  const double distance = std::pow(s.start_distance, power);
  return s.held > 0 ? distance * s.held : 0;
}

/// Cells forget a far start as a deviation that dies out only once that is down to a standard deviation: before the
/// late samples begin.
bool extrapolates(const Stationarity& s) {
  const double far = s.start_distance * std::exp(-s.relaxations_before - s.least_weight * s.relaxations_sampled);
  return s.late_weight <= largest_late_weight && far <= 1;
}
MatrixXd extrapolated(const Windowed& w, const Stationarity& s) { return w.all + s.late_weight * (w.late - w.early); }

/// What the second way makes of a sample.
struct Later {
  Variation variation;
  Variation drift;  // late - early
  double
      surplus;  // kappa beyond its least: modes faster than the slowest are corrected by so much of the drift too much

  double margin() const { return surplus * (std::max(0.0, drift.estimate) + drift.error); }
  double from_start() const { return surplus * std::max(0.0, drift.estimate); }
};

/// `factor`: 1 for cells, 2 for a number, whose distance is not halved.
Interval interval(const Variation& plain, const std::optional<Later>& later, double from_start, double unknown,
                  double factor, const Alphas& alphas) {
  const double t = student_quantile(alphas.disagrees, plain.degrees_of_freedom);
  Interval i{.estimate = factor * plain.estimate,
             .error = factor * plain.error,
             .from_start = from_start,
             .degrees_of_freedom = plain.degrees_of_freedom};
  const double upper = factor * plain.upper, lower = factor * plain.lower(t);
  i.upper = upper + from_start;
  i.lower = lower - from_start;
  if (later) {
    const double margin = later->margin();
    i.upper = std::min(i.upper, std::max(upper, factor * (later->variation.upper + margin)));
    i.lower = std::max(i.lower, std::min(lower, factor * (later->variation.lower(t) - margin)));
    i.from_start = std::min(i.from_start, factor * later->from_start());
  }
  i.upper = std::max(i.upper + unknown, 5 * unknown);
  i.lower -= unknown;
  return i;
}

Variation drift(const Windowed& w, const Alphas& alphas) {
  return variation_from(w.late - w.early, VectorXd::Zero(w.all.cols()), alphas.agrees, w.all);
}

Interval of(const Windowed& w, const VectorXd& law, const Stationarity& s, double from_start, double factor,
            double unknown, const Alphas& alphas) {
  std::optional<Later> later;
  if (extrapolates(s))
    later = {variation_from(extrapolated(w, s), law, alphas.agrees, w.all), drift(w, alphas),
             s.late_weight - s.least_weight};
  return interval(variation_from(w.all, law, alphas.agrees), later, from_start, unknown, factor, alphas);
}

}  // namespace

Interval interval_of(const Windowed& fractions, const VectorXd& law, const Stationarity& s, const Alphas& alphas) {
  double never_seen = 0;
  for (Eigen::Index k = 0; k < law.size(); ++k)
    if (fractions.all.col(k).sum() == 0) never_seen += law[k];
  Interval i = of(fractions, law, s, eps(s, 1), 1, std::max(s.unknown, never_seen), alphas);
  i.upper = std::min(i.upper, 1.0);
  i.from_start = std::min(i.from_start, 1.0);
  return i;
}

Interval interval_between(const Windowed& a, const Stationarity& sa, const Windowed& b, const Stationarity& sb,
                          const Alphas& alphas) {
  const Variation plain = variation_between(a.all, b.all, alphas.agrees, a.all, b.all);
  std::optional<Later> later;
  if (extrapolates(sa) && extrapolates(sb)) {
    const Variation drift_a = drift(a, alphas), drift_b = drift(b, alphas);
    const double surplus_a = sa.late_weight - sa.least_weight, surplus_b = sb.late_weight - sb.least_weight;
    later = {variation_between(extrapolated(a, sa), extrapolated(b, sb), alphas.agrees, a.all, b.all),
             {.estimate = surplus_a * std::max(0.0, drift_a.estimate) + surplus_b * std::max(0.0, drift_b.estimate),
              .error = surplus_a * drift_a.error + surplus_b * drift_b.error},
             1};
  }
  Interval i = interval(plain, later, eps(sa, 1) + eps(sb, 1), sa.unknown + sb.unknown, 1, alphas);
  i.upper = std::min(i.upper, 1.0);
  i.from_start = std::min(i.from_start, 1.0);
  return i;
}

Interval interval_of_mean(const Windowed& means, double predicted, double scale, double of_start, const Stationarity& s,
                          const Alphas& alphas) {
  const Windowed scaled{means.all / scale, means.early / scale, means.late / scale};
  return of(scaled, VectorXd::Constant(1, predicted / scale), s,
            eps(s, 2) + (s.held > 0 ? s.held * of_start / scale : 0), 2, s.unknown, alphas);
}

}  // namespace kramers::analysis
