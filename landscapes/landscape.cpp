#include "landscapes/landscape.hpp"

#include <Eigen/Eigenvalues>

namespace kramers::landscapes {

Point Landscape::curvatures(const Point& theta) const {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(hessian(theta), Eigen::EigenvaluesOnly).eigenvalues();
}

}  // namespace kramers::landscapes
