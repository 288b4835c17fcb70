#include <cstdio>

#include "landscapes/model/adaptor.hpp"
#include "sde/ensemble.hpp"
#include "sde/schemes/list.hpp"

using namespace kramers;

/// L(x) = x^4 / 4, for whose Gibbs law <L> = <x L'> / 4 = T / 4.
struct QuarticBowl {
  static constexpr int dim = 1;

  template <class N>
  sde::Vec<N, 1> gradient(const sde::Vec<N, 1>& x) const {
    return {x[0] * x[0] * x[0]};
  }
  template <class N>
  N value(const sde::Vec<N, 1>& x) const {
    return x[0] * x[0] * x[0] * x[0] * N(sde::real_of<N>(0.25));
  }
  landscapes::Facts facts() const { return {.minima = {{landscapes::point({0}), 0, {}}}}; }
};

int main() {
  const landscapes::Adaptor<QuarticBowl> landscape{QuarticBowl()};
  const auto scheme = sde::make_scheme<double>("leimkuhler-matthews", {.time_step = 0.1, .temperature = 0.2});
  const sde::EnsemblePlan plan{
      .seed = 1, .trajectories = 4096, .burn_in = 1000, .steps = 4000, .start = {.at = {{0.0}}}};
  const auto run = *sde::simulate(landscape.block_double(), *scheme, plan);

  double loss = 0, samples = 0;
  for (int g = 0; g < run.replicates; ++g) {
    loss += run.sums[g * run.quantities() + 2];  // after theta and theta^2
    samples += double(run.sample_count[g]);
  }
  std::printf("<L> = %.4f, T / 4 = %.4f\n", loss / samples, 0.2 / 4);
}
