#pragma once

#include <algorithm>
#include <vector>

#include "landscapes/formula/formula.hpp"

namespace kramers::landscapes {

/// Variances as typed: one formula for all directions, or one for each.
struct FormulaVariance {
  std::vector<Formula> formulas;

  bool depends_on(int i, int j) const { return std::ranges::count(of(i).coordinates(), j) > 0; }
  bool depends_on_others(int i, int) const {
    return std::ranges::any_of(of(i).coordinates(), [i](int j) { return j != i; });
  }
  bool is_common() const { return formulas.size() == 1; }

  template <class N, class X>
  N variance(int i, const X& coordinate) const {
    return of(i).template operator()<N>(coordinate);
  }

 private:
  const Formula& of(int i) const { return is_common() ? formulas[0] : formulas[i]; }
};

}  // namespace kramers::landscapes
