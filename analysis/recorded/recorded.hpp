#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analysis/document/section.hpp"
#include "analysis/experiment/draft.hpp"
#include "analysis/statistics/table.hpp"
#include "sde/request.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A thing that is recorded beside densities, moments, paths, phases and events.
struct Recorded {
  std::string name;                // of its table, and of the key of [record] that asks for it
  bool has_key = true;             // false: something else asks for it
  bool needs_one_length = false;   // its entries follow from the steps of a run, which a sweep must not change
  bool rests_on_variance = false;  // in whole, whatever it is of: see missing_moments.hpp

  /// What is asked for, or null; says what is wrong. Null: nothing ever is.
  std::shared_ptr<const sde::Request> (*read)(Section& record, const Draft& draft) = nullptr;
  /// The value of its key as TOML; "" where it was not asked for. Null where there is no key.
  std::string (*text)(const Experiment& experiment) = nullptr;
  /// What was found, if it was recorded.
  std::optional<Table> (*table)(const Experiment& experiment, const sde::RunStatistics& statistics) = nullptr;
  /// For people, of a run with that label. Null: it is found in the results file alone.
  std::string (*lines)(const Table& table, const std::string& label) = nullptr;
};

}  // namespace kramers::analysis
