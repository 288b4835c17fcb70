#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kramers::analysis {

/// A value, or the reason why there is none.
template <class Value>
struct Answer {
  std::optional<Value> value;
  std::string why_not;

  Answer(Value v) : value(std::move(v)) {}
  static Answer none(std::string reason) { return Answer(std::nullopt, std::move(reason)); }

  explicit operator bool() const { return value.has_value(); }
  const Value& operator*() const { return *value; }
  const Value* operator->() const { return &*value; }

 private:
  Answer(std::nullopt_t, std::string reason) : why_not(std::move(reason)) {}
};

/// What a law (Boltzmann-Gibbs, the integrator's own) says of one run. What is absent is not known.
struct Prediction {
  std::string name;
  bool first_order = false;  // in the time step: what it says of the bias of the step is off by O(h^2)
  /// Per density grid: absolute probability of each cell, in the numbering of sde::DensityGrid, outside included.
  std::vector<std::optional<std::vector<double>>> densities;
  std::optional<std::vector<double>> basins;               // per minimum
  std::optional<double> loss;                              // <L>
  std::optional<double> log_norm;                          // ln integral exp(-L / T)
  std::vector<std::optional<double>> mean, second_moment;  // <theta_i>, <theta_i^2>
};

}  // namespace kramers::analysis
