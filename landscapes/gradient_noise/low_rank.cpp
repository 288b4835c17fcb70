#include <Eigen/QR>

#include "landscapes/gradient_noise/constant_noise.hpp"
#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {
namespace {

/// d x d with B B^T = F F^T, lower triangular: F^T = Q R with Q^T Q = I makes it R^T. Signs of columns are free.
Eigen::MatrixXd square_root(const Eigen::MatrixXd& factor) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(factor.transpose());
  Eigen::MatrixXd root = qr.matrixQR().topRows(factor.rows()).triangularView<Eigen::Upper>().transpose();
  for (auto column : root.colwise())
    if (column.sum() < 0) column = -column;
  return root;
}

MadeNoise make(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a matrix F of " + std::to_string(d) + " rows, not zero; C = F F^T";
  const ParameterValue& value = required(given, "factor", allowed);
  require_matrices("factor", d);
  const Eigen::MatrixXd factor = matrix_of(rows_in("factor", value));
  if (factor.rows() != d || factor.isZero(0)) throw ParameterError("factor", text(value), allowed);
  return std::make_unique<ConstantNoise>(factor.cols() > d ? square_root(factor) : factor);
}

}  // namespace

NoiseEntry low_rank_entry() {
  return {"low-rank",
          "a constant covariance by its factor: of low rank, or of the gradients of examples",
          "C = F F^T",
          "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
          {{"factor", "F, d rows", "gradient", "matrix", "", "any number of columns, not zero"}},
          make,
          true,
          true};
}

}  // namespace kramers::landscapes
