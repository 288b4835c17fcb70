#pragma once

#include <optional>
#include <utility>

#include "landscapes/gradient_noise/constant_noise.hpp"
#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/pearson.hpp"
#include "landscapes/gradient_noise/two_basin.hpp"

namespace kramers::landscapes {

/// One of several shapes of noise, chosen when it runs, as a walker on a device sees it: every kernel has them all, for
/// a kernel for each would take minutes more to compile. Shape: a BlockNoise<R> whose form() is trivially copyable and
/// has shape(x, xi), subtract_divergence(x, factor, gradient) and, where it is a view, each_view(f).
template <sde::Real R, class... Shape>
class OneShape {
  template <class S>
  struct Held {
    using Form = std::remove_cvref_t<decltype(std::declval<const S&>().form())>;
    Form form;
  };
  struct All : Held<Shape>... {};

 public:
  static constexpr bool shaped = true;

  /// None for a noise that is not among them. `factor`: times the divergence of A is subtracted from the gradient.
  static std::optional<OneShape> of(const sde::BlockNoise<R>& noise, R factor) {
    OneShape one(factor);
    int index = 0;
    const auto hold = [&]<class S>(const S* found, int which) {
      if (!found) return;
      static_cast<Held<S>&>(one.all_).form = found->form();
      one.which_ = which;
    };
    (hold(dynamic_cast<const Shape*>(&noise), index++), ...);
    if (one.which_ < 0) return {};
    return one;
  }

  template <int each, int capacity>
  KRAMERS_HOST_DEVICE void shape(const R (&x)[capacity], R (&xi)[each][capacity]) const {
    visit(*this, [&](const auto& form) { form.shape(x, xi); });
  }

  template <int capacity>
  KRAMERS_HOST_DEVICE void subtract_divergence(const R (&x)[capacity], R (&gradient)[capacity]) const {
    if (factor_ != 0) visit(*this, [&](const auto& form) { form.subtract_divergence(x, factor_, gradient); });
  }

  template <class F>
  void each_view(F f) {
    visit(*this, [&](auto& form) {
      if constexpr (requires { form.each_view(f); }) form.each_view(f);
    });
  }

 private:
  explicit OneShape(R factor) : all_(), factor_(factor) {}

  template <class Self, class F>
  KRAMERS_HOST_DEVICE static void visit(Self& self, F f) {
    int index = 0;
    ((index++ == self.which_ ? f(held<Shape>(self.all_).form) : void()), ...);
  }
  template <class S>
  KRAMERS_HOST_DEVICE static Held<S>& held(All& all) {
    return all;
  }
  template <class S>
  KRAMERS_HOST_DEVICE static const Held<S>& held(const All& all) {
    return all;
  }

  All all_;
  int which_ = -1;
  R factor_;
};

/// The noise that GPUs have beside isotropic noise.
template <sde::Real R>
using DeviceNoise =
    OneShape<R, ConstantShape<R>, DiagonalShape<TwoBasinVariance, R>, DiagonalShape<PearsonVariance, R>>;

}  // namespace kramers::landscapes
