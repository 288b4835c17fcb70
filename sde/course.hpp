#pragma once

#include <cstdint>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// What a scheme is told as a function of the step, and the phases by which samples are told apart. Const and thread
/// safe. Step n leads from the state after n steps to that after n + 1.
class Course {
 public:
  /// Steps that are alike, from the one that was asked for up to before `end`.
  struct Stage {
    SchemeParameters parameters;
    std::uint64_t end;
  };
  virtual ~Course() = default;
  virtual Stage stage(std::uint64_t step) const = 0;
  virtual int phases() const = 0;
  /// In which phase the state after so many steps, 1 or more, is a sample: that of the last step; -1: in none.
  virtual int phase_of_sample(std::uint64_t steps) const = 0;
};

}  // namespace kramers::sde
