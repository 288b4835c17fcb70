#include "landscapes/gradient_noise/catalogue.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>

#include "landscapes/gradient_noise/constant_noise.hpp"
#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/formula_variance.hpp"
#include "landscapes/gradient_noise/hessian_noise.hpp"
#include "landscapes/gradient_noise/isotropic_noise.hpp"
#include "landscapes/gradient_noise/pearson.hpp"
#include "landscapes/gradient_noise/rademacher_noise.hpp"
#include "landscapes/gradient_noise/stable_noise.hpp"
#include "landscapes/gradient_noise/two_basin.hpp"

namespace kramers::landscapes {

namespace {

using Made = std::unique_ptr<GradientNoise>;
using OfLandscape = std::shared_ptr<const Landscape>;

/// The value of a key that has no default.
const ParameterValue& required(const Parameters& given, const std::string& key, const std::string& allowed) {
  check_keys(given, {key});
  const auto found = given.find(key);
  if (found == given.end()) throw ParameterError(key, "", allowed);
  return found->second;
}

Made isotropic(const Parameters& given, const OfLandscape&) {
  return std::make_unique<IsotropicNoise>(number_in("sigma", required(given, "sigma", positive.words), positive));
}

Made rademacher(const Parameters& given, const OfLandscape&) {
  return std::make_unique<RademacherNoise>(number_in("sigma", required(given, "sigma", positive.words), positive));
}

/// C is kept, and multiplied with, as a matrix.
void require_matrices(const std::string& key, int d, int most) {
  if (d > most)
    throw ParameterError(key, "a matrix in " + std::to_string(d) + " dimensions", "up to " + std::to_string(most));
}
constexpr int most_rows = 1000, most_rows_of_a_root = 64;  // the root of a Hessian is taken a step and trajectory

Made diagonal(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a list of " + std::to_string(d) + " numbers >= 0, not all zero";
  const ParameterValue& value = required(given, "variances", allowed);
  require_matrices("variances", d, most_rows);
  const std::vector<double> variances = list_in("variances", value);
  const Eigen::Map<const Eigen::VectorXd> v(variances.data(), Eigen::Index(variances.size()));
  if (v.size() != d || v.minCoeff() < 0 || v.maxCoeff() == 0) throw ParameterError("variances", text(value), allowed);
  return std::make_unique<ConstantNoise>(Eigen::MatrixXd(v.cwiseSqrt().asDiagonal()));
}

Eigen::MatrixXd matrix_of(const std::vector<std::vector<double>>& rows) {
  Eigen::MatrixXd matrix(rows.size(), rows.front().size());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) matrix(i, j) = rows[i][j];
  return matrix;
}

Made covariance(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed =
      "a symmetric " + std::to_string(d) + " x " + std::to_string(d) + " matrix without negative eigenvalues, not zero";
  const ParameterValue& value = required(given, "matrix", allowed);
  require_matrices("matrix", d, most_rows);
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

/// d x d with B B^T = F F^T, lower triangular: F^T = Q R with Q^T Q = I makes it R^T. Signs of columns are free.
Eigen::MatrixXd square_root(const Eigen::MatrixXd& factor) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(factor.transpose());
  Eigen::MatrixXd root = qr.matrixQR().topRows(factor.rows()).triangularView<Eigen::Upper>().transpose();
  for (auto column : root.colwise())
    if (column.sum() < 0) column = -column;
  return root;
}

Made low_rank(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a matrix F of " + std::to_string(d) + " rows, not zero; C = F F^T";
  const ParameterValue& value = required(given, "factor", allowed);
  require_matrices("factor", d, most_rows);
  const Eigen::MatrixXd factor = matrix_of(rows_in("factor", value));
  if (factor.rows() != d || factor.isZero(0)) throw ParameterError("factor", text(value), allowed);
  return std::make_unique<ConstantNoise>(factor.cols() > d ? square_root(factor) : factor);
}

template <class Variance>
Made diagonal_of(const Parameters& given, const OfLandscape& landscape) {
  return std::make_unique<DiagonalNoise<Variance>>(read(Variance::fields(), given), landscape->dim());
}

Made formula(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a formula such as \"1 + x^2\", or a list of " + std::to_string(d);
  const ParameterValue& value = required(given, "variance", allowed);
  std::vector<std::string> texts;
  if (const auto* one = std::get_if<std::string>(&value)) texts = {*one};
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) texts = *list;
  if (texts.size() != 1 && int(texts.size()) != d) throw ParameterError("variance", text(value), allowed);
  FormulaVariance variance;
  for (const std::string& typed : texts) try {
      variance.formulas.emplace_back(typed, d);
    } catch (const std::invalid_argument& error) {
      throw ParameterError("variance", text(value), std::string(error.what()));
    }
  return std::make_unique<DiagonalNoise<FormulaVariance>>(variance, d);
}

Made hessian(const Parameters& given, const OfLandscape& landscape) {
  require_matrices("scale", landscape->dim(), most_rows_of_a_root);
  return std::make_unique<HessianNoise>(landscape,
                                        number_in("scale", required(given, "scale", positive.words), positive));
}

