#include "analysis/statistics/table.hpp"

#include <algorithm>

namespace kramers::analysis {
namespace {

template <class T>
const T* named(const std::vector<T>& list, const std::string& name) {
  const auto found = std::ranges::find(list, name, &T::name);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const sde::TallyAxis* Table::axis(const std::string& name) const { return named(axes, name); }
const TableField* Table::field(const std::string& name) const { return named(fields, name); }
Estimate Table::estimate(const std::string& name, std::size_t i) const {
  return {field(name)->values.at(i), field(name + "_error")->values.at(i)};
}

TableFields& TableFields::add(const std::string& name, const std::string& meaning, std::vector<double> values) {
  fields_.push_back({name, meaning, axes_, std::move(values)});
  return *this;
}

TableFields& TableFields::add(const std::string& name, const std::string& meaning,
                              const std::vector<Estimate>& estimates, const std::string& what) {
  std::vector<double> values, errors;
  for (const Estimate& estimate : estimates) {
    values.push_back(estimate.value);
    errors.push_back(estimate.error);
  }
  add(name, meaning, std::move(values));
  return add(name + "_error", "standard error of " + (what.empty() ? "the " + meaning : what), std::move(errors));
}

}  // namespace kramers::analysis
