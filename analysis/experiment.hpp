#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A landscape parameter as given: number, integer, list or matrix.
using ParameterValue = std::variant<double, std::int64_t, std::vector<double>, std::vector<std::vector<double>>>;

enum class Precision { double_precision, single_precision };

/// Where trajectories start.
struct Start {
  enum class Kind { points, gaussian, uniform } kind = Kind::points;
  std::vector<std::vector<double>> at;  // points: dealt out k mod at.size()
  std::vector<double> mean, deviation;  // gaussian: independent coordinates
  std::vector<double> low, high;        // uniform
};

/// One experiment as the user gives it (design: the experiment file), sweep not yet expanded.
/// Exactly one of {learning_rate, batch_size, sigma} and {temperature, time_step} is set.
struct Experiment {
  std::string title;
  std::uint64_t seed = 1;

  struct {
    std::string name;
    std::map<std::string, ParameterValue> parameters;  // only those given
  } landscape;

  struct {
    std::string scheme = "euler-maruyama";
    std::optional<double> learning_rate, batch_size, sigma;
    std::optional<double> temperature, time_step;
  } dynamics;

  struct {
    std::uint64_t trajectories = 8192;
    std::uint64_t burn_in = 0, steps = 0, sample_every = 1;  // steps; times are converted by the reader
    std::optional<Start> start;                              // default: the minima of the landscape
    Precision precision = Precision::double_precision;
    double guard_radius = 1e6;
  } ensemble;

  struct {
    std::vector<sde::DensityGrid> density;
    std::uint64_t path_count = 0, path_every = 1;
  } record;

  struct {
    std::string prediction = "boltzmann-gibbs";  // or "none"
    double tolerance = 0.01;
    double alpha = 0.05;
  } compare;
};

}  // namespace kramers::analysis
