#include "analysis/study/landmarks.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/prediction/laplace.hpp"
#include "landscapes/catalogue.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

constexpr std::size_t most_hessian_entries = 65536;

void add_minima(const landscapes::Landscape& landscape, RunResults::Landmarks& known) {
  const auto& minima = landscape.minima();
  const auto dim = std::size_t(landscape.dim());
  for (const landscapes::Minimum& minimum : minima) {
    known.position.insert(known.position.end(), minimum.at.begin(), minimum.at.end());
    known.loss.push_back(minimum.loss);
    if (minima.size() * dim * dim > most_hessian_entries) continue;
    const Eigen::MatrixXd hessian = landscape.hessian(minimum.at);  // symmetric: its order is either
    known.hessian.insert(known.hessian.end(), hessian.data(), hessian.data() + hessian.size());
  }
  const auto log_roots = log_root_determinants(landscape);
  if (!log_roots || log_roots->empty()) return;
  for (double log_root : *log_roots) known.hessian_determinant.push_back(std::exp(2 * log_root));
  known.widest = std::ranges::min_element(*log_roots) - log_roots->begin();
}

void add_draws(const Experiment& experiment, RunResults::Landmarks& known) {
  const auto& ensemble = experiment.ensemble;
  if (experiment.record.path_count == 0) return;
  const auto course = course_of(experiment);
  const double h = course ? 0 : time_step(experiment);
  double t = 0;  // at step `reached`: the sum of the time steps
  std::uint64_t reached = 0;
  for (std::uint64_t after = experiment.record.path_every; after <= ensemble.steps;
       after += experiment.record.path_every) {
    const std::uint64_t step = ensemble.burn_in + after;
    while (course && reached < step) {
      const auto stage = course->stage(reached);
      const std::uint64_t end = std::min(stage.end, step);
      t += double(end - reached) * stage.parameters.time_step;
      reached = end;
    }
    known.draw_step.push_back(std::int64_t(step));
    known.draw_time.push_back(course ? t : double(step) * h);
  }
}

}  // namespace

RunResults::Landmarks landmarks_of(const StudiedRun& studied) {
  RunResults::Landmarks known;
  if (studied.statistics.basins.cells > 0) add_minima(*studied.landscape, known);
  const sde::Start& start = *studied.run.experiment.ensemble.start;
  if (start.kind == sde::Start::Kind::points && int(start.at.size()) == studied.statistics.groups)
    for (const std::vector<double>& point : start.at) known.start.insert(known.start.end(), point.begin(), point.end());
  add_draws(studied.run.experiment, known);
  return known;
}

std::string references_of(const StudiedRun& studied) {
  const Experiment& experiment = studied.run.experiment;
  std::string all;
  std::set<std::string> told;
  for (const std::string& source : {std::string(landscapes::find(experiment.landscape.name).source),
                                    std::string(sde::find_scheme(experiment.dynamics.scheme)->source),
                                    std::string(landscapes::find_noise(experiment.dynamics.noise.kind).source)})
    if (told.insert(source).second) all += (all.empty() ? "" : "\n") + source;
  return all;
}

}  // namespace kramers::analysis
