#pragma once

#include <string_view>

#include "sde/block.hpp"
#include "sde/pack.hpp"

namespace kramers::sde {

/// What a scheme needs to know of the equation d theta = -grad L dt + sqrt(2 T) dW.
struct SchemeParameters {
  double time_step;    // h [time], > 0
  double temperature;  // T [loss], > 0
};

/// What a scheme states of itself; tests and the catalogue read it.
struct SchemeFacts {
  std::string_view name;
  std::string_view summary;
  std::string_view equation;
  std::string_view calculus;        // Ito, Stratonovich, or both (additive noise)
  std::string_view noise;           // what noise it is valid for
  double strong_order, weak_order;  // in h, on finite times, for additive noise
  int invariant_order;              // bias of the stationary law is O(h^order)
  int gradients, normals;           // a step and coordinate
  std::string_view source;
};

/// One coordinate of one trajectory (Number = double, float) or of a pack of them, as a scheme moves it.
template <class Number, int Extra>
struct Element {
  Number x;                              // theta_i
  Number gradient;                       // dL/dtheta_i at x
  Number xi;                             // this step's standard normal
  Number extra[Extra == 0 ? 1 : Extra];  // what the scheme keeps from step to step
};

/// A scheme as the ensemble sees it: it moves a block. Const and thread safe.
template <Real R>
class BlockScheme {
 public:
  virtual ~BlockScheme() = default;
  virtual const SchemeFacts& facts() const = 0;
  /// Rows of state beside theta, per coordinate; they start as standard normals.
  virtual int extra_rows() const = 0;
  /// `count` steps. theta: d rows; extra: d * extra_rows() rows; normals: count * d rows; gradient: d rows of scratch.
  virtual void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
                       R* gradient) const = 0;
  /// estimate[lane], whose stationary mean is the temperature, exactly at any h (theory: virial identity of the
  /// scheme).
  /// `origin`: a point near the samples, d numbers; any will do, a far one only adds noise.
  virtual void temperature(int dim, const double* origin, const R* theta, const R* gradient, const R* extra,
                           double* estimate) const = 0;
};

/// Runs a scheme's formula, written for one number, over blocks.
template <Real R, template <class> class Scheme>
class SchemeOverBlocks final : public BlockScheme<R> {
  static constexpr int extra = Scheme<R>::extra;
  static_assert(Scheme<R>::facts.normals == 1, "the ensemble makes one normal a step and coordinate");
  Scheme<R> scheme_;

 public:
  explicit SchemeOverBlocks(const SchemeParameters& p) : scheme_(p) {}

  const SchemeFacts& facts() const override { return Scheme<R>::facts; }
  int extra_rows() const override { return extra; }

  void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* kept,
               R* gradient) const override {
    using P = Pack<R>;
    const Scheme<R> scheme = scheme_;
    const int numbers = landscape.dim() * block_lanes;
    for (int step = 0; step < count; ++step, normals += numbers) {
      landscape.gradient(theta, gradient);
      for (int i = 0; i < numbers; i += P::lanes) {
        Element<P, extra> e;
        e.x = P::load(theta + i);
        e.gradient = P::load(gradient + i);
        e.xi = P::load(normals + i);
        for (int k = 0; k < extra; ++k) e.extra[k] = P::load(kept + k * numbers + i);
        scheme.move(e);
        e.x.store(theta + i);
        for (int k = 0; k < extra; ++k) e.extra[k].store(kept + k * numbers + i);
      }
    }
  }

  void temperature(int dim, const double* origin, const R* theta, const R* gradient, const R* kept,
                   double* estimate) const override {
    const int numbers = dim * block_lanes;
    const double share = 1.0 / dim;  // no division in the loop, which would cost more than all the rest
    for (int lane = 0; lane < block_lanes; ++lane) estimate[lane] = 0;
    for (int row = 0; row < dim; ++row)
      for (int lane = 0; lane < block_lanes; ++lane) {
        const int i = row * block_lanes + lane;
        Element<double, extra> e{theta[i] - origin[row], gradient[i], 0, {}};
        for (int k = 0; k < extra; ++k) e.extra[k] = kept[k * numbers + i];
        estimate[lane] += scheme_.temperature(e) * share;
      }
  }
};

}  // namespace kramers::sde
