#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {

const ParameterValue& required(const Parameters& given, const std::string& key, const std::string& allowed) {
  check_keys(given, {key});
  const auto found = given.find(key);
  if (found == given.end()) throw ParameterError(key, "", allowed);
  return found->second;
}

void require_matrices(const std::string& key, int d, int most) {
  if (d > most)
    throw ParameterError(key, "a matrix in " + std::to_string(d) + " dimensions", "up to " + std::to_string(most));
}

Eigen::MatrixXd matrix_of(const std::vector<std::vector<double>>& rows) {
  Eigen::MatrixXd matrix(rows.size(), rows.front().size());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) matrix(i, j) = rows[i][j];
  return matrix;
}

}  // namespace kramers::landscapes
