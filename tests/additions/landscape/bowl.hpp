#pragma once

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// A bowl that grows steeper: L = x^2/2 + x^4/4, with its minimum at 0.
struct Bowl {
  static constexpr int dim = 1;
  static constexpr const char* name = "bowl";
  static constexpr const char* summary = "a bowl that grows steeper";
  static constexpr const char* formula_text = "L = x^2/2 + x^4/4";
  static constexpr const char* source = "an addition";
  static std::vector<Field<Bowl>> fields() { return {}; }
  static std::vector<Answer> answers() { return {{{}, {0.5}, 0.140625, {0.625}, {1.75}}}; }

  template <class N>
  KRAMERS_HOST_DEVICE Vec<N, 1> gradient(const Vec<N, 1>& x) const {
    return {x[0] * fma(x[0], x[0], N(real_of<N>(1)))};
  }

  template <class N>
  KRAMERS_HOST_DEVICE N value(const Vec<N, 1>& x) const {
    const N q = x[0] * x[0];
    return q * fma(q, N(real_of<N>(0.25)), N(real_of<N>(0.5)));
  }

  Facts facts() const {
    Facts facts;
    facts.minima = {{point({0}), 0, {}}};
    facts.superquadratic = true;
    facts.landmarks = {{0}};
    return facts;
  }
};

}  // namespace kramers::landscapes
