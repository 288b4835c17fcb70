#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "sde/numbers/pack.hpp"
#include "sde/schemes/scheme.hpp"

/// Schemes that move each coordinate by itself, given its gradient. Such a scheme is a struct, written for one number:
///
///     facts, extra, scratch                  below; multiplicative, where it needs the noise's derivative or values
///                                            at points that no gradient is taken at
///     move(e), or move<stage>(e) where a step has several gradients: each follows a gradient at e.x
///     ahead(e)                               where the first gradient of a step is not taken at e.x: moves it there
///     start(e)                               where `extra` does not start as standard normals
///     temperature(e)                         from e.x, e.gradient (at `ahead`) and e.extra
namespace kramers::sde {

/// What a pointwise scheme has unless it says otherwise.
struct Pointwise {
  static constexpr int extra = 0;                // numbers a coordinate kept from step to step
  static constexpr int scratch = 0;              // numbers a coordinate kept within a step
  static constexpr bool multiplicative = false;  // sees e.b and e.slope
};

/// One coordinate of one trajectory (Number = double, float) or of a pack of them, as a scheme moves it.
template <class Number, class Scheme>
struct Element {
  static constexpr int room(int count) { return count == 0 ? 1 : count; }
  Number x;                               // theta_i
  Number gradient;                        // dL/dtheta_i at x
  Number xi[Scheme::facts.normals];       // this step's standard normals; (B(theta) xi)_i where noise has a shape
  Number b, slope;                        // multiplicative schemes: b_i and dA_ii/dtheta_i at x, and plain normals
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

/// move<stage> follows a gradient for each of facts.gradients stages, unless the scheme has more `stages` and says of
/// each whether it takes_gradient.
template <class Scheme>
constexpr int stages_of() {
  if constexpr (requires { Scheme::stages; })
    return Scheme::stages;
  else
    return Scheme::facts.gradients;
}
template <class Scheme>
constexpr bool takes_gradient(int stage) {
  if constexpr (requires { Scheme::stages; })
    return Scheme::takes_gradient(stage);
  else
    return true;
}

template <int stage, class Scheme, class Element>
KRAMERS_HOST_DEVICE void move_at(const Scheme& scheme, Element& e) {
  if constexpr (stages_of<Scheme>() == 1)
    scheme.move(e);
  else
    scheme.template move<stage>(e);
}

/// f.template operator()<stage>() for each stage of a step.
template <class Scheme, class F>
KRAMERS_HOST_DEVICE void for_each_stage(F f) {
  [&]<int... stage>(std::integer_sequence<int, stage...>) { (f.template operator()<stage>(), ...); }
  (std::make_integer_sequence<int, stages_of<Scheme>()>());
}

/// Runs a scheme's formula, written for one number, over blocks.
template <Real R, template <class> class Formula>
class SchemeOverBlocks final : public BlockScheme<R> {
  using Scheme = Formula<R>;
  using P = Pack<R>;
  static constexpr int normals_each = Scheme::facts.normals;

 public:
  SchemeOverBlocks(const SchemeParameters& p, std::shared_ptr<const BlockNoise<R>> noise)
      : scheme_(p), noise_(std::move(noise)), drift_(R((p.calculus - Scheme::facts.calculus) * p.temperature)) {}

  const SchemeFacts& facts() const override { return Scheme::facts; }
  const BlockNoise<R>* noise() const override { return noise_.get(); }
  int extra_rows(int dim) const override { return dim * Scheme::extra; }
  int scratch_rows() const override { return rows_of_scheme + (noise_ ? rows_of_noise : 0); }

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
               R* scratch) const override {
    if (noise_)
      steps<true>(landscape, count, normals, theta, kept, scratch);
    else
      steps<false>(landscape, count, normals, theta, kept, scratch);
  }

  void temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* kept,
                    R* gradient, double* estimates) const override {
    const int dim = landscape.dim(), numbers = dim * block_lanes;
    if constexpr (LooksAhead<Scheme, R>) {
      look_ahead(scheme_, numbers, theta, kept, gradient + numbers);
      landscape.gradient(gradient + numbers, gradient);
    } else {
      landscape.gradient(theta, gradient);
      if (noise_ && drift_ != 0) noise_->subtract_divergence(theta, drift_, gradient);
    }
    for (int row = 0; row < dim; ++row)
      for (int i = row * block_lanes; i < (row + 1) * block_lanes; ++i) {
        Element<double, Scheme> e{.x = theta[i] - origin[row], .gradient = gradient[i]};
        for (int k = 0; k < Scheme::extra; ++k) e.extra[k] = kept[k * numbers + i];
        estimates[i] = scheme_.temperature(e);
      }
  }

 private:
  static constexpr int rows_of_scheme = 1 + std::max(Scheme::scratch, int(LooksAhead<Scheme, R>));
  static constexpr int rows_of_noise = Scheme::multiplicative ? 2 : normals_each;

  template <bool shaped>
  void steps(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* kept, R* gradient) const {
    const Scheme scheme = scheme_;
    const int dim = landscape.dim(), numbers = dim * block_lanes;
    R* const b = gradient + rows_of_scheme * numbers;
    R* const slope = b + numbers;
    for (int step = 0; step < count; ++step, normals += numbers * normals_each) {
      if constexpr (LooksAhead<Scheme, R>) look_ahead(scheme, numbers, theta, kept, theta);
      for_each_stage<Scheme>([&]<int stage>() {
        if constexpr (takes_gradient<Scheme>(stage)) {
          landscape.gradient(theta, gradient);
          if (shaped && drift_ != 0) noise_->subtract_divergence(theta, drift_, gradient);
        }
        const R* xi = normals;
        if constexpr (shaped && Scheme::multiplicative) {
          noise_->diagonal(theta, b, slope);
        } else if constexpr (shaped) {
          std::copy_n(normals, numbers * normals_each, b);
          noise_->shape(theta, normals_each, b);
          xi = b;
        }
        for (int row = 0; row < dim; ++row)
          for (int lane = 0; lane < block_lanes; lane += P::lanes) {
            const int i = row * block_lanes + lane;
            auto e = element(theta, kept, gradient, numbers, i);
            for (int k = 0; k < normals_each; ++k)
              e.xi[k] = P::load(xi + (row * normals_each + k) * block_lanes + lane);
            if constexpr (Scheme::multiplicative) {
              e.b = shaped ? P::load(b + i) : P(R(1));
              e.slope = shaped ? P::load(slope + i) : P(R(0));
            }
            for (int k = 0; k < Scheme::scratch; ++k) e.scratch[k] = P::load(gradient + (1 + k) * numbers + i);
            move_at<stage>(scheme, e);
            e.x.store(theta + i);
            if (Scheme::extra > 0) store(e.extra, kept, numbers, i);
            if (Scheme::scratch > 0) store(e.scratch, gradient + numbers, numbers, i);
          }
      });
    }
  }

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
  std::shared_ptr<const BlockNoise<R>> noise_;
  R drift_;  // times the divergence of A: from the scheme's own calculus to the one asked for
};

}  // namespace kramers::sde
