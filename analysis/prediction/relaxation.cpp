#include "analysis/prediction/relaxation.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/inertia.hpp"
#include "analysis/prediction/line_relaxation.hpp"
#include "analysis/prediction/linear_step.hpp"
#include "analysis/prediction/plane_relaxation.hpp"
#include "sde/numbers/infinity.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using landscapes::Landscape;
using landscapes::Point;

constexpr double cold_barrier = 100;  // [T]
constexpr const char* exchange_of_basins = "exchange of basins";

std::string axis_name(Eigen::Index axis) { return fmt::format("theta_{}", axis); }

/// Is the gradient a linear function of the distance to the one minimum, as far as trial points tell?
bool is_quadratic(const Landscape& landscape) {
  if (landscape.minima().size() != 1) return false;
  const Point at = landscape.minima().front().at;
  for (int trial = 1; trial <= 6; ++trial) {
    // Points of a Kronecker sequence in a cube around the minimum: as good as random.
    Point u(landscape.dim());
    for (int i = 0; i < landscape.dim(); ++i) u[i] = 4 * (std::fmod(trial * std::sqrt(2.0 + 3 * i), 1.0) - 0.5);
    const Point ahead = landscape.gradient(at + u), back = landscape.gradient(at - u);
    const Point further = landscape.gradient(at + 2 * u);
    if (!((ahead + back).norm() <= 1e-9 * ahead.norm()) || !((further - 2 * ahead).norm() <= 1e-9 * ahead.norm()))
      return false;
  }
  return true;
}

/// A direction in which L rises like lambda s^2 / 2 around a minimum.
struct Mode {
  double curvature;
  Point direction;  // of length 1; empty where a matrix is too large for it
  std::string name;
};

std::vector<Mode> modes_at(const Landscape& landscape, const Point& at) {
  const int d = landscape.dim();
  std::vector<Mode> modes;
  const auto along_axes = [&](const Point& curvatures) {
    for (int i = 0; i < d; ++i) modes.push_back({curvatures[i], d > 64 ? Point() : Point::Unit(d, i), axis_name(i)});
    return modes;
  };
  if (const auto diagonal = landscape.diagonal_hessian(at)) return along_axes(*diagonal);
  const Eigen::MatrixXd hessian = landscape.hessian(at);
  if (hessian.isDiagonal(1e-12)) return along_axes(hessian.diagonal());
  const bool with_directions = d <= 64;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      hessian, with_directions ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  for (int i = 0; i < d; ++i) {
    Mode mode{solver.eigenvalues()[i], {}, "a direction across the axes"};
    if (with_directions) {
      mode.direction = solver.eigenvectors().col(i);
      Eigen::Index largest;
      mode.direction.cwiseAbs().maxCoeff(&largest);
      mode.name = axis_name(largest);
    }
    modes.push_back(std::move(mode));
  }
  return modes;
}

/// The curvature that an energy of 2 T feels along a mode: that of the minimum, or, where L rises faster further out,
/// of the parabola that has risen as much at the nearer of the two points where L has risen by 2 T.
double felt_curvature(const Landscape& landscape, const landscapes::Minimum& minimum, const Mode& mode,
                      double temperature) {
  if (mode.direction.size() == 0) return mode.curvature;
  const auto rise = [&](double s) {
    return std::max(landscape.value(minimum.at + s * mode.direction),
                    landscape.value(minimum.at - s * mode.direction)) -
           minimum.loss;
  };
  const double harmonic = mode.curvature > 0 ? 2 * std::sqrt(temperature / mode.curvature) : 1e3;
  if (!(rise(harmonic) > 2 * temperature)) return mode.curvature;
  double inside = 0, outside = harmonic;
  for (int i = 0; i < 60; ++i) {
    const double middle = (inside + outside) / 2;
    (rise(middle) > 2 * temperature ? outside : inside) = middle;
  }
  return std::max(mode.curvature, 4 * temperature / (outside * outside));
}

/// Coordinates whose density is the same, seen at some points, are solved once.
template <class Value>
class Alike {
 public:
  template <class Solve>
  const Value& of(const LineDensity& line, Solve solve) {
    std::vector<double> seen = line.landmarks;
    const double low = seen.empty() ? 0 : seen.front(), high = seen.empty() ? 0 : seen.back();
    for (double k = -2; k <= 3; k += 0.37) seen.push_back(line.minus_log(low + k * (1 + high - low)));
    const auto found = known_.find(seen);
    return found != known_.end() ? found->second : known_.emplace(seen, solve()).first->second;
  }

