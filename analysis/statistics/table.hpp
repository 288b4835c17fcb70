#pragma once

#include <string>
#include <vector>

#include "sde/tally.hpp"

namespace kramers::analysis {

/// Numbers over some of a table's axes, the last fastest; NaN where not known.
struct TableField {
  std::string name, meaning;
  std::vector<std::string> axes;
  std::vector<double> values;
};

/// What was found of one thing that was asked for: a group in the results file, together with the tally of that name,
/// if there is one. An axis that both have is the same.
struct Table {
  std::string name, meaning;
  std::vector<sde::TallyAxis> axes;
  std::vector<TableField> fields;

  /// Of that name, or null.
  const sde::TallyAxis* axis(const std::string& name) const;
  const TableField* field(const std::string& name) const;
};

}  // namespace kramers::analysis
