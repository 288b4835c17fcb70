#pragma once

#include <string>
#include <vector>

namespace kramers::apps {

/// The straight line that takes [low, high] of a quantity to [from, to] on paper.
struct Scale {
  double low, high, from, to;
  double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

/// Round numbers on an axis: the multiples of 1, 2 or 5 times a power of ten that lie in [low, high].
struct Ticks {
  std::vector<double> at;
  std::vector<std::string> labels;  // of at / 10^exponent, all with the same decimals
  int exponent = 0;                 // not 0 where plain labels would be long (below 0.01 or from 10^5 on)
};

/// At most `most` (>= 2) ticks, as many as that allows. Needs low < high.
Ticks ticks(double low, double high, int most);

}  // namespace kramers::apps
