#include "sde/random/stable.hpp"

#include <numbers>

#include "sde/random/block_philox.hpp"
#include "sde/random/box_muller.hpp"

namespace kramers::sde {
namespace {

struct ChambersMallowsStuck {
  double alpha;

  template <Real R>
  static constexpr int per_call = sizeof(R) == 8 ? 1 : 2;

  template <Real R, class Words, class Keep>
  void make(const Words& w, Keep keep) const {
    keep(0, number<Pack<R>>(w[0], w[1]));
    if constexpr (sizeof(R) == 4) keep(1, number<Pack<R>>(w[2], w[3]));
  }

 private:
  template <class N>
  N number(BitsOf<N> exponential_bits, BitsOf<N> angle_bits) const {
    using R = real_of<N>;
    constexpr R smallest = sizeof(R) == 8 ? R(0x1p-54) : R(0x1p-27);
    const N half_minus_two_log = N(R(0.5)) * minus_two_log(uniform_above_zero<N>(exponential_bits));
    const N log_w = log(max(half_minus_two_log, N(smallest)));
    const N u = uniform_centred<N>(angle_bits) * N(std::numbers::pi_v<R>);
    const N log_cos = log(max(cos(u), N(smallest * std::numbers::pi_v<R>)));
    const N log_ratio = log(max(cos(N(R(1 - alpha)) * u), N(smallest))) - log_w;
    return sin(N(R(alpha)) * u) * exp(fma(N(R((1 - alpha) / alpha)), log_ratio, N(R(-1 / alpha)) * log_cos));
  }
};

}  // namespace

template <Real R>
void stable_numbers(double alpha, const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number,
                    int count, R* out) {
  make_numbers<R>(ChambersMallowsStuck{alpha}, stream, first_trajectory, first_number, count, out);
}

template void stable_numbers(double, const Stream&, std::uint64_t, std::uint64_t, int, float*);
template void stable_numbers(double, const Stream&, std::uint64_t, std::uint64_t, int, double*);

}  // namespace kramers::sde
