#pragma once

#include <string>

#include "apps/process/status.hpp"

namespace kramers {

/// What went wrong, in words for standard error, and the exit status that it means.
struct Complaint {
  std::string words;
  int status;
};
/// Of the exception that is being handled.
Complaint current_complaint();

}  // namespace kramers
