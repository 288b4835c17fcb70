#pragma once

#include "sde/numbers/registers.hpp"
#include "sde/random/box_muller.hpp"
#include "sde/random/noise.hpp"
#include "sde/random/philox.hpp"
#include "sde/schemes/pointwise.hpp"

/// One trajectory alone, as a thread of a GPU computes it: the same noise, gradients and schemes as the CPU's blocks,
/// and the same bits (`tests/test_trajectory.cpp`). Ordinary C++ as well, so that it is proved without a GPU.
namespace kramers::sde {

/// One trajectory's row of normals, read in order; every word of every generator call is used, across steps too.
template <Real R>
class NormalRow {
  static constexpr int per_call = sizeof(R) == 8 ? 2 : 4;

 public:
  /// The next normal is `number`.
  KRAMERS_HOST_DEVICE NormalRow(const Stream& stream, std::uint64_t trajectory, std::uint64_t number)
      : key_(PhiloxKey::of_seed(stream.seed)),
        word2_(counter_of(stream, trajectory, 0)[2]),
        word3_(counter_of(stream, trajectory, 0)[3]),
        call_(number / per_call) {
    for (int skipped = 0; skipped < int(number % per_call); ++skipped) next();
  }

  KRAMERS_HOST_DEVICE R next() {
    if (left_ == 0) make_call();
    --left_;
    // Passed on from place to place: an index that is not known when compiled would keep a GPU from using registers.
    const R first = ready_[0];
    for (int i = 0; i + 1 < per_call; ++i) ready_[i] = ready_[i + 1];
    return first;
  }

 private:
  KRAMERS_HOST_DEVICE void make_call() {
    const auto c = philox(PhiloxWords<std::uint64_t>{{std::uint32_t(call_), call_ >> 32, word2_, word3_}}, key_);
    ++call_;
    left_ = per_call;
    const std::uint32_t w[4] = {std::uint32_t(c.w[0]), std::uint32_t(c.w[1]), std::uint32_t(c.w[2]),
                                std::uint32_t(c.w[3])};
    if constexpr (sizeof(R) == 8) {
      keep(0, box_muller<R>(std::uint64_t(w[0]) << 32 | w[1], std::uint64_t(w[2]) << 32 | w[3]));
    } else {
      keep(0, box_muller<R>(w[0], w[2]));
      keep(2, box_muller<R>(w[1], w[3]));
    }
  }
  KRAMERS_HOST_DEVICE void keep(int slot, const NormalPair<R>& z) {
    ready_[slot] = z.cosine;
    ready_[slot + 1] = z.sine;
  }

  PhiloxKey key_;
  std::uint32_t word2_, word3_;
  std::uint64_t call_;  // the next one
  int left_ = 0;        // of ready_
  R ready_[per_call];
};

/// A trajectory at rest in the registers (or local memory) of a thread: `capacity` >= its dimension.
template <int capacity, class Scheme, Real R>
struct TrajectoryState {
  R x[capacity];
  R extra[Scheme::extra == 0 ? 1 : Scheme::extra][capacity];

