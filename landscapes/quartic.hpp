#pragma once

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// The symmetric quartic double well
///
///     L = x^4/4 - x^2/2
///
/// Minima +-1 with L = -1/4 and L'' = 2, saddle 0 with L = 0 and L'' = -1. Z = (pi/2) e^(1/8T) (I_1/4 + I_-1/4)(1/8T).
/// Kramers, Physica 7 (1940) 284; Hanggi, Talkner & Borkovec, Rev. Mod. Phys. 62 (1990) 251.
struct Quartic {
  static constexpr int dim = 1;
  static constexpr const char* name = "quartic";
  static constexpr const char* summary = "the symmetric quartic double well, without parameters";
  static constexpr const char* formula_text = "L = x^4/4 - x^2/2";
  static constexpr const char* source = "Hanggi, Talkner & Borkovec, Rev. Mod. Phys. 62 (1990) 251";
  static std::vector<Field<Quartic>> fields() { return {}; }
  static std::vector<Answer> answers() { return {{{}, {0.5}, -0.109375, {-0.375}, {-0.25}}}; }

  template <class N>
  KRAMERS_HOST_DEVICE Vec<N, 1> gradient(const Vec<N, 1>& x) const {
    return {x[0] * fma(x[0], x[0], N(real_of<N>(-1)))};
  }

  template <class N>
  KRAMERS_HOST_DEVICE N value(const Vec<N, 1>& x) const {
    const N q = x[0] * x[0];
    return q * fma(q, N(real_of<N>(0.25)), N(real_of<N>(-0.5)));
  }

  Facts facts() const {
    Facts facts;
    facts.minima = {{point({-1}), -0.25, 0}, {point({1}), -0.25, 0}};
    facts.basins = two_basins(1, 0, 0);
    facts.superquadratic = true;
    facts.landmarks = {{-1, 0, 1}};
    return facts;
  }
};

}  // namespace kramers::landscapes
