#include "sde/random/noise.hpp"

#include "sde/random/block_philox.hpp"
#include "sde/random/box_muller.hpp"

namespace kramers::sde {
namespace {

struct BoxMuller {
  template <Real R>
  static constexpr int per_call = sizeof(R) == 8 ? 2 : 4;

  template <Real R, class Words, class Keep>
  void make(const Words& w, Keep keep) const {
    if constexpr (sizeof(R) == 8) {
      pair(0, box_muller<Pack<double>>(w[0], w[1]), keep);
    } else {
      pair(0, box_muller<Pack<float>>(w[0], w[2]), keep);
      pair(2, box_muller<Pack<float>>(w[1], w[3]), keep);
    }
  }

 private:
  template <class N, class Keep>
  static void pair(int first, const NormalPair<N>& z, Keep keep) {
    keep(first, z.cosine);
    keep(first + 1, z.sine);
  }
};

}  // namespace

template <Real R>
void normals(const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count, R* out) {
  make_numbers<R>(BoxMuller(), stream, first_trajectory, first_number, count, out);
}

template void normals(const Stream&, std::uint64_t, std::uint64_t, int, float*);
template void normals(const Stream&, std::uint64_t, std::uint64_t, int, double*);

}  // namespace kramers::sde
