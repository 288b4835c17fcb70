#include "analysis/study/convergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "analysis/experiment/rates.hpp"
#include "analysis/study/run_plan.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/random/coarse_normals.hpp"
#include "sde/random/noise.hpp"
#include "sde/schemes/list.hpp"
#include "sde/start.hpp"

namespace kramers::analysis {
namespace {

using sde::block_lanes;

constexpr int observables = int(convergence_observables.size());

/// The same equation at another time step.
sde::SchemeParameters at_step(sde::SchemeParameters p, double time_step) {
  const double ratio = time_step / p.time_step;
  p.time_step = time_step;
  if (p.momentum > 0) {
    p.learning_rate = time_step * time_step;
    p.momentum = 1 - (1 - p.momentum) * ratio;
    p.temperature *= ratio;
  }
  return p;
}

/// Where the mean of each quantity stands: of each level the squared distances to the reference and to the next level,
/// then its observables; the last two levels, which are not judged, have them too.
struct Layout {
  static constexpr int per_level = 2 + observables;
  static int to_reference(int level) { return level * per_level; }
  static int to_next(int level) { return level * per_level + 1; }
  static int observable(int level, int k) { return level * per_level + 2 + k; }
};

/// One scheme at one step, along a block of paths.
class Level {
 public:
  Level(const StudiedRun& studied, double time_step)
      : landscape_(studied.landscape->block_double()),
        scheme_(scheme_of<double>(studied, at_step(scheme_parameters(studied.run.experiment), time_step))),
        theta_(landscape_.dim() * block_lanes),
        extra_(std::size_t(scheme_->extra_rows(landscape_.dim())) * block_lanes),
        scratch_(theta_.size() * scheme_->scratch_rows()) {}

  void start(const sde::InitialStates& initial, std::uint64_t first_path) {
    initial.fill_block(first_path, theta_.data(), extra_.data());
    scheme_->start(landscape_, theta_.data(), extra_.data(), scratch_.data());
  }

  void advance(int steps, const double* normals) {
    scheme_->advance(landscape_, steps, normals, theta_.data(), extra_.data(), scratch_.data());
  }

  double squared_distances(const Level& other) const {
    double sum = 0;
    for (std::size_t i = 0; i < theta_.size(); ++i)
      sum += (theta_[i] - other.theta_[i]) * (theta_[i] - other.theta_[i]);
    return sum;
  }

  /// Sums over the block.
  std::array<double, observables> sums() const {
    alignas(64) double loss[block_lanes];
    landscape_.value(theta_.data(), loss);
    std::array<double, observables> sums = {};
    for (double x : theta_) {
      sums[0] += x / landscape_.dim();
      sums[1] += x * x / landscape_.dim();
    }
    for (double l : loss) sums[2] += l;
    return sums;
  }

  const sde::SchemeFacts& facts() const { return scheme_->facts(); }
  int extra_rows() const { return scheme_->extra_rows(landscape_.dim()); }

