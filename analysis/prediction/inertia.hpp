#pragma once

#include <optional>

#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

/// How two sides of a barrier exchange under dx = p dt, dp = -T F' dt - gamma p dt + sqrt(2 gamma T) dW, whose law of
/// positions is exp(-F).
struct BarrierExchange {
  double at;  // where F is highest between them
  /// 1 / (k_left + k_right) by transition state theory: what crosses at equilibrium, k_left P_left = k_right P_right =
  /// sqrt(T / 2 pi) p(at). Some of it comes back, whatever the friction: exchange takes no less.
  double transition_state_time;
  /// What the energy takes to get over the barrier and lose itself on the other side, times the friction: at low
  /// friction the exchange takes this / gamma. The slowest mode of diffusion on the graph of energies (two wells,
  /// joined at the barrier's height), with the invariant density dI exp(-E / T) and the mobility gamma T I exp(-E / T),
  /// I(E) the action 2 integral sqrt(2 (E - V)) dx. Freidlin & Wentzell, Random Perturbations of Dynamical Systems,
  /// chapter 8; Kramers, Physica 7 (1940) 284.
  double energy_time;
};

/// Of the barrier that the transition state puts the longest time to; none where F has one minimum.
std::optional<BarrierExchange> slowest_exchange(const LineDensity& density, double temperature);

/// About what the exchange takes at any friction, where without inertia, at gamma = 1, it takes `overdamped`: the sum
/// of what the barrier's top takes and of the energy's time. The former is Kramers' for a parabolic top, (sqrt(1 + a^2)
/// + a) of that of transition states, where a is chosen so that at high friction it is gamma `overdamped`.
double exchange_time(const BarrierExchange& exchange, double overdamped, double friction);

/// About the slowest time of all, where without inertia it is `overdamped`: that, with the line's slowest mode taken
/// for one of a parabola, or of the exchange over a barrier.
double time_with_inertia(const std::optional<BarrierExchange>& exchange, double overdamped, double friction);

}  // namespace kramers::analysis