 private:
  std::map<std::vector<double>, Value> known_;
};

class Facts {
  using Kind = Relaxation::Kind;

 public:
  Facts(const Experiment& experiment, const Landscape& landscape, const Derived& derived)
      : experiment_(experiment),
        landscape_(landscape),
        d_(derived),
        scheme_(*sde::find_scheme(experiment.dynamics.scheme)),
        temperature_(derived.effective_temperature) {}

  RelaxationFacts all() {
    if (scheme_.kinetic() && !d_.friction) return none("the friction changes");
    if (is_quadratic(landscape_)) {
      of_quadratic();
    } else if (d_.noise == sde::NoiseStructure::heavy_tailed) {
      return none("under stable noise it is computed for quadratics alone");
    } else if (!landscape_.confining()) {
      return none("the loss does not confine: there is no stationary law");
    } else {
      // A cold plane is a handful of points to a grid, and minima tell all.
      const bool plane = landscape_.dim() == 2 && !landscape_.separable() && !is_cold();
      const bool isotropic =
          d_.noise == sde::NoiseStructure::isotropic || d_.noise == sde::NoiseStructure::not_gaussian;
      if (isotropic) of_lines();
      if (!facts_.why_not.empty()) return none(facts_.why_not);
      if (isotropic && plane) of_plane();
      if (!(isotropic && !scheme_.kinetic() && (plane || landscape_.separable()))) of_minima();
      if (isotropic && !landscape_.separable()) of_cold_barriers();
    }
    if (!facts_.slowest && facts_.why_not.empty())
      return none("neither minima nor exact marginals of the density are known");
    if (facts_.slowest && facts_.slowest->is_exact()) facts_.floor.reset();
    return facts_;
  }

 private:
  RelaxationFacts none(const std::string& why_not) const { return {{}, {}, why_not}; }

  void add(double time, Kind kind, const std::string& by) {
    if (scheme_.metropolis) {
      if (d_.is_steady()) time /= 1 + d_.time_step * d_.lambda_max.value_or(0) / 2;
      kind = Kind::at_least;
    }
    if (!facts_.slowest || time > facts_.slowest->time) facts_.slowest = {time, kind, by};
    if (kind == Kind::at_least) facts_.floor = std::max(facts_.floor.value_or(0), time);
  }

  std::string with_inertia(const std::string& name) const { return d_.friction ? name + " with momentum" : name; }

  /// Of the step where it is one, and linear; else of the equation.
  std::pair<double, bool> mode_time(double curvature) const {
    if (d_.is_steady())
      if (const auto time =
              slowest_mode_of_step(experiment_.dynamics.scheme, scheme_parameters(experiment_), curvature))
        return {*time, true};
    return {slowest_mode(curvature, d_.friction), false};
  }

  void of_quadratic() {
    std::map<double, std::string> curvatures;
    for (const Mode& mode : modes_at(landscape_, landscape_.minima().front().at))
      curvatures.emplace(mode.curvature, mode.name);
    for (const auto& [curvature, name] : curvatures) {
      const auto [time, of_step] = mode_time(curvature);
      if (std::isinf(time)) {
        facts_ = none("the scheme is unstable");
        return;
      }
      const Kind known = depends_on_theta(d_.noise) ? Kind::at_least : Kind::exact;
      add(time, of_step ? known : Kind::estimate, with_inertia(name));
    }
  }