 private:
  const sde::BlockLandscape<double>& landscape_;
  std::unique_ptr<sde::BlockScheme<double>> scheme_;
  sde::AlignedVector<double> theta_, extra_, scratch_;
};

/// Sums of all quantities by replicate, and how many paths they are of.
struct Sums {
  Eigen::MatrixXd of;
  Eigen::VectorXd paths;
};

Sums follow_paths(const StudiedRun& studied, const ConvergenceSettings& settings) {
  const Experiment& experiment = studied.run.experiment;
  const int dim = studied.landscape->dim();
  const double h = time_step(experiment);
  const int finest = settings.levels + 1;
  std::vector<Level> levels;
  for (int l = 0; l <= finest; ++l) levels.emplace_back(studied, std::ldexp(h, -l));
  const sde::SchemeFacts& facts = levels[0].facts();
  const int rows = facts.numbers_per_step(dim);
  sde::AlignedVector<double> normals(std::size_t(rows << finest) * block_lanes);
  const sde::Stream increments{experiment.seed, 0, sde::Purpose::increments};
  const sde::InitialStates initial(*experiment.ensemble.start, experiment.seed, 0, dim, levels[0].extra_rows());

  const std::uint64_t blocks = (settings.paths + block_lanes - 1) / block_lanes;
  const std::uint64_t replicates = std::min<std::uint64_t>(blocks, sde::max_replicates);
  Sums sums{Eigen::MatrixXd::Zero(Eigen::Index(replicates), Layout::per_level * (finest + 1)),
            Eigen::VectorXd::Zero(Eigen::Index(replicates))};
  for (std::uint64_t block = 0; block < blocks; ++block) {
    const std::uint64_t first_path = block * block_lanes;
    for (Level& level : levels) level.start(initial, first_path);
    for (std::uint64_t step = 0; step < settings.steps; ++step) {
      // The finest noise of one step h, and then, level by level, that of twice the step along the same path.
      sde::normals(increments, first_path, step * rows << finest, rows << finest, normals.data());
      for (int l = finest; l >= 0; --l) {
        levels[l].advance(1 << l, normals.data());
        if (l > 0) sde::coarsen<double>(facts, dim, 1 << (l - 1), normals.data(), normals.data());
      }
    }
    const auto replicate = Eigen::Index(block * replicates / blocks);
    auto into = sums.of.row(replicate);
    for (int l = 0; l <= finest; ++l) {
      into[Layout::to_reference(l)] += levels[l].squared_distances(levels[finest]);
      into[Layout::to_next(l)] += levels[l].squared_distances(levels[std::min(l + 1, finest)]);
      const auto observed = levels[l].sums();
      for (int k = 0; k < observables; ++k) into[Layout::observable(l, k)] += observed[k];
    }
    sums.paths[replicate] += block_lanes;
    if (!into.allFinite())
      throw std::runtime_error(
          fmt::format("a path among the {} from number {} does not stay finite at the steps {} to {}", block_lanes,
                      first_path, h, std::ldexp(h, -finest)));
  }
  return sums;
}

/// Of the differences between a level and the next, largest step first: how many stand out without a gap.
int resolved(const std::vector<Estimate>& differences) {
  const auto hidden = std::find_if(differences.begin(), differences.end(),
                                   [](const Estimate& d) { return !(std::abs(d.value) > 4 * d.error); });
  return int(hidden - differences.begin());
}

using Difference = std::function<double(const Eigen::VectorXd& means, int level)>;

/// Least squares of ln |difference| against ln h over levels `first` to `last`, each weighed by its relative error.
Estimate slope(const Sums& sums, const Difference& difference, const std::vector<Estimate>& known, int first,
               int last) {
  return jackknife(sums.of, sums.paths, [&](const Eigen::VectorXd& means) {
    double weight = 0, mean_level = 0, product = 0, square = 0;
    const auto w = [&](int l) { return std::pow(known[l].value / known[l].error, 2); };
    for (int l = first; l <= last; ++l) {
      weight += w(l);
      mean_level += w(l) * l;
    }
    mean_level /= weight;
    for (int l = first; l <= last; ++l) {
      product -= w(l) * (l - mean_level) * std::log2(std::abs(difference(means, l)));
      square += w(l) * (l - mean_level) * (l - mean_level);
    }
    return product / square;
  });
}

MeasuredOrder measured_order(const std::string& name, double stated, const Sums& sums, int levels,
                             const Difference& difference) {
  MeasuredOrder order{name, stated, {}, {}};
  std::vector<Estimate> known;
  for (int l = 0; l < levels; ++l)
    known.push_back(jackknife(sums.of, sums.paths, [&](const Eigen::VectorXd& means) { return difference(means, l); }));
  if (const int count = resolved(known); count >= 2) {
    order.fitted = slope(sums, difference, known, 0, count - 1);
    order.last = slope(sums, difference, known, count - 2, count - 1);
  }
  return order;
}

Decision decide(const MeasuredOrder& order) {
  const double least = order.stated - 0.2;  // for terms of higher order
  const auto is_known = [](const Estimate& e) { return e.error <= 0.1; };
  const auto reaches = [&](const Estimate& e) { return is_known(e) && e.value >= least; };
  if (!order.fitted) return Decision::not_enough_data;
  if (reaches(*order.fitted) || reaches(*order.last)) return Decision::agrees;
  return is_known(*order.last) && order.last->value + 3 * order.last->error < least ? Decision::disagrees
                                                                                    : Decision::not_enough_data;
}

/// Weak orders that are not known well enough are left aside where another is.
Decision decide(const std::vector<MeasuredOrder>& orders) {
  Decision weak = Decision::not_enough_data;
  for (std::size_t i = 1; i < orders.size(); ++i) {
    const Decision one = decide(orders[i]);
    if (one == Decision::disagrees || (one == Decision::agrees && weak != Decision::disagrees)) weak = one;
  }
  const Decision both[] = {decide(orders[0]), weak};
  return worst(both);
}

}  // namespace

Convergence measure_convergence(const StudiedRun& studied, const ConvergenceSettings& settings) {
  const Experiment& experiment = studied.run.experiment;
  const sde::NoiseStructure noise = studied.noise->structure();
  if (!is_valid(sde::ValidNoise::gaussian, noise))
    throw std::invalid_argument(fmt::format("dynamics.noise = {} is no Brownian motion; noise allowed here: {}",
                                            experiment.dynamics.noise.kind, words_of(sde::ValidNoise::gaussian)));
  const std::string& scheme = experiment.dynamics.scheme;
  if (sde::find_scheme(scheme)->strong_order == sde::unbounded_order)
    throw std::invalid_argument(fmt::format("dynamics.scheme = {} has no error of the time step to measure", scheme));
  if (sde::find_scheme(scheme)->metropolis)
    throw std::invalid_argument(
        fmt::format("dynamics.scheme = {} accepts its steps by random numbers that are in no Brownian path; allowed: "
                    "schemes without Metropolis' rule",
                    scheme));
  const Sums sums = follow_paths(studied, settings);
  const auto estimate = [&](const auto& f) { return jackknife(sums.of, sums.paths, f); };
  const int finest = settings.levels + 1;
  const double h = time_step(experiment);

  Convergence convergence{.time = double(settings.steps) * h};
  for (int l = 0; l < settings.levels; ++l) {
    ConvergenceLevel level{.time_step = std::ldexp(h, -l)};
    level.strong = estimate([&](const auto& means) { return std::sqrt(means[Layout::to_reference(l)]); });
    for (int k = 0; k < observables; ++k) {
      level.value[k] = estimate([&](const auto& means) { return means[Layout::observable(l, k)]; });
      level.weak[k] = estimate(
          [&](const auto& means) { return means[Layout::observable(l, k)] - means[Layout::observable(finest, k)]; });
    }
    convergence.levels.push_back(level);
  }

  const sde::SchemeFacts& facts = *sde::find_scheme(experiment.dynamics.scheme);
  convergence.orders.push_back(
      measured_order("strong", facts.strong_order_under(noise), sums, settings.levels,
                     [](const Eigen::VectorXd& means, int l) { return std::sqrt(means[Layout::to_next(l)]); }));
  for (int k = 0; k < observables; ++k)
    convergence.orders.push_back(measured_order(fmt::format("weak, {}", convergence_observables[k]), facts.weak_order,
                                                sums, settings.levels, [k](const Eigen::VectorXd& means, int l) {
                                                  return means[Layout::observable(l, k)] -
                                                         means[Layout::observable(l + 1, k)];
                                                }));
  convergence.decision = decide(convergence.orders);
  return convergence;
}

}  // namespace kramers::analysis
