#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment/until.hpp"
#include "landscapes/model/parameters.hpp"
#include "sde/ensemble.hpp"
#include "sde/schedule.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

using landscapes::ParameterValue;

enum class Precision { double_precision, single_precision };

/// Steps that a run, or what is counted in its steps, may have at most.
inline constexpr double longest_run = 1e15;

using sde::Start;

/// How a number of [dynamics] changes in the course of the run. Its clock counts steps, or examples seen before the
/// step: dataset_size of them are an epoch.
struct GivenSchedule {
  sde::Schedule schedule;
  bool in_epochs;
  std::string text;  // as given, TOML
};

/// One experiment without its sweep. Of the dynamics, either {learning_rate, batch_size, sigma} is set, perhaps with
/// time_step (default: the learning rate), or {temperature, time_step}; kinetic schemes need the latter and friction,
/// or the former, without a time_step, and momentum.
struct Experiment {
  std::string title;
  std::uint64_t seed = 1;

  struct {
    std::string name;
    landscapes::Parameters parameters;  // only those given
  } landscape;

  struct {
    std::string scheme = "euler-maruyama";
    std::optional<double> learning_rate, batch_size;
    struct {
      std::string kind = "isotropic";
      landscapes::Parameters parameters;
    } noise;
    std::optional<double> sigma;  // of isotropic noise, or the effective one of others: see set_sigma
    double calculus = 0;          // sde::SchemeParameters::calculus
    std::optional<double> temperature, time_step;
    std::optional<double> friction, momentum;  // of kinetic schemes, one or the other
    /// Of what changes, the numbers above are those of the first step.
    std::optional<GivenSchedule> learning_rate_schedule, batch_size_schedule, temperature_schedule;
    std::optional<std::uint64_t> dataset_size;  // examples
  } dynamics;

  struct {
    std::uint64_t trajectories = 8192;
    std::uint64_t burn_in = 0, steps = 0, sample_every = 1;  // steps; times are converted by the reader
    std::string length_key = "steps";                        // by which `steps` are given: also "time", "epochs"
    std::optional<Until> until;                              // what decides `steps`, where the user does not
    std::optional<Start> start;  // default: the minima of the landscape; the reader always sets it
    Precision precision = Precision::double_precision;
    double guard_radius = 1e6;
    std::string device = "auto";  // cpu | cuda | auto; says where, not what: it stands in no results file
  } ensemble;

  struct {
    std::vector<sde::DensityGrid> density;
    std::uint64_t path_count = 0, path_every = 1;
    struct {
      std::string of;       // the key whose schedule has them; empty: none are told apart
      int bins = 4;         // of each part of it that is not constant
      bool at_end = false;  // only the last sample of each counts
    } phases;
    std::vector<sde::PassageEvent> events;
    sde::Requests requests;
    bool basins_by_flow = false;  // even where the landscape states basins
  } record;

  struct {
    double every_seconds = 300;
    bool keep = false;  // the final state, beside the results file
  } checkpoint;         // like `device` it changes no number, and stands in no results file

  struct {
    std::string prediction = "boltzmann-gibbs";  // a law of the list that is whole, or "none"
    double tolerance = 0.01;
    double alpha = 0.05;
    std::vector<int> step_multiples;  // of the time step, for its bias: none, 2, or 2 and 4
  } compare;
};

/// Of what [record] asks for, densities alone are left; basins and moments every run has.
void record_densities_alone(Experiment& experiment);

}  // namespace kramers::analysis
