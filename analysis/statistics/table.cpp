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

}  // namespace kramers::analysis
