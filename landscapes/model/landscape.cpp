#include "landscapes/model/landscape.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace kramers::landscapes {

Point Landscape::curvatures(const Point& theta) const {
  if (std::optional<Point> diagonal = diagonal_hessian(theta)) {
    std::ranges::sort(*diagonal);
    return *diagonal;
  }
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(hessian(theta), Eigen::EigenvaluesOnly).eigenvalues();
}

}  // namespace kramers::landscapes
