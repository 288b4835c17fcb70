#pragma once

#include <algorithm>
#include <utility>

#include "sde/pack.hpp"
#include "sde/schemes/scheme.hpp"

/// Schemes that move each coordinate by itself, given its gradient. Such a scheme is a struct, written for one number:
///
///     facts, extra, scratch                  below
///     move(e), or move<stage>(e) where a step has several gradients: each follows a gradient at e.x
///     ahead(e)                               where the first gradient of a step is not taken at e.x: moves it there
///     start(e)                               where `extra` does not start as standard normals
///     temperature(e)                         from e.x, e.gradient (at `ahead`) and e.extra
namespace kramers::sde {

/// What a pointwise scheme has unless it says otherwise.
struct Pointwise {
  static constexpr int extra = 0;    // numbers a coordinate kept from step to step
  static constexpr int scratch = 0;  // numbers a coordinate kept within a step
};

/// One coordinate of one trajectory (Number = double, float) or of a pack of them, as a scheme moves it.
template <class Number, class Scheme>
struct Element {
  static constexpr int room(int count) { return count == 0 ? 1 : count; }
  Number x;                               // theta_i
  Number gradient;                        // dL/dtheta_i at x
  Number xi[Scheme::facts.normals];       // this step's standard normals
  Number extra[room(Scheme::extra)];      // what the scheme keeps from step to step
  Number scratch[room(Scheme::scratch)];  // what it keeps within a step
};

template <class Scheme, class R>
concept LooksAhead = requires(const Scheme& scheme, Element<R, Scheme>& e) {
  scheme.ahead(e);
};
template <class Scheme, class R>
concept StartsByItself = requires(const Scheme& scheme, Element<R, Scheme>& e) {
  scheme.start(e);
};

template <int stage, class Scheme, class Element>
KRAMERS_HOST_DEVICE void move_at(const Scheme& scheme, Element& e) {
  if constexpr (Scheme::facts.gradients == 1)
    scheme.move(e);
  else
    scheme.template move<stage>(e);
}

/// f.template operator()<stage>() for each stage of a step.
template <class Scheme, class F>
KRAMERS_HOST_DEVICE void for_each_stage(F f) {
  [&]<int... stage>(std::integer_sequence<int, stage...>) { (f.template operator()<stage>(), ...); }
  (std::make_integer_sequence<int, Scheme::facts.gradients>());
}

/// Runs a scheme's formula, written for one number, over blocks.
template <Real R, template <class> class Formula>
class SchemeOverBlocks final : public BlockScheme<R> {
  using Scheme = Formula<R>;
  using P = Pack<R>;
  static constexpr int normals_each = Scheme::facts.normals;

 public:
  explicit SchemeOverBlocks(const SchemeParameters& p) : scheme_(p) {}

  const SchemeFacts& facts() const override { return Scheme::facts; }
  int extra_rows() const override { return Scheme::extra; }
  int scratch_rows() const override { return 1 + std::max(Scheme::scratch, int(LooksAhead<Scheme, R>)); }

  void start(const BlockLandscape<R>& landscape, const R* theta, R* kept, R* gradient) const override {
    if constexpr (StartsByItself<Scheme, R>) {
      const int dim = landscape.dim(), numbers = dim * block_lanes;
      landscape.gradient(theta, gradient);
      for (int i = 0; i < numbers; i += P::lanes) {
        auto e = element(theta, kept, gradient, numbers, i);
        scheme_.start(e);
        store(e.extra, kept, numbers, i);
      }
    }
  }

  void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* kept,
               R* gradient) const override {
    const Scheme scheme = scheme_;
    const int dim = landscape.dim(), numbers = dim * block_lanes;
    for (int step = 0; step < count; ++step, normals += numbers * normals_each) {
      if constexpr (LooksAhead<Scheme, R>) look_ahead(scheme, numbers, theta, kept, theta);
      for_each_stage<Scheme>([&]<int stage>() {
        landscape.gradient(theta, gradient);
        for (int row = 0; row < dim; ++row)
          for (int lane = 0; lane < block_lanes; lane += P::lanes) {
            const int i = row * block_lanes + lane;
            auto e = element(theta, kept, gradient, numbers, i);
            for (int k = 0; k < normals_each; ++k)
              e.xi[k] = P::load(normals + (row * normals_each + k) * block_lanes + lane);
            for (int k = 0; k < Scheme::scratch; ++k) e.scratch[k] = P::load(gradient + (1 + k) * numbers + i);
            move_at<stage>(scheme, e);
            e.x.store(theta + i);
            if (Scheme::extra > 0) store(e.extra, kept, numbers, i);
            if (Scheme::scratch > 0) store(e.scratch, gradient + numbers, numbers, i);
          }
      });
    }
  }

  void temperature(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* kept, R* gradient,
                   double* estimate) const override {
    const int dim = landscape.dim(), numbers = dim * block_lanes;
    if constexpr (LooksAhead<Scheme, R>) {
      look_ahead(scheme_, numbers, theta, kept, gradient + numbers);
      landscape.gradient(gradient + numbers, gradient);
    } else {
      landscape.gradient(theta, gradient);
    }
    const double share = 1.0 / dim;  // no division in the loop, which would cost more than all the rest
    for (int lane = 0; lane < block_lanes; ++lane) estimate[lane] = 0;
    for (int row = 0; row < dim; ++row)
      for (int lane = 0; lane < block_lanes; ++lane) {
        const int i = row * block_lanes + lane;
        Element<double, Scheme> e{.x = theta[i] - origin[row], .gradient = gradient[i]};
        for (int k = 0; k < Scheme::extra; ++k) e.extra[k] = kept[k * numbers + i];
        estimate[lane] += scheme_.temperature(e) * share;
      }
  }

 private:
  static Element<P, Scheme> element(const R* theta, const R* kept, const R* gradient, int numbers, int i) {
    Element<P, Scheme> e;
    e.x = P::load(theta + i);
    e.gradient = P::load(gradient + i);
    for (int k = 0; k < Scheme::extra; ++k) e.extra[k] = P::load(kept + k * numbers + i);
    return e;
  }
  template <int count>
  static void store(const P (&values)[count], R* rows, int numbers, int i) {
    for (int k = 0; k < count; ++k) values[k].store(rows + k * numbers + i);
  }
  /// `to` may be theta.
  static void look_ahead(const Scheme& scheme, int numbers, const R* theta, const R* kept, R* to) {
    for (int i = 0; i < numbers; i += P::lanes) {
      auto e = element(theta, kept, theta, numbers, i);
      scheme.ahead(e);
      e.x.store(to + i);
    }
  }

  Scheme scheme_;
};

}  // namespace kramers::sde