  /// Along each coordinate whose marginal is known.
  void of_lines() {
    const bool independent = landscape_.dim() == 1 || landscape_.separable();
    const bool as_the_equation =
        d_.is_steady() && d_.noise == sde::NoiseStructure::isotropic && d_.time_step * d_.lambda_max.value_or(0) <= 1;
    struct Line {
      std::optional<double> time;  // without inertia, at gamma = 1; none where no grid resolves the line
      std::optional<BarrierExchange> exchange;
    };
    Alike<Line> lines;
    for (int axis = 0; axis < landscape_.dim(); ++axis) {
      if (landscape_.alike(axis) != axis) continue;
      const auto density = gibbs_line(landscape_, axis, temperature_);
      if (!density) continue;
      const Line& line = lines.of(*density, [&] {
        const auto rate = relaxation_rate(*density, temperature_);
        return Line{rate ? std::optional(1 / *rate) : std::nullopt,
                    rate > 0.0 ? slowest_exchange(*density, temperature_) : std::nullopt};
      });
      if (!line.time) {
        facts_.why_not =
            fmt::format("no grid resolves the density of {}: wells too narrow beside its extent", axis_name(axis));
        return;
      }
      const double time_of_line = *line.time;
      const std::string name = line.exchange || std::isinf(time_of_line) ? exchange_of_basins : axis_name(axis);
      if (!d_.friction) {
        add(time_of_line, !independent ? Kind::at_least : as_the_equation ? Kind::exact : Kind::estimate, name);
        continue;
      }
      if (std::isinf(time_of_line)) {
        add(infinity, Kind::at_least, name);
        continue;
      }
      add(slowest_mode(1 / time_of_line, d_.friction), Kind::estimate, with_inertia(axis_name(axis)));
      if (!line.exchange) continue;
      BarrierExchange exchange = *line.exchange;
      add(exchange.transition_state_time, Kind::at_least, name);
      // What the other coordinates take in and give back is not the heat bath's alone.
      if (!independent) exchange.energy_time /= landscape_.dim();
      const double time = exchange_time(exchange, time_of_line, *d_.friction);
      add(time, Kind::estimate, exchange.energy_time / *d_.friction > time / 2 ? "energy diffusion" : name);
    }
  }

  void of_plane() {
    PlaneRelaxation plane;
    try {
      plane = plane_relaxation(landscape_, temperature_);
    } catch (const std::invalid_argument&) {  // the loss does not rise far out, whatever it says of itself
      return;
    }
    const std::string name =
        plane.between_basins > 0.5 ? exchange_of_basins : axis_name(plane.correlation[1] > plane.correlation[0]);
    if (d_.friction)
      add(slowest_mode(plane.rate, d_.friction), Kind::estimate, with_inertia(name));
    else
      add(1 / plane.rate, Kind::at_least, name);
  }

  /// From the shallowest minimum to the saddle that leads out of it, in units of T; none where no saddle is known.
  std::optional<double> lowest_barrier() const {
    if (d_.barriers.size() != landscape_.minima().size() || d_.barriers.size() < 2) return std::nullopt;
    return *std::min_element(d_.barriers.begin(), d_.barriers.end()) / temperature_;
  }

  /// Is next to all mass where L is a parabola around a minimum, and nothing between them?
  bool is_cold() const {
    const auto& minima = landscape_.minima();
    if (minima.empty()) return false;
    // Out of every minimum straight to any other: saddles may be lower, but not next to nothing.
    for (const auto& from : minima)
      for (const auto& to : minima) {
        double highest = from.loss;
        for (double part = 0.05; part < 1; part += 0.05)
          highest = std::max(highest, landscape_.value(from.at + part * (to.at - from.at)));
        if (&from != &to && highest - from.loss < cold_barrier * temperature_) return false;
      }
    for (const auto& minimum : minima)
      for (const Mode& mode : modes_at(landscape_, minimum.at)) {
        const double s = 2 * std::sqrt(temperature_ / mode.curvature);
        for (double side : {s, -s})
          if (!(std::abs((landscape_.value(minimum.at + side * mode.direction) - minimum.loss) / (2 * temperature_) -
                         1) < 0.02))
            return false;
      }
    return true;
  }

  /// Eyring and Kramers, exp(barrier / T) over a curvature, with e^20 to spare for what the determinants may do.
  void of_cold_barriers() {
    const auto barrier = lowest_barrier();
    if (!barrier || *barrier < cold_barrier || !d_.lambda_max) return;
    add(*barrier > 600 ? infinity : std::exp(*barrier - 20) / *d_.lambda_max, Kind::at_least, exchange_of_basins);
  }

  void of_minima() {
    if (landscape_.dim() > 256) return;
    for (const auto& minimum : landscape_.minima())
      for (const Mode& mode : modes_at(landscape_, minimum.at)) {
        const auto [time, of_step] = mode_time(felt_curvature(landscape_, minimum, mode, temperature_));
        if (std::isfinite(time) && time > 0) add(time, Kind::at_least, with_inertia(mode.name));
      }
  }

  const Experiment& experiment_;
  const Landscape& landscape_;
  const Derived& d_;
  const sde::SchemeFacts& scheme_;
  const double temperature_;
  RelaxationFacts facts_;
};

}  // namespace

RelaxationFacts relaxation_facts(const Experiment& experiment, const Landscape& landscape, const Derived& derived) {
  return Facts(experiment, landscape, derived).all();
}

}  // namespace kramers::analysis
