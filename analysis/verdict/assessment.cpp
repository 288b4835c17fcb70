#include "analysis/verdict/assessment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/gibbs_correlations.hpp"
#include "analysis/recorded/list.hpp"
#include "analysis/statistics/distances.hpp"
#include "analysis/verdict/temperature.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/schemes/list.hpp"
#include "sde/start.hpp"

namespace kramers::analysis {
namespace {

constexpr double correlation_tolerance = 0.03;
constexpr double mean_tolerance = 0.01;  // of T a coordinate: how far measured temperature and mean loss may be off

using Cells = std::optional<std::vector<double>>;

int basin_at(const landscapes::Landscape& landscape, const std::vector<double>& point) {
  return landscape.basins()
             ? basin_of(*landscape.basins(), Eigen::Map<const Eigen::VectorXd>(point.data(), point.size()))
             : -1;
}

Cells predicted_cells(const Theory& theory, std::size_t k) {
  return theory.prediction ? theory.prediction->densities[k] : std::nullopt;
}

std::string axes_of(const sde::DensityGrid& grid) {
  std::vector<std::string> names;
  for (int axis : grid.axes) names.push_back(fmt::format("theta_{}", axis));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The law of Gibbs at T and at 1.2 T, over the bins and what lies outside of them, and over the whole line: how much
/// of their total variation the bins show. Over one axis.
std::optional<double> resolved_share(const landscapes::Landscape& landscape, double temperature,
                                     const sde::DensityGrid& grid) {
  if (grid.axes.size() != 1) return std::nullopt;
  constexpr double hotter = 1.2;
  const auto line = gibbs_line(landscape, grid.axes[0], temperature);
  const auto hot = gibbs_line(landscape, grid.axes[0], hotter * temperature);
  if (!line || !hot) return std::nullopt;
  const auto cells = [&](const LineDensity& density, const sde::DensityGrid& of) {
    return collect(line_masses(density, grid_edges(of, 0)), of);
  };
  constexpr double negligible = 30;  // exp(-30) of the highest density
  sde::DensityGrid fine = grid;
  fine.range[0] = line_support(*hot, negligible);
  fine.bins[0] = std::max(1024, 2 * grid.bins[0]);
  const double seen = total_variation(cells(*line, grid), cells(*hot, grid));
  const double all = total_variation(cells(*line, fine), cells(*hot, fine));
  return all > 0 ? std::optional(std::min(1.0, seen / all)) : std::nullopt;
}

JudgeSettings settings(const Experiment& experiment, const sde::RunStatistics& statistics, int comparisons) {
  JudgeSettings s;
  s.tolerance = experiment.compare.tolerance;
  s.alpha = experiment.compare.alpha;
  s.comparisons = comparisons;
  s.looks = int(statistics.looks);
  s.trajectories = statistics.trajectories;
  s.diverged = statistics.diverged;
  return s;
}

JudgeSettings density_settings(JudgeSettings s, const sde::DensityGrid& grid, int k,
                               const landscapes::Landscape& landscape, const Theory& theory) {
  if (theory.integrator && theory.integrator->densities[k]) s.integrator_law = *theory.integrator->densities[k];
  const double temperature = theory.derived.effective_temperature;
  s.resolved_share = resolved_share(landscape, temperature, grid);
  s.over_bins = true;
  if (theory.derived.lambda_max) {
    double widest = 0;
    for (std::size_t axis = 0; axis < grid.axes.size(); ++axis)
      widest = std::max(widest, (grid.range[axis][1] - grid.range[axis][0]) / grid.bins[axis]);
    s.bins = BinFacts{temperature, *theory.derived.lambda_max, widest};
  }
  return s;
}

/// "the range holds only 0.0001 of the predicted probability"
void warn_of_range(Verdict& v, const sde::DensityGrid& grid, const std::vector<double>& law) {
  double inside = 0;
  for (int k = 0; k < grid.bin_count(); ++k) inside += law[k];
  if (1 - inside > v.tolerance)
    v.warnings.push_back(fmt::format("the range holds {:.2g} of the predicted probability", inside));
}

/// The mean loss to be expected of the samples: the integrator's own, or as predicted where the scheme errs in second
/// order.
std::optional<double> expected_loss(const Experiment& experiment, const Theory& theory) {
  if (theory.integrator && theory.integrator->loss) return theory.integrator->loss;
  const bool accurate = sde::find_scheme(experiment.dynamics.scheme)->invariant_order >= 2;
  return theory.prediction && accurate ? theory.prediction->loss : std::nullopt;
}

/// Does Gibbs' law, where it was asked for, say what they are?
bool predicts_correlations(const landscapes::Landscape& landscape, const Theory& theory) {
  return theory.prediction && theory.prediction->name == "boltzmann-gibbs" && landscape.dim() >= 2 &&
         landscape.dim() <= sde::largest_full_covariance && has_gibbs_correlations(landscape);
}

void judge_correlations(const landscapes::Landscape& landscape, const Theory& theory,
                        const sde::RunStatistics& statistics, JudgeSettings s, Assessment& a) {
  if (!predicts_correlations(landscape, theory)) return;
  const Eigen::MatrixXd predicted = gibbs_correlations(landscape, theory.derived.effective_temperature).value();
  std::vector<PairOfCoordinates> pairs;
  for (int i = 0; i < statistics.dim; ++i)
    for (int j = i + 1; j < statistics.dim; ++j)
      pairs.push_back({i, j, correlation(statistics, i, j), predicted(i, j)});
  s.tolerance = correlation_tolerance;
  Verdict v = judge_correlations(pairs, *a.stationarity, s, statistics.replicates);
  // Products are not counted by part of time: what the start may leave in them cannot be extrapolated away, and says
  // nothing of the run where all else is judged.
  if (!a.stationarity->known() || v.decision != Decision::not_stationary) a.correlation_verdict = std::move(v);
}

bool has_one_temperature(const Theory& theory) {
  const sde::NoiseStructure noise = theory.derived.noise;
  return !depends_on_theta(noise) && noise != sde::NoiseStructure::heavy_tailed;
}

void judge_temperature(const Experiment& experiment, const Theory& theory, const sde::RunStatistics& statistics,
                       JudgeSettings s, Assessment& a) {
  if (!has_one_temperature(theory)) {
    a.temperature.why_not = "this noise has no one temperature to be compared with";
    return;
  }
  const auto* scheme = sde::find_scheme(experiment.dynamics.scheme);
  const double temperature = theory.derived.effective_temperature;
  s.tolerance = mean_tolerance * temperature;
  Verdict v = judge_mean(windowed_mean(statistics, WindowedMean::temperature), a.temperature.measured,
                         {"temperature", "was set", temperature, temperature}, *a.stationarity, s);
  if (v.decision == Decision::disagrees && !scheme->exact_temperature) {
    v.decision = Decision::not_enough_data;
    v.reason += fmt::format(", but the estimate by {} is itself off by O(h^2)", scheme->name);
  }
  a.temperature.verdict = std::move(v);
}

}  // namespace

std::vector<const Verdict*> Assessment::comparisons() const {
  std::vector<const Verdict*> all;
  const auto add = [&](const std::optional<Verdict>& verdict) {
    if (verdict) all.push_back(&*verdict);
  };
  for (const Density& density : densities) add(density.verdict);
  add(basin_verdict);
  add(temperature.verdict);
  add(loss_verdict);
  add(correlation_verdict);
  return all;
}

std::vector<double> origin_of(const landscapes::Landscape& landscape, const sde::Start& start) {
  std::vector<std::vector<double>> points = start.at;
  if (start.kind == sde::Start::Kind::gaussian) points = {start.mean};
  if (start.kind == sde::Start::Kind::uniform) points = {start.low, start.high};
  if (!landscape.minima().empty()) {
    points.clear();
    for (const landscapes::Minimum& minimum : landscape.minima())
      points.emplace_back(minimum.at.begin(), minimum.at.end());
  }
  std::vector<double> mean(landscape.dim());
  for (const std::vector<double>& point : points)
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += point[i] / double(points.size());
  return mean;
}

std::vector<int> start_groups(const Experiment& experiment, const landscapes::Landscape& landscape) {
  constexpr std::size_t most_groups = 8;
  const sde::Start& start = *experiment.ensemble.start;
  if (start.kind != sde::Start::Kind::points || start.at.size() <= most_groups) return {};
  std::vector<int> basins, groups;
  for (const std::vector<double>& point : start.at) {
    const int basin = basin_at(landscape, point);
    const auto known = std::ranges::find(basins, basin);
    groups.push_back(int(known - basins.begin()));
    if (known == basins.end()) basins.push_back(basin);
  }
  return groups;
}

SamplingFacts sampling_facts(const Experiment& experiment, const landscapes::Landscape& landscape,
                             const Theory& theory) {
  const sde::Start& start = *experiment.ensemble.start;
  SamplingFacts facts{.trajectories = experiment.ensemble.trajectories,
                      .burn_in_time = theory.derived.burn_in_time,
                      .sampled_time = theory.derived.sampled_time,
                      .origin = origin_of(landscape, start),
                      .minima = int(landscape.minima().size())};
  const std::vector<int> groups = start_groups(experiment, landscape);
  if (start.kind == sde::Start::Kind::points)
    for (std::size_t i = 0; i < start.at.size(); ++i) {
      const std::vector<double>& at = start.at[i];
      facts.starts.push_back({at, groups.empty() ? int(i) : groups[i],
                              landscape.value(Eigen::Map<const Eigen::VectorXd>(at.data(), at.size())),
                              basin_at(landscape, at)});
    }
  if (start.kind == sde::Start::Kind::gaussian) {
    facts.start_mean = start.mean;
    facts.start_deviation = start.deviation;
  }
  if (start.kind == sde::Start::Kind::uniform)
    for (std::size_t i = 0; i < start.low.size(); ++i) {
      facts.start_mean.push_back((start.low[i] + start.high[i]) / 2);
      facts.start_deviation.push_back((start.high[i] - start.low[i]) / 2);
    }
  if (theory.relaxation && theory.relaxation->is_exact()) {
    facts.exact_time = theory.relaxation->time;
    facts.slowest = "theory";
  } else {
    facts.least_time = theory.relaxation_floor;
  }
  return facts;
}

/// Of points the highest loss, of what is drawn the mean.
double loss_at_start(const Experiment& experiment, const landscapes::Landscape& landscape, const SamplingFacts& facts) {
  if (!facts.starts.empty()) return std::ranges::max(facts.starts, {}, &StartPoint::loss).loss;
  constexpr int blocks = 16;
  const int dim = landscape.dim();
  const sde::InitialStates initial(*experiment.ensemble.start, experiment.seed, 0, dim, 0);
  sde::AlignedVector<double> theta(std::size_t(dim) * sde::block_lanes);
  double sum = 0;
  for (int block = 0; block < blocks; ++block) {
    initial.fill_block<double>(std::uint64_t(block) * sde::block_lanes, theta.data(), nullptr);
    const Eigen::Map<const Eigen::MatrixXd> lanes(theta.data(), sde::block_lanes, dim);
    for (int lane = 0; lane < sde::block_lanes; ++lane) sum += landscape.value(lanes.row(lane).transpose());
  }
  return sum / (blocks * sde::block_lanes);
}

/// The most that the mean loss may be off while all trajectories are where they started, or further down.
double loss_of_start(const Experiment& experiment, const landscapes::Landscape& landscape, const SamplingFacts& facts,
                     double expected) {
  const double start = loss_at_start(experiment, landscape, facts);
  double lowest = start;
  for (const landscapes::Minimum& minimum : landscape.minima()) lowest = std::min(lowest, minimum.loss);
  return std::max({0.0, start - expected, expected - lowest});
}

int comparisons_of(const Experiment& experiment, const Theory& theory, const landscapes::Landscape& landscape) {
  int count = has_one_temperature(theory) + (theory.prediction && expected_loss(experiment, theory));
  for (std::size_t k = 0; k < experiment.record.density.size(); ++k) count += predicted_cells(theory, k).has_value();
  count += predicts_correlations(landscape, theory);
  return std::max(1, count + (theory.prediction && theory.prediction->basins && landscape.minima().size() > 1));
}

Assessment assess(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                  const sde::RunStatistics& statistics, int comparisons) {
  Assessment a;
  for (const sde::Counts& density : statistics.densities)
    a.densities.push_back({cell_probabilities(density, statistics.expected), {}});
  if (statistics.basins.cells > 0) {
    a.basins = cell_probabilities(statistics.basins, statistics.expected);
    a.basins.pop_back();  // "no basin"
  }
  for (const sde::PassageCounts& counts : statistics.passages)
    a.passages.push_back(passage_estimates(counts, theory.derived.time_step, experiment.compare.alpha));
  const ExistingMoments existing = existing_moments(experiment);
  a.moments = moments(statistics, existing);
  a.phases = phase_estimates(statistics, existing);
  a.tables = recorded_tables(experiment, statistics);
  a.step_bias = step_bias(experiment, theory, statistics);
  for (std::uint64_t changes : statistics.transitions.at) a.transitions += changes;
  if (statistics.transitions.cells > 1)
    for (Estimate& share : a.basins) share.error = basin_weight(share, a.transitions, statistics.trajectories).error;
  if (!theory.derived.is_steady()) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    a.temperature = {{unknown, unknown},
                     {},
                     "not measured under a schedule: what shows it are identities of a "
                     "stationary law"};
    return a;
  }

