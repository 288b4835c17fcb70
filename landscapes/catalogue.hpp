#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "landscapes/model/facts.hpp"
#include "landscapes/model/landscape.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// A landscape that can be asked for by name.
struct Entry {
  std::string name, summary, formula, source;
  std::vector<ParameterDescription> parameters;
  /// Throws ParameterError: unknown key, wrong type, impossible value. Parameters not given have their defaults.
  std::function<std::unique_ptr<Landscape>(const Parameters&)> make;
  std::vector<Answer> answers;
  /// Parameters worth a test: first none, then what the landscape adds.
  std::vector<Parameters> examples;
};

/// All landscapes. Tests, commands and benchmarks iterate over this list.
const std::vector<Entry>& catalogue();

/// Throws ParameterError for an unknown name.
const Entry& find(const std::string& name);

}  // namespace kramers::landscapes
