#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace kramers::analysis {

/// Nodes and weights of the n-point Gauss-Legendre rule on [-1, 1], nodes ascending.
struct GaussRule {
  std::vector<double> node, weight;
};
GaussRule gauss_rule(int points);

/// exp(-F(x)) on the line, not normalised. Derivatives of F may jump at `kinks`; mass may concentrate near `landmarks`.
/// F may be +infinity far out, never -infinity.
struct LineDensity {
  std::function<double(double)> minus_log;
  std::vector<double> kinks, landmarks;
  double rounding = 0;  // absolute error of F near its minimum: at very low temperature no panel is better
  std::optional<double> variance = {};  // set where it is normal, about its landmark
};

/// Points and masses: sum of mass f(x) = <f> for f smooth between neighbouring ends (kinks, landmarks and the edges
/// asked for), relative error about 1e-13. Masses add up to 1; points ascend and none lies on an edge.
struct LineMasses {
  std::vector<double> x, mass;
  double log_norm = 0;  // ln integral exp(-F)
};
LineMasses line_masses(const LineDensity& density, const std::vector<double>& edges);

/// Where F - min F stays below `rise`: beyond it the density is negligible. Throws std::invalid_argument where F does
/// not rise within |x| = 1e60.
std::array<double, 2> line_support(const LineDensity& density, double rise);

/// The largest rise of F over its minimum between the outermost landmarks: what separates wells. Where it exceeds 600,
/// the exchange between wells underflows.
double line_barrier(const LineDensity& density);

/// exp(-F(x, y)) in the plane, the same along both axes. F is filled in for up to 64 points at once.
struct PlaneDensity {
  static constexpr int most_points = 64;
  std::function<void(int points, const double* x, const double* y, double* f)> minus_log;
  std::array<std::vector<double>, 2> kinks, landmarks;
};

/// Visits points with masses (not normalised: exp(-(F - lowest)) times area) as LineMasses does; sub-panels are split
/// until the sum over them is good to about 1e-10. Mass where F exceeds its minimum by more than 60 may be left out.
/// Returns ln of the scale: ln integral exp(-F) = result + ln(sum of masses).
double visit_plane(const PlaneDensity& density, const std::array<std::vector<double>, 2>& edges,
                   const std::function<void(double x, double y, double mass)>& visit);

}  // namespace kramers::analysis
