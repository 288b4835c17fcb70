#pragma once

#include <string>
#include <vector>

#include "analysis/statistics/estimate.hpp"
#include "sde/tally.hpp"

namespace kramers::analysis {

/// Numbers over some of a table's axes, the last fastest; NaN where not known.
struct TableField {
  std::string name, meaning;
  std::vector<std::string> axes;
  std::vector<double> values;
};

/// Fields over the same axes, made one after the other.
class TableFields {
 public:
  explicit TableFields(std::vector<std::string> axes) : axes_(std::move(axes)) {}
  TableFields& add(const std::string& name, const std::string& meaning, std::vector<double> values);
  /// Two fields, NAME and NAME_error: "standard error of " what is estimated, or of the meaning.
  TableFields& add(const std::string& name, const std::string& meaning, const std::vector<Estimate>& estimates,
                   const std::string& what = "");
  TableFields& add(const std::string& name, const std::string& meaning, double value) {
    return add(name, meaning, std::vector<double>{value});
  }
  std::vector<TableField> take() { return std::move(fields_); }

 private:
  std::vector<std::string> axes_;
  std::vector<TableField> fields_;
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
  /// Entry i of a field and of its error.
  Estimate estimate(const std::string& name, std::size_t i) const;
};

}  // namespace kramers::analysis