  // 1. is it known to be stationary?
  std::vector<Cells> predicted;
  for (std::size_t k = 0; k < statistics.densities.size(); ++k) predicted.push_back(predicted_cells(theory, k));
  const Cells weights = theory.prediction ? theory.prediction->basins : std::nullopt;
  const JudgeSettings common = settings(experiment, statistics, comparisons);
  a.temperature.measured = existing.variance ? measured_temperature(statistics) : unknown_estimate;
  const SamplingFacts facts = sampling_facts(experiment, landscape, theory);
  a.stationarity =
      stationarity(statistics, experiment.record.density, predicted, weights, facts, common.alpha_agrees());

  // 2. everything that is predicted
  for (std::size_t k = 0; k < predicted.size(); ++k) {
    if (!predicted[k]) continue;
    const sde::DensityGrid& grid = experiment.record.density[k];
    Verdict v = judge(statistics.densities[k], statistics.expected, statistics.samples, *predicted[k], *a.stationarity,
                      density_settings(common, grid, int(k), landscape, theory));
    v.what = fmt::format("density {}", k);
    v.over = axes_of(grid);
    warn_of_range(v, grid, *predicted[k]);
    a.densities[k].verdict = std::move(v);
  }
  if (weights && statistics.basins.cells > 2) {
    std::vector<double> law = *weights;
    law.push_back(0);  // "no basin"
    a.basin_verdict = judge(statistics.basins, statistics.expected, statistics.samples, law, *a.stationarity, common);
    a.basin_verdict->what = "basins";
    a.basin_verdict->over = "basins";
  }
  judge_temperature(experiment, theory, statistics, common, a);
  if (const auto loss = expected_loss(experiment, theory)) {
    JudgeSettings s = common;
    const double scale = theory.derived.effective_temperature * statistics.dim;
    s.tolerance = mean_tolerance * scale;
    a.loss_verdict =
        judge_mean(windowed_mean(statistics, WindowedMean::loss), a.moments.loss_mean,
                   {"mean loss", "is expected", *loss, scale, loss_of_start(experiment, landscape, facts, *loss)},
                   *a.stationarity, s);
  }

  judge_correlations(landscape, theory, statistics, common, a);

  // 3. the worst of all; and where nothing is predicted, too, it is said whether the start has been forgotten
  std::vector<Decision> decisions;
  for (const Verdict* v : a.comparisons()) decisions.push_back(v->decision);
  if (!a.stationarity->known() && statistics.replicates >= fewest_replicates)
    decisions.push_back(Decision::not_stationary);
  a.decision = worst(decisions);
  return a;
}

}  // namespace kramers::analysis
