#include "landscapes/basins/gradient_flow.hpp"

#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "sde/numbers/infinity.hpp"

namespace kramers::landscapes {
namespace {

using sde::block_lanes;
using State = std::vector<double>;
namespace odeint = boost::numeric::odeint;

double distance_to_neighbour(const std::vector<Minimum>& minima, std::size_t m) {
  double nearest = infinity;
  for (std::size_t other = 0; other < minima.size(); ++other)
    if (other != m) nearest = std::min(nearest, (minima[other].at - minima[m].at).norm());
  return nearest;
}

/// The lanes that still move, and where to.
class Flow {
 public:
  Flow(const Landscape& landscape, std::int32_t* minimum)
      : landscape_(landscape), dim_(landscape.dim()), reached_(minimum), loss_(block_lanes) {
    for (std::size_t m = 0; m < landscape.minima().size(); ++m)
      radius_.push_back(0.01 * distance_to_neighbour(landscape.minima(), m));
    std::fill_n(reached_, block_lanes, -1);
  }

  /// -grad L, at rest where a minimum is reached or L is not finite. No speed exceeds 1e100, so that a step that is too
  /// long has a finite error: that is another time along the same path.
  void operator()(const State& theta, State& velocity, double) const {
    landscape_.block_double().gradient(theta.data(), velocity.data());
    for (int lane = 0; lane < block_lanes; ++lane) {
      double speed = 0;
      for (int i = lane; i < dim_ * block_lanes; i += block_lanes) speed = std::max(speed, std::abs(velocity[i]));
      const bool moves = reached_[lane] < 0 && std::isfinite(speed);
      for (int i = lane; i < dim_ * block_lanes; i += block_lanes)
        velocity[i] = moves && std::isfinite(velocity[i]) ? -velocity[i] * std::min(1.0, 1e100 / speed) : 0;
    }
  }

  double smallest_radius() const { return *std::min_element(radius_.begin(), radius_.end()); }

  /// Notes the lanes that have reached a minimum; do all?
  bool all_arrived(const State& theta) {
    landscape_.block_double().value(theta.data(), loss_.data());
    bool all = true;
    for (int lane = 0; lane < block_lanes; ++lane) {
      for (std::size_t m = 0; reached_[lane] < 0 && m < radius_.size(); ++m)
        if (is_at(landscape_.minima()[m], radius_[m], theta.data() + lane, loss_[lane])) reached_[lane] = int(m);
      all = all && reached_[lane] >= 0;
    }
    return all;
  }

 private:
  bool is_at(const Minimum& minimum, double radius, const double* theta, double loss) const {
    double square = 0;
    for (int i = 0; i < dim_; ++i) square += std::pow(theta[i * block_lanes] - minimum.at[i], 2);
    return square < radius * radius && loss < minimum.way_out.value_or(infinity);
  }

  const Landscape& landscape_;
  int dim_;
  std::int32_t* reached_;
  std::vector<double> loss_, radius_;
};

/// A time in which nothing moves by more than a millionth of its distance from 0, or of 1.
double short_time(const Flow& flow, const State& theta) {
  State velocity(theta.size());
  flow(theta, velocity, 0);
  double rate = 1;
  for (std::size_t i = 0; i < theta.size(); ++i)
    rate = std::max(rate, std::abs(velocity[i]) / std::max(1.0, std::abs(theta[i])));
  return 1e-6 / rate;
}

}  // namespace

void follow_gradient_flow(const Landscape& landscape, double* theta, std::int32_t* minimum) {
  // By then a point is on its way to infinity; where nothing moves any more, steps grow without bound.
  constexpr int most_steps = 100'000;
  constexpr double longest_time = 1e100;
  Flow flow(landscape, minimum);
  State start(theta, theta + landscape.dim() * block_lanes);
  auto stepper = odeint::make_dense_output(1e-4 * flow.smallest_radius(), 1e-6, odeint::runge_kutta_dopri5<State>());
  stepper.initialize(start, 0, short_time(flow, start));
  for (int step = 0; step < most_steps && stepper.current_time() < longest_time; ++step) {
    if (flow.all_arrived(stepper.current_state())) break;
    stepper.do_step(std::cref(flow));
  }
  std::copy(stepper.current_state().begin(), stepper.current_state().end(), theta);
}

}  // namespace kramers::landscapes