  /// Coordinate i as the scheme sees it, without normals and gradient.
  template <class Number = R>
  KRAMERS_HOST_DEVICE Element<Number, Scheme> element(int i) const {
    Element<Number, Scheme> e;
    e.x = Number(x[i]);
    for (int k = 0; k < Scheme::extra; ++k) e.extra[k] = Number(extra[k][i]);
    return e;
  }
};

/// The same noise in every direction, everywhere. Other noise has, for arrays of a trajectory's numbers,
/// shape(x, xi), xi[k][i] := (B(x) xi[k])_i, and subtract_divergence(x, g): BlockNoise's, from the scheme's own
/// calculus to the one that is asked for.
struct IsotropicShape {
  static constexpr bool shaped = false;
};

/// Fills x with where the first gradient of a step is taken.
template <int capacity, class Scheme, Real R>
KRAMERS_HOST_DEVICE void look_ahead(const Scheme& scheme, int dim, const TrajectoryState<capacity, Scheme, R>& state,
                                    R (&x)[capacity]) {
  for_each_index<R[capacity]>(dim, [&](int i) {
    auto e = state.element(i);
    if constexpr (LooksAhead<Scheme, R>) scheme.ahead(e);
    x[i] = e.x;
  });
}

/// Before the first step; gradient(x, g) fills g.
template <int capacity, class Scheme, Real R, class Gradient>
KRAMERS_HOST_DEVICE void start_trajectory(const Scheme& scheme, const Gradient& gradient, int dim,
                                          TrajectoryState<capacity, Scheme, R>& state) {
  if constexpr (StartsByItself<Scheme, R>) {
    R g[capacity];
    gradient(state.x, g);
    for_each_index<R[capacity]>(dim, [&](int i) {
      auto e = state.element(i);
      e.gradient = g[i];
      scheme.start(e);
      for (int k = 0; k < Scheme::extra; ++k) state.extra[k][i] = e.extra[k];
    });
  }
}

/// `steps` steps of one trajectory of `dim` <= capacity coordinates.
template <int capacity, class Scheme, Real R, class Gradient, class Noise = IsotropicShape>
KRAMERS_HOST_DEVICE void advance_trajectory(const Scheme& scheme, const Gradient& gradient, int dim,
                                            std::uint64_t steps, NormalRow<R>& normals,
                                            TrajectoryState<capacity, Scheme, R>& state, const Noise& noise = {}) {
  static_assert(!Noise::shaped || !Scheme::multiplicative,
                "a scheme that sees b and its slope takes no shaped normals");
  constexpr int normals_each = Scheme::facts.normals;
  constexpr bool kept = stages_of<Scheme>() > 1 || Noise::shaped;  // normals that are needed all at once, or again
  R g[capacity];
  R xi[kept ? normals_each : 1][kept ? capacity : 1], shaped[Noise::shaped ? normals_each : 1][capacity];
  R scratch[Scheme::scratch == 0 ? 1 : Scheme::scratch][capacity];
  for (std::uint64_t step = 0; step < steps; ++step) {
    if constexpr (LooksAhead<Scheme, R>) look_ahead(scheme, dim, state, state.x);
    for_each_stage<Scheme>([&]<int stage>() {
      if constexpr (takes_gradient<Scheme>(stage)) {
        gradient(state.x, g);
        if constexpr (Noise::shaped) noise.subtract_divergence(state.x, g);
      }
      if constexpr (Noise::shaped) {
        for_each_index<R[capacity]>(dim, [&](int i) {
          for (int k = 0; k < normals_each; ++k) {
            if constexpr (stage == 0) xi[k][i] = normals.next();
            shaped[k][i] = xi[k][i];
          }
        });
        noise.shape(state.x, shaped);
      }
      for_each_index<R[capacity]>(dim, [&](int i) {
        auto e = state.element(i);
        e.gradient = g[i];
        if constexpr (Scheme::multiplicative) {
          e.b = R(1);
          e.slope = R(0);
        }
        for (int k = 0; k < normals_each; ++k) {
          if constexpr (Noise::shaped)
            e.xi[k] = shaped[k][i];
          else if constexpr (stage == 0)
            e.xi[k] = normals.next();
          else
            e.xi[k] = xi[k][i];
          if constexpr (stage == 0 && kept && !Noise::shaped) xi[k][i] = e.xi[k];
        }
        for (int k = 0; k < Scheme::scratch; ++k) e.scratch[k] = scratch[k][i];
        move_at<stage>(scheme, e);
        state.x[i] = e.x;
        for (int k = 0; k < Scheme::extra; ++k) state.extra[k][i] = e.extra[k];
        for (int k = 0; k < Scheme::scratch; ++k) scratch[k][i] = e.scratch[k];
      });
    });
  }
}

}  // namespace kramers::sde
