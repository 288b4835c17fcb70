#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/hessian_noise.hpp"

namespace kramers::landscapes {
namespace {

constexpr int most_rows_of_a_root = 64;  // it is taken a step and trajectory

MadeNoise make(const Parameters& given, const OfLandscape& landscape) {
  require_matrices("scale", landscape->dim(), most_rows_of_a_root);
  return std::make_unique<HessianNoise>(landscape,
                                        number_in("scale", required(given, "scale", positive.words), positive));
}

}  // namespace

NoiseEntry hessian_entry() {
  return {"hessian",
          "the covariance of a log-likelihood loss: proportional to the Hessian",
          "C = scale H_+(theta), H_+ the positive part of the Hessian",
          "Jastrzebski et al., arXiv:1711.04623v3; Xie, Sato & Sugiyama, ICLR 2021",
          {{"scale", "C = scale H_+", "gradient^2 theta^2/loss", "number", "", positive.words}},
          make};
}

}  // namespace kramers::landscapes
