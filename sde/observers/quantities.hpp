#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sde/observers/observer.hpp"
#include "sde/quantity.hpp"
#include "sde/tally.hpp"

namespace kramers::sde {

inline TallyAxis quantity_axis(const std::vector<Quantity>& quantities) {
  std::vector<std::string> names;
  for (const Quantity& quantity : quantities) names.push_back(quantity.name());
  return {"quantity", "what was observed", names};
}

/// Quantities of a sampled block.
template <Real R>
class Quantities {
 public:
  Quantities(const BlockLandscape<R>& landscape, std::vector<Quantity> list)
      : landscape_(landscape),
        list_(std::move(list)),
        basins_(std::ranges::any_of(list_, [](const Quantity& q) { return q.kind == Quantity::Kind::basin; })) {}

  int count() const { return int(list_.size()); }

  /// f(q, row of lanes) for each quantity of the list.
  template <class F>
  void each(const Sample<R>& sample, F f) const {
    std::int32_t minimum[block_lanes];
    if (basins_) landscape_.basins()->of(sample.theta, minimum);
    alignas(64) double row[block_lanes];
    for (int q = 0; q < count(); ++q) {
      const auto [kind, index] = list_[q];
      const R* from = kind == Quantity::Kind::loss ? sample.loss : sample.theta + index * block_lanes;
      if (kind == Quantity::Kind::basin)
        for (int lane = 0; lane < block_lanes; ++lane) row[lane] = minimum[lane] == index ? 1 : 0;
      else
        for (int lane = 0; lane < block_lanes; ++lane) row[lane] = double(from[lane]);
      f(q, static_cast<const double*>(row));
    }
  }

 private:
  const BlockLandscape<R>& landscape_;
  std::vector<Quantity> list_;
  bool basins_;
};

}  // namespace kramers::sde
