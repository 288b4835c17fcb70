#include "sde/schemes/implicit_euler.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <limits>

namespace kramers::sde {

namespace {

constexpr int most_iterations = 30;
/// A change of x, relative to x or to 1, that is none.
template <Real R>
constexpr R small = 4 * std::numeric_limits<R>::epsilon();

/// One trajectory's Newton step: step = -(I + h H)^-1 residual.
template <Real R>
class NewtonStep {
 public:
  explicit NewtonStep(int dim) : residual(dim), jacobian_(dim, dim) {}

  Eigen::VectorXd residual;

  Eigen::VectorXd operator()(double h, const R* hessian, int lane) {
    const Eigen::Index d = residual.size();
    for (Eigen::Index i = 0; i < d; ++i)
      for (Eigen::Index j = 0; j < d; ++j)
        jacobian_(i, j) = double(i == j) + h * double(hessian[(i * d + j) * block_lanes + lane]);
    return -jacobian_.partialPivLu().solve(residual);
  }

 private:
  Eigen::MatrixXd jacobian_;
};

}  // namespace

template <Real R>
ImplicitEuler<R>::ImplicitEuler(const SchemeParameters& p, std::shared_ptr<const BlockNoise<R>> noise)
    : h_(R(p.time_step)),
      amplitude_(R(std::sqrt(2 * p.temperature * p.time_step))),
      drift_(R(p.calculus * p.temperature)),
      noise_(std::move(noise)) {}

template <Real R>
void ImplicitEuler<R>::advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R*,
                               R* scratch) const {
  const int numbers = landscape.dim() * block_lanes;
  R* const gradient = scratch;
  R* const known = scratch + numbers;
  for (int step = 0; step < count; ++step, normals += numbers) {
    std::copy_n(normals, numbers, known);
    if (noise_) noise_->shape(theta, 1, known);
    for (int i = 0; i < numbers; ++i) known[i] = fma(amplitude_, known[i], theta[i]);
    if (noise_ && drift_ != 0) noise_->subtract_divergence(theta, -h_ * drift_, known);
    solve(landscape, known, theta, gradient);
  }
}

template <Real R>
void ImplicitEuler<R>::solve(const BlockLandscape<R>& landscape, const R* known, R* theta, R* gradient) const {
  const int dim = landscape.dim();
  if (dim == 1) return solve_on_line(landscape, known, theta, gradient);
  thread_local std::vector<R> hessian;
  hessian.resize(std::size_t(dim) * dim * block_lanes);
  NewtonStep<R> newton(dim);
  bool done[block_lanes] = {};  // what one trajectory does must not depend on its neighbours
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    landscape.gradient(theta, gradient);
    landscape.hessian(theta, hessian.data());
    bool all_done = true;
    for (int lane = 0; lane < block_lanes; ++lane) {
      if (done[lane]) continue;
      for (int i = 0; i < dim; ++i) {
        const int at = i * block_lanes + lane;
        newton.residual[i] = double(theta[at]) + double(h_) * double(gradient[at]) - double(known[at]);
      }
      const Eigen::VectorXd step = newton(h_, hessian.data(), lane);
      bool moved = false;
      for (int i = 0; i < dim; ++i) {
        R& x = theta[i * block_lanes + lane];
        moved = moved || std::abs(step[i]) > double(small<R>) * std::max(1.0, std::abs(double(x)));
        x = R(double(x) + step[i]);
      }
      done[lane] = !moved;
      all_done = all_done && done[lane];
    }
    if (all_done) return;
  }
}

template <Real R>
void ImplicitEuler<R>::solve_on_line(const BlockLandscape<R>& landscape, const R* known, R* theta, R* gradient) const {
  alignas(64) R hessian[block_lanes];
  alignas(64) R going[block_lanes];  // 1, or 0 for a trajectory whose solution is found
  std::fill_n(going, block_lanes, R(1));
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    landscape.gradient(theta, gradient);
    landscape.hessian(theta, hessian);
    R any = 0;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const R x = theta[lane];
      const R step = (known[lane] - fma(h_, gradient[lane], x)) / fma(h_, hessian[lane], R(1));
      theta[lane] = going[lane] != 0 ? x + step : x;
      going[lane] = going[lane] != 0 && abs(step) > small<R> * max(R(1), abs(x)) ? R(1) : R(0);
      any += going[lane];
    }
    if (any == 0) return;
  }
}

template <Real R>
void ImplicitEuler<R>::temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R*,
                                    R* gradient, double* estimates) const {
  const int dim = landscape.dim();
  landscape.gradient(theta, gradient);
  if (noise_ && drift_ != 0) noise_->subtract_divergence(theta, drift_, gradient);
  for (int row = 0; row < dim; ++row)
    for (int at = row * block_lanes; at < (row + 1) * block_lanes; ++at) {
      const double x = theta[at] - origin[row], g = gradient[at];
      estimates[at] = x * g + double(h_) / 2 * (g * g);
    }
}

template class ImplicitEuler<float>;
template class ImplicitEuler<double>;

}  // namespace kramers::sde
