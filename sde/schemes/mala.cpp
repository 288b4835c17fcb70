#include "sde/schemes/mala.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sde/numbers/pack.hpp"

namespace kramers::sde {

namespace {

/// ln alpha of what is never accepted: no E is as large.
constexpr int never = -1000;

}  // namespace

template <Real R>
Mala<R>::Mala(const SchemeParameters& p, const std::shared_ptr<const BlockNoise<R>>& noise)
    : h_(R(p.time_step)), amplitude_(R(std::sqrt(2 * p.temperature * p.time_step))), temperature_(R(p.temperature)) {
  if (noise) throw std::invalid_argument("mala takes isotropic noise alone");
}

template <Real R>
void Mala<R>::start(const BlockLandscape<R>& landscape, const R* theta, R* extra, R*) const {
  const int numbers = landscape.dim() * block_lanes;
  landscape.gradient(theta, extra);
  landscape.value(theta, extra + numbers);
  std::fill_n(extra + numbers + block_lanes, block_lanes, R(0));
}

template <Real R>
void Mala<R>::advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
                      R* scratch) const {
  using P = Pack<R>;
  const int numbers = landscape.dim() * block_lanes;
  R *const gradient = extra, *const loss = extra + numbers, *const log_acceptance = loss + block_lanes;
  R *const proposal = scratch, *const gradient_there = scratch + numbers;
  alignas(64) R loss_there[block_lanes];
  for (int step = 0; step < count; ++step, normals += numbers + 2 * block_lanes) {
    for (int i = 0; i < numbers; i += P::lanes)
      (P::load(theta + i) + fma(P(amplitude_), P::load(normals + i), P(-h_) * P::load(gradient + i)))
          .store(proposal + i);
    landscape.gradient(proposal, gradient_there);
    landscape.value(proposal, loss_there);

    for (int lane = 0; lane < block_lanes; lane += P::lanes) {
      // With s = g(x) + g(y) and a = sqrt(2 T h) the way back is x - y + h g(y) = h s - a xi, which leaves of the
      // squares, without cancellation, (|h s - a xi|^2 - |a xi|^2) / (4 T h) = s (h s / 4 - a xi / 2) / T.
      P squares(R(0));
      for (int i = lane; i < numbers; i += block_lanes) {
        const P s = P::load(gradient + i) + P::load(gradient_there + i);
        squares = fma(s, fma(P(h_ / 4), s, P(-amplitude_ / 2) * P::load(normals + i)), squares);
      }
      const P log_ratio = (P::load(loss + lane) - P::load(loss_there + lane) - squares) / P(temperature_);
      // What is no number is as little accepted as the least one: max gives its second argument for a NaN.
      const P log_alpha = min(max(log_ratio, P(R(never))), P(R(0)));
      log_alpha.store(log_acceptance + lane);

      const P z_1 = P::load(normals + numbers + lane), z_2 = P::load(normals + numbers + block_lanes + lane);
      const P exponential = P(R(0.5)) * fma(z_1, z_1, z_2 * z_2);
      const auto rejected = log_alpha < -exponential;
      const auto keep = [&](const R* there, R* here) { select(rejected, P::load(here), P::load(there)).store(here); };
      keep(loss_there + lane, loss + lane);
      for (int i = lane; i < numbers; i += block_lanes) {
        keep(proposal + i, theta + i);
        keep(gradient_there + i, gradient + i);
      }
    }
  }
}

template <Real R>
void Mala<R>::temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* gradient,
                           R*, double* estimates) const {
  for (int row = 0; row < landscape.dim(); ++row)
    for (int at = row * block_lanes; at < (row + 1) * block_lanes; ++at)
      estimates[at] = (theta[at] - origin[row]) * gradient[at];
}

template class Mala<float>;
template class Mala<double>;

}  // namespace kramers::sde
