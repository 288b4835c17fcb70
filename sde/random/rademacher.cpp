#include "sde/random/rademacher.hpp"

#include <bit>

#include "sde/random/block_philox.hpp"

namespace kramers::sde {
namespace {

/// Counts ones among the upper `batch` bits of a word.
struct SumOfSigns {
  int batch;
  double scale;

  template <Real R>
  static constexpr int per_call = sizeof(R) == 8 ? 2 : 4;

  template <Real R, class Words, class Keep>
  void make(const Words& w, Keep keep) const {
    for (int i = 0; i < per_call<R>; ++i) {
      using Bits = unsigned_of<R>;
      Bits bits[Pack<R>::lanes];
      R number[Pack<R>::lanes];
      w[i].store(bits);
      for (int lane = 0; lane < Pack<R>::lanes; ++lane) {
        const int ones = std::popcount(bits[lane] >> (8 * int(sizeof(R)) - batch));
        number[lane] = R(scale * (2 * ones - batch));
      }
      keep(i, Pack<R>::load(number));
    }
  }
};

}  // namespace

template <Real R>
void rademacher_means(int batch, const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number,
                      int count, R* out) {
  make_numbers<R>(SumOfSigns{batch, 1 / std::sqrt(double(batch))}, stream, first_trajectory, first_number, count, out);
}

template void rademacher_means(int, const Stream&, std::uint64_t, std::uint64_t, int, float*);
template void rademacher_means(int, const Stream&, std::uint64_t, std::uint64_t, int, double*);

}  // namespace kramers::sde
