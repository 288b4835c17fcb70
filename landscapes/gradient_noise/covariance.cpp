#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include "landscapes/gradient_noise/constant_noise.hpp"
#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed =
      "a symmetric " + std::to_string(d) + " x " + std::to_string(d) + " matrix without negative eigenvalues, not zero";
  const ParameterValue& value = required(given, "matrix", allowed);
  require_matrices("matrix", d);
  const Eigen::MatrixXd c = matrix_of(rows_in("matrix", value));
  if (c.rows() != d || c.cols() != d || c != c.transpose()) throw ParameterError("matrix", text(value), allowed);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(c);
  const double largest = solver.eigenvalues().maxCoeff();
  if (!(largest > 0) || solver.eigenvalues().minCoeff() < -1e-12 * largest)
    throw ParameterError("matrix", text(value), allowed);
  const Eigen::LLT<Eigen::MatrixXd> cholesky(c);
  if (cholesky.info() == Eigen::Success) return std::make_unique<ConstantNoise>(cholesky.matrixL());
  return std::make_unique<ConstantNoise>(solver.eigenvectors() *
                                         solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal());
}

}  // namespace

NoiseEntry covariance_entry() {
  return {"covariance",
          "a constant covariance matrix",
          "C = matrix",
          "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
          {{"matrix", "C", "gradient^2", "matrix", "", "symmetric, no negative eigenvalue, not zero"}},
          make,
          true,
          true};
}

}  // namespace kramers::landscapes
