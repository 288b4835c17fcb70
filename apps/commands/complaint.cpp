#include "apps/commands/complaint.hpp"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>

#include "analysis/experiment_file/experiment_reader.hpp"

namespace kramers {

Complaint current_complaint() {
  try {
    throw;
  } catch (const analysis::ExperimentError& error) {
    return {error.what(), status::usage};  // every line names its file
  } catch (const std::invalid_argument& error) {
    return {fmt::format("kramers: error: {}", error.what()), status::usage};
  } catch (const std::exception& error) {
    return {fmt::format("kramers: error: {}", error.what()), status::failure};
  }
}

}  // namespace kramers
