#pragma once

#include <string>
#include <vector>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"

namespace kramers::analysis {

using Names = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

/// theta_0, theta_1, ...
Names theta_names(int dim);

/// 0, 1, ..., size - 1
Integers count_up(std::size_t size);

/// One value a run, with what describes it.
struct Coordinate {
  std::string name;
  Values values;
  Attributes attributes;
};

/// What tells the runs apart: the temperature, and what was swept.
std::vector<Coordinate> coordinates_of_runs(const Results& results);

/// A group whose first dimension is `run`, with what tells the runs apart as coordinates.
class RunGroup {
 public:
  RunGroup(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates, std::string path,
           const std::string& long_name);

  void dimension(const std::string& name, const Values& values, const std::string& long_name,
                 Attributes attributes = {});
  void variable(const std::string& name, const Names& dimensions, const Values& values, const std::string& long_name,
                Storage storage = Storage::plain, Attributes attributes = {});
  /// Names, or other values, of what lies along dimensions: a coordinate of every variable after it that has them all.
  void coordinate(const std::string& name, const Names& dimensions, const Values& values, const std::string& long_name);
  bool has(const std::string& name) const { return file_.has(path_ + "/" + name); }
  /// `object`: a variable of the group, or "" for the group itself.
  void attribute(const std::string& object, const std::string& name, const Attribute& value);

 private:
  Hdf5Writer& file_;
  std::string path_, auxiliary_;
  std::vector<std::pair<Names, std::string>> more_;  // coordinates, by their dimensions
};

}  // namespace kramers::analysis
