#include "landscapes/gradient_noise/constant_noise.hpp"
#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a list of " + std::to_string(d) + " numbers >= 0, not all zero";
  const ParameterValue& value = required(given, "variances", allowed);
  require_matrices("variances", d);
  const std::vector<double> variances = list_in("variances", value);
  const Eigen::Map<const Eigen::VectorXd> v(variances.data(), Eigen::Index(variances.size()));
  if (v.size() != d || v.minCoeff() < 0 || v.maxCoeff() == 0) throw ParameterError("variances", text(value), allowed);
  return std::make_unique<ConstantNoise>(Eigen::MatrixXd(v.cwiseSqrt().asDiagonal()));
}

}  // namespace

NoiseEntry diagonal_entry() {
  return {"diagonal",
          "a constant variance for each coordinate",
          "C = diag(variances)",
          "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
          {{"variances", "of each coordinate", "gradient^2", "list", "", "numbers >= 0, not all zero"}},
          make,
          true,
          true};
}

}  // namespace kramers::landscapes