const Range stable_index{"a number > 0 and <= 2", [](double alpha) { return alpha > 0 && alpha <= 2; }};

Made stable(const Parameters& given, const OfLandscape&) {
  check_keys(given, {"alpha", "scale"});
  for (const auto& [key, range] : {std::pair{"alpha", stable_index}, std::pair{"scale", positive}})
    if (!given.contains(key)) throw ParameterError(key, "", range.words);
  return std::make_unique<StableNoise>(
      StableTail{number_in("alpha", given.at("alpha"), stable_index), number_in("scale", given.at("scale"), positive)});
}

}  // namespace

const std::vector<NoiseEntry>& noise_catalogue() {
  static const std::vector<NoiseEntry> all = {
      {"isotropic",
       "the same variance in every direction, everywhere",
       "C = sigma^2 I",
       "Jastrzebski et al., arXiv:1711.04623",
       {{"sigma", "standard deviation of one example's gradient, in each coordinate", "gradient", "number", "",
         positive.words}},
       isotropic,
       false,
       true},
      {"diagonal",
       "a constant variance for each coordinate",
       "C = diag(variances)",
       "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
       {{"variances", "of each coordinate", "gradient^2", "list", "", "numbers >= 0, not all zero"}},
       diagonal,
       true,
       true},
      {"covariance",
       "a constant covariance matrix",
       "C = matrix",
       "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
       {{"matrix", "C", "gradient^2", "matrix", "", "symmetric, no negative eigenvalue, not zero"}},
       covariance,
       true,
       true},
      {"low-rank",
       "a constant covariance by its factor: of low rank, or of the gradients of examples",
       "C = F F^T",
       "Mandt, Hoffman & Blei, JMLR 2017, 18, 134",
       {{"factor", "F, d rows", "gradient", "matrix", "", "any number of columns, not zero"}},
       low_rank,
       true,
       true},
      {"two-basin", "one variance in the left basin, another in the right one",
       "C = sigma^2(theta) I, sigma^2 = variance_right + (variance_left - variance_right) (1 - tanh((theta_0 - at) / "
       "width)) / 2",
       "Jastrzebski et al., arXiv:1711.04623 (the third factor)", describe(TwoBasinVariance::fields()),
       diagonal_of<TwoBasinVariance>, true, true},
      {"pearson", "a variance that is quadratic in its own coordinate; multiplicative noise",
       "C_ii = constant + linear theta_i + quadratic theta_i^2", "Forman & Sorensen, Scand. J. Stat. 2008, 35, 438",
       describe(PearsonVariance::fields()), diagonal_of<PearsonVariance>, true, true},
      {"formula",
       "a variance that depends on theta as typed",
       "C = variance(theta) I, or C = diag(variance_i(theta))",
       "Pearson diffusions: Forman & Sorensen, Scand. J. Stat. 2008, 35, 438",
       {{"variance", "of x[0], x[1], ... (x, y, z)", "gradient^2", "formula or list of formulas", "",
         "positive where trajectories go"}},
       formula},
      {"hessian",
       "the covariance of a log-likelihood loss: proportional to the Hessian",
       "C = scale H_+(theta), H_+ the positive part of the Hessian",
       "Jastrzebski et al., arXiv:1711.04623v3; Xie, Sato & Sugiyama, ICLR 2021",
       {{"scale", "C = scale H_+", "gradient^2 theta^2/loss", "number", "", positive.words}},
       hessian},
      {"rademacher",
       "two values: what the central limit theorem has not reached at small batches",
       "one example's gradient is off by +sigma or -sigma in each coordinate, with equal odds; batches up to 32",
       "excess kurtosis of a minibatch: -2 / S",
       {{"sigma", "standard deviation of one example's gradient, in each coordinate", "gradient", "number", "",
         positive.words}},
       rademacher,
       false},
      {"stable",
       "heavy tails: symmetric alpha-stable noise, independent in each coordinate",
       "one example's gradient noise has E exp(i u Z) = exp(-|scale u|^alpha)",
       "Simsekli, Sagun & Gurbuzbalaban, ICML 2019",
       {{"alpha", "index of stability; 2 is Gaussian with variance 2 scale^2", "1", "number", "", stable_index.words},
        {"scale", "of one example's gradient", "gradient", "number", "", positive.words}},
       stable,
       false},
  };
  return all;
}

std::vector<std::string> device_noise_names() {
  std::vector<std::string> names;
  for (const NoiseEntry& entry : noise_catalogue())
    if (entry.on_gpu) names.push_back(entry.name);
  return names;
}

const NoiseEntry& find_noise(const std::string& name) {
  std::string names;
  for (const NoiseEntry& entry : noise_catalogue()) {
    if (entry.name == name) return entry;
    names += (names.empty() ? "" : ", ") + entry.name;
  }
  throw ParameterError("noise", name, names);
}

}  // namespace kramers::landscapes
