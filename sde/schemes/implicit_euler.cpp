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
  R *const gradient = scratch, *const push = scratch + numbers;
  const Sought sought{push + numbers, push + 2 * numbers, theta};
  for (int step = 0; step < count; ++step, normals += numbers) {
    std::copy_n(normals, numbers, push);
    if (noise_) noise_->shape(theta, 1, push);
    for (int i = 0; i < numbers; ++i) push[i] = amplitude_ * push[i];
    if (noise_ && drift_ != 0) noise_->subtract_divergence(theta, -h_ * drift_, push);
    std::copy_n(theta, numbers, sought.from);
    std::fill_n(sought.step, numbers, R(0));
    solve(landscape, push, sought, gradient);
  }
}

template <Real R>
void ImplicitEuler<R>::solve(const BlockLandscape<R>& landscape, const R* push, const Sought& sought,
                             R* gradient) const {
  const int dim = landscape.dim();
  if (dim == 1) return solve_on_line(landscape, push, sought, gradient);
  const auto [from, step, theta] = sought;
  thread_local std::vector<R> hessian;
  hessian.resize(std::size_t(dim) * dim * block_lanes);
  NewtonStep<R> newton(dim);
  bool done[block_lanes] = {};  // what one trajectory does must not depend on its neighbours
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    landscape.gradient(theta, gradient);
    landscape.hessian()->of(theta, hessian.data());
    bool all_done = true;
    for (int lane = 0; lane < block_lanes; ++lane) {
      if (done[lane]) continue;
      for (int i = 0; i < dim; ++i) {
        const int at = i * block_lanes + lane;
        newton.residual[i] = double(step[at]) + double(h_) * double(gradient[at]) - double(push[at]);
      }
      const Eigen::VectorXd more = newton(h_, hessian.data(), lane);
      bool moved = false;
      for (int i = 0; i < dim; ++i) {
        const int at = i * block_lanes + lane;
        moved = moved || std::abs(more[i]) > double(small<R>) * std::max(1.0, std::abs(double(theta[at])));
        step[at] = R(double(step[at]) + more[i]);
        theta[at] = from[at] + step[at];
      }
      done[lane] = !moved;
      all_done = all_done && done[lane];
    }
    if (all_done) return;
  }
}

template <Real R>
void ImplicitEuler<R>::solve_on_line(const BlockLandscape<R>& landscape, const R* push, const Sought& sought,
                                     R* gradient) const {
  const auto [from, step, theta] = sought;
  alignas(64) R hessian[block_lanes];
  alignas(64) R going[block_lanes];  // 1, or 0 for a trajectory whose solution is found
  std::fill_n(going, block_lanes, R(1));
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    landscape.gradient(theta, gradient);
    landscape.hessian()->of(theta, hessian);
    R any = 0;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const R x = theta[lane];
      const R more = (push[lane] - fma(h_, gradient[lane], step[lane])) / fma(h_, hessian[lane], R(1));
      step[lane] = going[lane] != 0 ? step[lane] + more : step[lane];
      theta[lane] = from[lane] + step[lane];
      going[lane] = going[lane] != 0 && abs(more) > small<R> * max(R(1), abs(x)) ? R(1) : R(0);
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
