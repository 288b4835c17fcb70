#include <Eigen/Core>
#include <array>
#include <boost/array.hpp>
#include <boost/numeric/odeint.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/variate_generator.hpp>
#include <boost/range/algorithm/for_each.hpp>
#include <functional>

#include "landscapes/model/adaptor.hpp"
#include "landscapes/styblinski_tang.hpp"
#include "sde/ensemble.hpp"
#include "sde/odeint_stepper.hpp"
#include "sde/schemes/list.hpp"
#include "sde/schemes/types.hpp"
#include "tests/catch.hpp"

namespace odeint = boost::numeric::odeint;

namespace kramers {
namespace {

using sde::OdeintStepper, sde::SchemeParameters, sde::Stream;

constexpr int dim = 3;
constexpr int steps = 50;
constexpr std::uint64_t trajectory = 7;
constexpr double h = 1.0 / 64;  // t is exact
constexpr SchemeParameters parameters{
    .time_step = h, .temperature = 0.3, .friction = 2, .learning_rate = h * h, .momentum = 0.7};
constexpr Stream stream{.seed = 0x123456789abcdef0, .run = 7};
const std::vector<double> start = {-2.5, 0.25, 2};

const landscapes::StyblinskiTang landscape{.dim = dim};

/// dxdt = -grad L for any container, as odeint calls it.
struct Drift {
  template <class State>
  void operator()(const State& x, State& dxdt, double) const {
    using R = std::remove_cvref_t<decltype(dxdt[0])>;
    R gradient[dim];
    landscapes::gradient_into<R, landscapes::StyblinskiTang>(landscapes::formula_of<R>(landscape), x, gradient);
    for (int i = 0; i < dim; ++i) dxdt[i] = -gradient[i];
  }
};

/// x after 1, ..., `steps` steps of that trajectory of the ensemble, [step * dim + i].
template <sde::Real R, template <class> class Scheme>
std::vector<double> of_the_ensemble() {
  sde::EnsemblePlan plan{.seed = stream.seed, .run = stream.run, .trajectories = trajectory + 1, .steps = steps};
  plan.start.at = {start};
  plan.path_count = trajectory + 1;
  plan.threads = 1;
  const landscapes::BlockAdaptor<landscapes::StyblinskiTang, R> block(landscape, {});
  const auto scheme = sde::make_scheme<R>(Scheme<R>::facts.name, parameters);
  const std::vector<double> paths = sde::simulate<R>(block, *scheme, plan)->paths;
  return {paths.end() - steps * dim, paths.end()};
}

template <class State>
State at_start() {
  State x;
  if constexpr (requires { x.resize(dim); }) x.resize(dim);
  for (int i = 0; i < dim; ++i) x[i] = start[i];
  return x;
}

/// Driven by integrate_const, whose observer sees the start, too.
template <template <class> class Scheme, class State>
std::vector<double> by_odeint() {
  OdeintStepper<Scheme, State> stepper(parameters, stream, trajectory);
  State x = at_start<State>();
  std::vector<double> path;
  const std::size_t done =
      odeint::integrate_const(stepper, Drift(), x, 0.0, steps * h, h, [&](const State& at, double t) {
        if (t > 0) path.insert(path.end(), &at[0], &at[0] + dim);
      });
  CHECK(done == steps);
  return path;
}

template <template <class> class Scheme, class... State>
void check_containers(const std::vector<double>& expected) {
  INFO(Scheme<double>::facts.name);
  const auto check = [&](const std::vector<double>& path) { CHECK(path == expected); };
  (check(by_odeint<Scheme, State>()), ...);
}

using Vector = std::vector<double>;

}  // namespace

TEST_CASE("integrate_const takes any scheme along a trajectory of the ensemble, bit for bit", "[odeint]") {
  sde::Schemes::for_each([]<template <class> class Scheme>() {
    check_containers<Scheme, std::vector<double>>(of_the_ensemble<double, Scheme>());
    check_containers<Scheme, std::vector<float>>(of_the_ensemble<float, Scheme>());
  });
}

TEMPLATE_TEST_CASE("a state may be any of odeint's containers", "[odeint]", double, float) {
  using R = TestType;
  const auto check = []<template <class> class Scheme>() {
    check_containers<Scheme, std::array<R, dim>, boost::array<R, dim>, Eigen::Matrix<R, dim, 1>,
                     Eigen::Matrix<R, Eigen::Dynamic, 1>, boost::numeric::ublas::bounded_vector<R, dim>>(
        of_the_ensemble<R, Scheme>());
  };
  check.template operator()<sde::Sra1>();
  check.template operator()<sde::Baoab>();
}

TEST_CASE("integrate_n_steps, integrate_times and the iterators take the same path", "[odeint]") {
  const std::vector<double> expected = of_the_ensemble<double, sde::LeimkuhlerMatthews>();
  const Vector end(expected.end() - dim, expected.end());
  const OdeintStepper<sde::LeimkuhlerMatthews, Vector> stepper(parameters, stream, trajectory);

  Vector x = start;
  CHECK(odeint::integrate_n_steps(stepper, Drift(), x, 0.0, h, steps) == steps * h);
  CHECK(x == end);

  x = start;
  std::vector<double> times, seen;
  for (int i = 0; i <= steps; i += 10) times.push_back(i * h);
  odeint::integrate_times(stepper, Drift(), x, times, h,
                          [&](const Vector& at, double) { seen.insert(seen.end(), at.begin(), at.end()); });
  CHECK(x == end);
  CHECK(std::equal(seen.begin() + dim, seen.begin() + 2 * dim, expected.begin() + 9 * dim));

  x = start;
  Vector path;
  boost::for_each(odeint::make_const_step_range(stepper, Drift(), x, 0.0, steps * h, h),
                  [&](const Vector& at) { path.insert(path.end(), at.begin(), at.end()); });
  CHECK(path.size() == expected.size() + dim);
  CHECK(std::equal(expected.begin(), expected.end(), path.begin() + dim));

  x = start;
  double last = 0;
  const auto begin = odeint::make_const_step_time_iterator_begin(stepper, Drift(), x, 0.0, steps * h, h);
  const auto stop = odeint::make_const_step_time_iterator_end(stepper, Drift(), x);
  std::for_each(begin, stop, [&](const std::pair<const Vector&, double>& at) { last = at.second; });
  CHECK(last == steps * h);
  CHECK(x == end);
}

TEST_CASE("a stepper goes on where it stopped, by reference", "[odeint]") {
  const std::vector<double> expected = of_the_ensemble<double, sde::Baoab>();
  OdeintStepper<sde::Baoab, Vector> stepper(parameters, stream, trajectory);
  Vector x = start;
  odeint::integrate_n_steps(std::ref(stepper), Drift(), x, 0.0, h, 20);
  const Vector momentum = stepper.momentum();
  odeint::integrate_n_steps(std::ref(stepper), Drift(), x, 20 * h, h, steps - 20);
  CHECK(x == Vector(expected.end() - dim, expected.end()));
  CHECK(momentum.size() == dim);
  CHECK(stepper.momentum() != momentum);
}

TEST_CASE("a stepper takes normals from wherever they come", "[odeint]") {
  using Generator = boost::variate_generator<boost::mt19937, boost::normal_distribution<>>;
  Generator normal(boost::mt19937(5), boost::normal_distribution<>());
  OdeintStepper<sde::EulerMaruyama, Vector, Generator> stepper(parameters, normal);
  Vector x = start, drift(dim);
  stepper.do_step(Drift(), x, 0, h);
  Drift()(start, drift, 0);
  for (int i = 0; i < dim; ++i) CHECK(x[i] == Approx(start[i] + h * drift[i] + std::sqrt(2 * 0.3 * h) * normal()));
}

TEST_CASE("another time step or dimension than the stepper's is an error that names both", "[odeint]") {
  OdeintStepper<sde::EulerMaruyama, Vector> stepper(parameters, stream, trajectory);
  Vector x = start;
  CHECK_THROWS_WITH(odeint::integrate_n_steps(stepper, Drift(), x, 0.0, 0.1, 1),
                    "dt = 0.1 must be the time_step = 0.015625 that the stepper was made with");
  stepper.do_step(Drift(), x, 0, h);
  x.push_back(0);
  CHECK_THROWS_WITH(stepper.do_step(Drift(), x, h, h),
                    "a state of 4 numbers must have the 3 that it was initialised with");
}

}  // namespace kramers
