#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/document/document.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/experiment_file/sweep.hpp"

namespace kramers::analysis {

/// A value as TOML.
std::string toml(const std::string& text);
std::string toml(double number);
std::string toml(const std::vector<double>& numbers);
std::string toml(const std::optional<double>& number);  // "": there is none

/// Writes keys whose value is the same in all runs.
class ResolvedWriter {
 public:
  ResolvedWriter(const Node& document, const std::vector<Run>& runs, const Sweep& sweep)
      : document_(document), runs_(runs), sweep_(sweep) {}

  void table(const std::string& name);
  /// `value_of` a run's experiment, as TOML; "" is left out. Where runs differ: it, or one of `others` in its place, as
  /// it was given, if it was.
  void key(const std::string& name, const std::function<std::string(const Experiment&)>& value_of,
           const std::vector<std::string>& others = {});
  void sweep();

  const Experiment& first() const { return runs_[0].experiment; }
  bool is_swept(const std::string& full_name) const;
  std::string text() && { return std::move(out_); }

 private:
  const Node& document_;
  const std::vector<Run>& runs_;
  const Sweep& sweep_;
  std::string table_, out_;
};

}  // namespace kramers::analysis
