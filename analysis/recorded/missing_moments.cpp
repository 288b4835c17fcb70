#include "analysis/recorded/missing_moments.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::analysis {
namespace {

/// Of one field, the values over a quantity that is no basin; over anything else, all.
void forget(const Table& table, TableField& field, const ExistingMoments& moments) {
  const auto axis = std::ranges::find(field.axes, "quantity");
  std::size_t stride = 1;
  if (axis != field.axes.end())
    for (auto after = axis + 1; after != field.axes.end(); ++after) stride *= table.axis(*after)->at.size();
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    if (axis != field.axes.end()) {
      const std::vector<std::string>& quantities = table.axis("quantity")->words;
      const std::string& quantity = quantities[i / stride % quantities.size()];
      if (quantity.starts_with("basin")) continue;
      if (field.name == "mean" && quantity != "loss" && moments.mean) continue;
    }
    field.values[i] = std::nan("");
  }
}

}  // namespace

void forget_missing_moments(Table& table, const ExistingMoments& moments, bool in_whole) {
  if (moments.variance || !(in_whole || table.axis("quantity"))) return;
  for (TableField& field : table.fields) forget(table, field, moments);
}

}  // namespace kramers::analysis
