#include "analysis/experiment_file/step_bias_key.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

/// The multiples of the step that are asked for; nullopt: it is something else.
std::optional<std::vector<int>> multiples_in(const Node& node) {
  if (const auto* asked = node.as<bool>()) return *asked ? std::vector{2} : std::vector<int>{};
  const auto numbers = numbers_in(node);
  if (numbers == std::vector<double>{2}) return std::vector{2};
  if (numbers == std::vector<double>{2, 4}) return std::vector{2, 4};
  return {};
}

sde::SchemeParameters with_step(sde::SchemeParameters parameters, double time_step) {
  parameters.time_step = time_step;
  return parameters;
}

/// The step from which the curvature makes the scheme diverge.
double largest_step(const sde::SchemeFacts& scheme, const sde::SchemeParameters& parameters, double curvature) {
  double stable = parameters.time_step, unstable = 8 * stable;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (stable + unstable) / 2;
    (curvature < scheme.unstable_from(with_step(parameters, middle)) ? stable : unstable) = middle;
  }
  return stable;
}

std::string instability(const Draft& draft, const sde::SchemeFacts& scheme, int multiple) {
  const Derived derived = derive(draft.experiment, *draft.landscape);
  if (!derived.lambda_max || derived.is_unstable()) return "";  // the run itself is, and is warned of
  const sde::SchemeParameters parameters = scheme_parameters(draft.experiment);
  const double h = parameters.time_step, curvature = *derived.lambda_max;
  if (curvature < scheme.unstable_from(with_step(parameters, multiple * h))) return "";
  const double limit = largest_step(scheme, parameters, curvature);
  return fmt::format(
      "a time step whose {0} h is below {1:.6g}, where {2} becomes unstable at lambda_max = {3:.4g}: here h = {4:.6g} "
      "and {0} h = {5:.6g}",
      multiple, limit, scheme.name, curvature, h, multiple * h);
}

/// What would be allowed, where it cannot be done; "": it can.
std::string obstacle(const Draft& draft, int multiple) {
  const Experiment& e = draft.experiment;
  const sde::SchemeFacts* scheme = sde::find_scheme(e.dynamics.scheme);
  if (!scheme || !draft.landscape || !dynamics_are_whole(e)) return "";  // which is told of
  if (scheme->invariant_order == sde::unbounded_order)
    return fmt::format("false beside the scheme {}, whose stationary law has no bias of the time step", scheme->name);
  if (scheme->parameter == "momentum")
    return fmt::format(
        "false beside the scheme {}, whose time step is the root of the learning rate: at {} h it would be SGD with "
        "another friction",
        scheme->name, multiple);
  if (draft.noise && !is_valid(sde::ValidNoise::gaussian, draft.noise->structure()))
    return fmt::format("false under {} noise, of which long steps cannot be made from short ones; noise allowed: {}",
                       e.dynamics.noise.kind, words_of(sde::ValidNoise::gaussian));
  if (draft.noise && depends_on_theta(draft.noise->structure()) && scheme->invariant_order > 1)
    return fmt::format(
        "false under noise that depends on theta beside the scheme {}, whose order {} is that under "
        "additive noise alone",
        scheme->name, scheme->invariant_order);
  if (course_of(e)) return "false under a schedule, which has no stationary law";
  if (e.ensemble.trajectories < fewest_replicates)
    return fmt::format("false, or {} trajectories or more", fewest_replicates);
  if (e.ensemble.burn_in % multiple != 0 || e.ensemble.sample_every % multiple != 0)
    return fmt::format(
        "false, or burn_in and sample_every that are multiples of {} steps, for samples at the same times; here they "
        "are {} and {}",
        multiple, e.ensemble.burn_in, e.ensemble.sample_every);
  return instability(draft, *scheme, multiple);
}

}  // namespace

void read_step_bias(Section& compare, Draft& draft) {
  const Node* node = compare.find("step_bias");
  if (!node) return;
  const auto multiples = multiples_in(*node);
  if (!multiples) {
    compare.refuse("step_bias", "true, which is [2]: also at 2 h; or [2, 4]: at 2 h and at 4 h; or false");
    return;
  }
  if (multiples->empty()) return;
  if (const std::string allowed = obstacle(draft, multiples->back()); !allowed.empty())
    compare.refuse("step_bias", allowed);
  draft.experiment.compare.step_multiples = *multiples;
}

std::string step_bias_text(const Experiment& experiment) {
  const std::vector<int>& multiples = experiment.compare.step_multiples;
  return multiples.empty() ? "" : fmt::format("[{}]", fmt::join(multiples, ", "));
}

}  // namespace kramers::analysis
