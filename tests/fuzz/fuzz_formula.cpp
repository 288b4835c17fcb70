#include <array>
#include <stdexcept>

#include "landscapes/formula/formula.hpp"

using namespace kramers;

/// The dimension, and a formula; what is read can be evaluated.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::array<double, 4> x = {0.5, -2, 3, 0.25};
  try {
    const landscapes::Formula formula(std::string(data + 1, size - 1), 1 + unsigned(data[0]) % 4);
    volatile double value = formula.operator()<double>([&](int i) { return x.at(i); });
    (void)value;
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
