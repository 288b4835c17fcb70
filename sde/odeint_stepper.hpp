#pragma once

#include <boost/numeric/odeint/stepper/stepper_categories.hpp>
#include <boost/numeric/odeint/util/unwrap_reference.hpp>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "sde/start.hpp"
#include "sde/trajectory.hpp"

/// The schemes as steppers of Boost.Odeint, one trajectory at a time: its integrate functions, observers and iterators
/// drive them. A program's own container, drift and random numbers, or those of an ensemble to the bit.
namespace kramers::sde {

/// The standard normals of one trajectory of an ensemble, the very ones that the ensemble would use.
template <Real R>
class TrajectoryNormals {
 public:
  TrajectoryNormals(const Stream& stream, std::uint64_t trajectory)
      : increments_({stream.seed, stream.run, Purpose::increments}, trajectory, 0),
        initial_({stream.seed, stream.run, Purpose::initial_state}, trajectory, first_extra_number) {}
  /// Of the steps.
  R operator()() { return increments_.next(); }
  /// Of what a scheme keeps from step to step, before the first.
  R initial() { return initial_.next(); }

 private:
  NormalRow<R> increments_, initial_;
};

/// A pointwise scheme (its file states the equation), with isotropic noise, as odeint's stepper for dx/dt = f(x, t) +
/// noise. The system is that of odeint, system(x, dxdt, t), and dxdt = f = -grad L; a scheme with several gradients a
/// step sees the t of its beginning in all of them. State: a container of double or float with size() and operator[]:
/// std::vector, std::array, boost::array, vectors of Eigen and of uBLAS (whose unbounded ones Boost 1.74 cannot compile
/// as C++20).
///
/// Normals: any function object that returns standard normals. Like all of a stepper it is copied with it, and odeint's
/// functions take copies: they begin at the same noise again unless given std::ref(stepper).
template <template <class> class Formula, class State,
          class Normals = TrajectoryNormals<std::remove_cvref_t<decltype(std::declval<State&>()[0])>>>
class OdeintStepper {
 public:
  using state_type = State;
  using deriv_type = State;
  using value_type = std::remove_cvref_t<decltype(std::declval<State&>()[0])>;
  using time_type = double;
  using order_type = unsigned short;
  using stepper_category = boost::numeric::odeint::stepper_tag;
  using Scheme = Formula<value_type>;

  OdeintStepper(const SchemeParameters& parameters, Normals normals)
      : scheme_(parameters), time_step_(parameters.time_step), normals_(std::move(normals)) {}
  /// With the noise of trajectory number `trajectory` of the ensemble of that seed and run.
  OdeintStepper(const SchemeParameters& parameters, const Stream& stream, std::uint64_t trajectory)
      : OdeintStepper(parameters, Normals(stream, trajectory)) {}

  /// That of expectations, which is that of the ordinary differential equation without noise; odeint wants a whole
  /// number.
  static order_type order() { return order_type(Scheme::facts.weak_order); }

  /// Makes what the scheme keeps (momentum, kept normal) what it has to be at x; the first step does so if nobody did.
  template <class System>
  void initialize(System system, const State& x, double t) {
    drift_ = x;
    dim_ = int(x.size());
    kept_.assign(Scheme::extra * dim_, 0);
    scratch_.assign(Scheme::scratch * dim_, 0);
    xi_.assign(Scheme::facts.normals * dim_, 0);
    for (value_type& number : kept_)
      if constexpr (requires { normals_.initial(); })
        number = normals_.initial();
      else
        number = normals_();
    if constexpr (StartsByItself<Scheme, value_type>) {
      evaluate(system, x, t);
      for (int i = 0; i < dim_; ++i) {
        auto e = element(x, i);
        scheme_.start(e);
        keep(e, i);
      }
    }
  }

  /// x at t + dt from x at t. Throws std::invalid_argument for a dt that is not the scheme's time step, for which its
  /// amplitudes and what it keeps are made; a difference by the rounding of t is none.
  template <class System>
  void do_step(System system, State& x, double t, double dt) {
    check(x, t, dt);
    if (dim_ == 0) initialize(system, x, t);
    for (value_type& xi : xi_) xi = normals_();
    if constexpr (LooksAhead<Scheme, value_type>)
      for (int i = 0; i < dim_; ++i) {
        auto e = element(x, i);
        scheme_.ahead(e);
        x[i] = e.x;
      }
    for_each_stage<Scheme>([&]<int stage>() {
      if constexpr (takes_gradient<Scheme>(stage)) evaluate(system, x, t);
      for (int i = 0; i < dim_; ++i) {
        auto e = element(x, i);
        move_at<stage>(scheme_, e);
        x[i] = e.x;
        keep(e, i);
      }
    });
  }

  /// What a kinetic scheme keeps, by coordinate, once it is initialised; for when in a step that is, see the scheme.
  std::vector<value_type>& momentum() requires(Scheme::facts.kinetic()) { return kept_; }
  const std::vector<value_type>& momentum() const requires(Scheme::facts.kinetic()) { return kept_; }

 private:
  void check(const State& x, double t, double dt) const {
    constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
    if (!(std::abs(dt - time_step_) <= rounding * (std::abs(t) + time_step_)))
      refuse("dt = ", dt, " must be the time_step = ", time_step_, " that the stepper was made with");
    if (dim_ != 0 && int(x.size()) != dim_)
      refuse("a state of ", x.size(), " numbers must have the ", dim_, " that it was initialised with");
  }
  template <class... Word>
  [[noreturn]] static void refuse(const Word&... words) {
    std::ostringstream problem;
    (problem << ... << words);
    throw std::invalid_argument(problem.str());
  }

  template <class System>
  void evaluate(System& system, const State& x, double t) {
    typename boost::numeric::odeint::unwrap_reference<System>::type& drift = system;
    drift(x, drift_, t);
  }

  /// Of what is kept from step to step or within a step: all numbers of a coordinate side by side.
  Element<value_type, Scheme> element(const State& x, int i) const {
    Element<value_type, Scheme> e;
    e.x = x[i];
    e.gradient = -drift_[i];
    if constexpr (Scheme::multiplicative) {
      e.b = 1;
      e.slope = 0;
    }
    for (int k = 0; k < Scheme::facts.normals; ++k) e.xi[k] = xi_[i * Scheme::facts.normals + k];
    for (int k = 0; k < Scheme::extra; ++k) e.extra[k] = kept_[k * dim_ + i];
    for (int k = 0; k < Scheme::scratch; ++k) e.scratch[k] = scratch_[k * dim_ + i];
    return e;
  }
  void keep(const Element<value_type, Scheme>& e, int i) {
    for (int k = 0; k < Scheme::extra; ++k) kept_[k * dim_ + i] = e.extra[k];
    for (int k = 0; k < Scheme::scratch; ++k) scratch_[k * dim_ + i] = e.scratch[k];
  }

  Scheme scheme_;
  double time_step_;
  Normals normals_;
  int dim_ = 0;  // 0: not initialised
  State drift_{};
  std::vector<value_type> xi_, kept_, scratch_;
};

}  // namespace kramers::sde
