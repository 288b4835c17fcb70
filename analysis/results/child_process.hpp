#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace kramers::analysis {

/// What a child process may take.
struct ChildLimits {
  std::uint64_t memory;  // [bytes] beyond what this process has
  unsigned seconds;      // of CPU time; ten times as many by the clock
};

/// Does something that may crash, in a copy of this process that ends with it: for libraries that trust their input.
/// Returns the words of what was thrown; "" if nothing was; and where the copy crashed or went beyond its limits, says
/// so. Nothing that it prints is seen. Where no process can be made, it is done in this one.
/// `work` may allow itself more memory by allow_memory(bytes).
std::string complaint_of_child(const ChildLimits& limits, const std::function<void()>& work);

void allow_memory(std::uint64_t more);

}  // namespace kramers::analysis
