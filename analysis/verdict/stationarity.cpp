#include "analysis/verdict/stationarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/verdict/jackknife.hpp"
#include "analysis/verdict/time_window.hpp"
#include "analysis/verdict/variation.hpp"

namespace kramers::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_kept = 0.2;  // of its variance, between trajectories: the rest moves within them

/// The root of a function that falls from positive to negative, in exp(low) .. exp(high).
template <class F>
double root(F f, double low, double high) {
  std::uintmax_t rounds = 200;
  const auto bracket = boost::math::tools::toms748_solve([&](double log) { return f(std::exp(log)); }, low, high,
                                                         boost::math::tools::eps_tolerance<double>(40), rounds);
  return std::exp((bracket.first + bracket.second) / 2);
}

double chi_squared_quantile(double degrees, double probability) {
  return quantile(boost::math::chi_squared(degrees), probability);
}

/// Replicates that have every start group; where none is missing their means, and what they tell.
struct Spread {
  std::vector<double> of_replicates;  // means
  double between_groups = 0;          // B
  double contrast_error = 0;          // e
  double variance = 0, excess = 0;    // s^2 and k4 of the means of replicates

  explicit Spread(const Watched& w) {
    const std::size_t groups = w.means.size(), replicates = w.means.front().size();
    bool complete = true;
    for (std::size_t g = 0; g < replicates; ++g) {
      double sum = 0, share = 0;
      for (std::size_t j = 0; j < groups; ++j) {
        if (std::isnan(w.means[j][g])) {
          complete = false;
          continue;
        }
        sum += w.shares[j] * w.means[j][g];
        share += w.shares[j];
      }
      if (share > 0) of_replicates.push_back(sum / share);
    }
    const double count = double(of_replicates.size());
    const double mean = std::accumulate(of_replicates.begin(), of_replicates.end(), 0.0) / count;
    double squares = 0, fourths = 0;
    for (double x : of_replicates) {
      const double square = (x - mean) * (x - mean);
      squares += square;
      fourths += square * square;
    }
    variance = squares / (count - 1);
    if (squares > 0) excess = std::max(0.0, count * fourths / (squares * squares) - 3);
    if (!complete || groups < 2) return;
    double error_squared = 0;
    for (std::size_t j = 0; j < groups; ++j) {
      double m = 0, spread = 0;
      for (std::size_t g = 0; g < replicates; ++g) m += (w.means[j][g] - of_replicates[g]) / count;
      for (std::size_t g = 0; g < replicates; ++g) {
        const double off = w.means[j][g] - of_replicates[g] - m;
        spread += off * off / (count - 1);
      }
      between_groups += w.shares[j] * m * m;
      error_squared += w.shares[j] * spread / count;
    }
    contrast_error = std::sqrt(error_squared);
  }
};

/// Standard deviation of the initial values over the start groups.
double initial_deviation(const Watched& w) {
  if (w.initial.size() != w.shares.size()) return 0;
  double mean = 0, variance = 0;
  for (std::size_t j = 0; j < w.shares.size(); ++j) mean += w.shares[j] * w.initial[j];
  for (std::size_t j = 0; j < w.shares.size(); ++j)
    variance += w.shares[j] * (w.initial[j] - mean) * (w.initial[j] - mean);
  return std::sqrt(variance);
}

bool starts_lie_in_two_basins(const SamplingFacts& facts) {
  for (const StartPoint& start : facts.starts)
    if (start.basin >= 0 && start.basin != facts.starts.front().basin && facts.starts.front().basin >= 0) return true;
  return false;
}

/// Lower bound of the share of the variance that lies between trajectories.
double certainly_kept(const Watched& w, const SamplingFacts& facts, double alpha) {
  const Spread spread(w);
  const double replicates = double(spread.of_replicates.size()), freedom = replicates - 1;
  return double(facts.trajectories) / replicates * spread.variance * freedom /
         chi_squared_quantile(freedom, 1 - alpha) / w.variance;
}

// --- what is watched ------------------------------------------------------------------------------------------------

class Watching {
 public:
  Watching(const sde::RunStatistics& s, const SamplingFacts& facts) : s_(s), facts_(facts) {
    std::vector<double> samples(s.groups);
    for (int group = 0; group < s.groups; ++group)
      for (int g = 0; g < s.replicates; ++g) samples[group] += samples_of(group, g);
    total_ = std::accumulate(samples.begin(), samples.end(), 0.0);
    for (double of_group : samples) shares_.push_back(of_group / total_);
  }

  std::vector<Watched> all(const std::vector<sde::DensityGrid>& grids,
                           const std::vector<std::optional<std::vector<double>>>& predicted) {
    const sde::SumRows rows = s_.rows();
    for (int i = 0; i < s_.dim; ++i) {
      const double origin = facts_.origin.empty() ? 0 : facts_.origin[i];
      const std::string name = fmt::format("theta_{}", i);
      const auto first = [&, i](int group, int g) { return s_.group_sum(group, g, i); };
      const auto second = [&](int group, int g) { return s_.group_sum(group, g, rows.square(i)); };
      // of (theta_i - origin)^2
      const auto centred = [&](int group, int g) {
        return second(group, g) - origin * (2 * first(group, g) - origin * samples_of(group, g));
      };
      add(name, first, second, [&](const StartPoint& p) { return p.at[i]; });
      add(
          name + "^2", centred, [&](int group, int g) { return s_.group_sum(group, g, rows.fourth_power(i)); },
          [&](const StartPoint& p) { return (p.at[i] - origin) * (p.at[i] - origin); });
    }
    add(
        "loss",
        [&](int group, int g) {
          double sum = 0;
          for (int part = 0; part < sde::time_parts; ++part) sum += s_.group_sum(group, g, rows.loss(part));
          return sum;
        },
        [&](int group, int g) { return s_.group_sum(group, g, rows.squared_loss()); },
        [](const StartPoint& p) { return p.loss; });
    basins();
    for (std::size_t k = 0; k < grids.size(); ++k) levels(s_.densities[k], grids[k], predicted[k]);
    return std::move(watched_);
  }

 private:
  double samples_of(int group, int g) const {
    double samples = 0;
    for (int part = 0; part < sde::time_parts; ++part)
      samples += double(s_.counted(group * sde::time_parts + part, g, 0));
    return samples;
  }

  /// From the sums of a number and of its square.
  template <class Sum, class Square, class Initial>
  Watched& add(const std::string& name, Sum sum, Square square, Initial initial) {
    Watched w{.name = name, .means = {}, .shares = shares_, .initial = {}};
    double mean = 0, mean_square = 0;
    for (int group = 0; group < s_.groups; ++group) {
      w.means.emplace_back();
      for (int g = 0; g < s_.replicates; ++g) {
        const double samples = samples_of(group, g);
        w.means.back().push_back(samples > 0 ? sum(group, g) / samples : std::nan(""));
        mean += sum(group, g) / total_;
        mean_square += square(group, g) / total_;
      }
    }
    w.variance = std::max(0.0, mean_square - mean * mean);
    if (!facts_.starts.empty()) {
      std::vector<double> of_group(s_.groups), count(s_.groups);
      for (const StartPoint& start : facts_.starts) {
        of_group[start.group] += initial(start);
        ++count[start.group];
      }
      for (int group = 0; group < s_.groups; ++group) w.initial.push_back(of_group[group] / count[group]);
    }
    watched_.push_back(std::move(w));
    return watched_.back();
  }

  template <class Count, class Initial>
  Watched& add_indicator(Watched::Kind kind, const std::string& name, Count count, Initial initial) {
    Watched& w = add(name, count, count, initial);
    w.kind = kind;
    for (int g = 0; g < s_.replicates; ++g) {
      double with = 0, samples = 0;
      for (int group = 0; group < s_.groups; ++group) with += count(group, g), samples += samples_of(group, g);
      w.seen_in += with > 0;
      w.unseen_in += with < samples;
    }
    return w;
  }

  /// Samples of a start group and replicate in cells that `in` takes.
  template <class In>
  static double counted(const sde::Counts& counts, int group, int g, In in) {
    double sum = 0;
    for (int part = 0; part < sde::time_parts; ++part)
      for (int cell = 0; cell < counts.cells; ++cell)
        if (in(cell)) sum += double(counts(group * sde::time_parts + part, g, cell));
    return sum;
  }

  void basins() {
    for (int i = 0; i + 1 < s_.basins.cells; ++i)
      add_indicator(
          Watched::Kind::basin, fmt::format("basin {}", i),
          [&](int group, int g) { return counted(s_.basins, group, g, [i](int cell) { return cell == i; }); },
          [i](const StartPoint& p) { return p.basin == i ? 1.0 : 0.0; })
          .basin = i;
  }

  /// {theta_axis <= edge} at the edges where the law is next to 1/128 ... 127/128. The outside of a plane is on no
  /// side.
  void levels(const sde::Counts& counts, const sde::DensityGrid& grid,
              const std::optional<std::vector<double>>& predicted) {
    const bool line = grid.axes.size() == 1;
    for (std::size_t a = 0; a < grid.axes.size(); ++a) {
      const auto bin_of = [&](int cell) {  // along this axis; -1 below, `bins` above
        if (cell >= grid.bin_count()) return line && cell == grid.bin_count() ? -1 : grid.bins[a];
        return a == 0 && !line ? cell / grid.bins[1] : line ? cell : cell % grid.bins[1];
      };
      std::vector<double> below(grid.bins[a] + 1);  // the law below each edge
      for (int cell = 0; cell < counts.cells; ++cell) {
        double mass = 0;
        if (predicted)
          mass = (*predicted)[cell];
        else
          for (int group = 0; group < counts.groups; ++group)
            for (int g = 0; g < counts.replicates; ++g) mass += double(counts(group, g, cell)) / total_;
        for (int edge = bin_of(cell) + 1; edge <= grid.bins[a]; ++edge) below[edge] += mass;
      }
      int last = -1;
      for (const double at : {1 / 128., 1 / 64., 1 / 32., 1 / 16., 1 / 8., 2 / 8., 3 / 8., 4 / 8., 5 / 8., 6 / 8.,
                              7 / 8., 15 / 16., 31 / 32., 63 / 64., 127 / 128.}) {
        const auto nearest = std::ranges::min_element(below, {}, [at](double mass) { return std::abs(mass - at); });
        const int edge = int(nearest - below.begin());
        if (edge == last || std::abs(*nearest - at) > std::min(at, 1 - at) / 2) continue;
        last = edge;
        const double position = grid.edge(int(a), edge);
        Watched& w = add_indicator(
            Watched::Kind::level, fmt::format("theta_{} <= {:.4g}", grid.axes[a], position),
            [&](int group, int g) {
              return counted(counts, group, g,
                             [&](int cell) { return (line || cell < grid.bin_count()) && bin_of(cell) < edge; });
            },
            [&](const StartPoint& p) { return p.at[grid.axes[a]] < position ? 1.0 : 0.0; });
        w.axis = grid.axes[a];
        w.below = *nearest;
      }
    }
  }

  const sde::RunStatistics& s_;
  const SamplingFacts& facts_;
  double total_ = 0;
  std::vector<double> shares_;
  std::vector<Watched> watched_;
};

// --- what too little was seen of
// --------------------------------------------------------------------------------------

/// Weight of basins that are not usable, the heaviest of all basins left out.
void unknown_basins(const std::vector<Watched>& watched, const std::vector<bool>& usable,
                    const std::optional<std::vector<double>>& predicted, Stationarity& s) {
  std::vector<std::pair<double, std::size_t>> weights;
  for (std::size_t q = 0; q < watched.size(); ++q) {
    const Watched& w = watched[q];
    if (w.kind != Watched::Kind::basin) continue;
    double sampled = 0;
    for (std::size_t j = 0; j < w.means.size(); ++j)
      for (double mean : w.means[j])
        if (!std::isnan(mean)) sampled += w.shares[j] * mean / double(w.means[j].size());
    weights.emplace_back(std::max(sampled, predicted ? (*predicted)[w.basin] : 0.0), q);
  }
  if (weights.empty()) return;
  std::ranges::sort(weights, std::greater());
  double unknown = 0;
  std::size_t worst = watched.size();
  for (std::size_t i = 1; i < weights.size(); ++i)
    if (!usable[weights[i].second] && weights[i].first > 0) {
      unknown += weights[i].first;
      if (worst == watched.size()) worst = weights[i].second;
    }
  if (unknown <= s.unknown) return;
  s.unknown = unknown;
  const Watched& w = watched[worst];
  s.why_unknown = predicted ? fmt::format("basin {}, predicted {:.2g}, ", w.basin, (*predicted)[w.basin])
                            : fmt::format("basin {} ", w.basin);
  const auto replicates = w.means.front().size();
  if (w.seen_in == 0)
    s.why_unknown += "was never visited";
  else if (w.seen_in < int(replicates))
    s.why_unknown += fmt::format("was entered by {} replicates of {}", w.seen_in, replicates);
  else
    s.why_unknown += "is not left often enough to be known";
}

/// For each tail the next level inward from the innermost that is not usable; all where that lies at 1/8 or inward.
void unknown_tails(const std::vector<Watched>& watched, const std::vector<bool>& usable, Stationarity& s) {
  for (const bool upper : {false, true}) {
    std::vector<int> axes;
    for (const Watched& w : watched)
      if (w.kind == Watched::Kind::level && std::ranges::find(axes, w.axis) == axes.end()) axes.push_back(w.axis);
    for (int axis : axes) {
      std::vector<std::pair<double, std::size_t>> tail;  // mass beyond the level, outermost first
      for (std::size_t q = 0; q < watched.size(); ++q) {
        const double beyond = upper ? 1 - watched[q].below : watched[q].below;
        if (watched[q].kind == Watched::Kind::level && watched[q].axis == axis && beyond <= 0.55)
          tail.emplace_back(beyond, q);
      }
      std::ranges::sort(tail);
      for (std::size_t i = tail.size(); i-- > 0;) {
        if (usable[tail[i].second]) continue;
        const bool deep = tail[i].first >= 0.1 || i + 1 == tail.size();
        const double unknown = deep ? 1 : tail[i + 1].first;
        if (unknown > s.unknown) {
          s.unknown = unknown;
          s.why_unknown = fmt::format("theta_{} {} {}, predicted {:.2g}, {}", axis, upper ? "beyond" : "below",
                                      watched[tail[i].second].name.substr(watched[tail[i].second].name.rfind(' ') + 1),
                                      tail[i].first, "was seen too seldom");
        }
        break;
      }
    }
  }
}

double start_distance(const sde::RunStatistics& s, const SamplingFacts& facts) {
  double largest = 1;
  for (int i = 0; i < s.dim; ++i) {
    double sum = 0, square = 0, samples = 0;
    for (int g = 0; g < s.replicates; ++g) {
      sum += s.sums[std::size_t(g) * s.quantities() + i];
      square += s.sums[std::size_t(g) * s.quantities() + s.rows().square(i)];
      samples += double(s.sample_count[g]);
    }
    const double mean = sum / samples, deviation = std::sqrt(std::max(0.0, square / samples - mean * mean));
    const auto consider = [&](double distance) {
      if (distance > 0) largest = std::max(largest, deviation > 0 ? distance / deviation : infinity);
    };
    for (const StartPoint& start : facts.starts) consider(std::abs(start.at[i] - mean));
    if (!facts.start_mean.empty()) consider(std::abs(facts.start_mean[i] - mean));
    if (!facts.start_deviation.empty()) consider(facts.start_deviation[i]);
  }
  return largest;
}

/// kappa with which pi + kappa (late - early) loses a deviation that dies out over x relaxation times of samples, of
/// which `share` are early.
double weight_of_late(double x, double share) {
  if (share <= 0 || share >= 1) return infinity;
  const double all = -std::expm1(-x) / x, early = -std::expm1(-share * x) / (share * x);
  const double late = std::exp(-share * x) * -std::expm1(-(1 - share) * x) / ((1 - share) * x);
  return early > late ? all / (early - late) : infinity;
}

}  // namespace

double variance_of_mean(double x) {
  if (x < 1e-3) return 1 - x / 3;
  return 2 / x * (1 + std::expm1(-x) / x);
}

double relaxations_from(double share) {
  if (!(share < 1)) return 0;
  if (share <= 0) return infinity;
  return root([&](double x) { return variance_of_mean(x) - share; }, std::log(1e-6), std::log(4 / share));
}

double held_share(double before, double sampled) {
  if (!std::isfinite(before) || !std::isfinite(sampled)) return 0;
  return sampled > 0 ? std::exp(-before) * -std::expm1(-sampled) / sampled : std::exp(-before);
}

WatchedTime relaxation_time(const Watched& w, const SamplingFacts& facts, double alpha) {
  WatchedTime result{.kept = 1, .time = {}};
  const Spread spread(w);
  const double replicates = double(spread.of_replicates.size());
  if (!(w.variance > 0) || replicates < 2) return result;
  const bool seen =
      w.kind == Watched::Kind::quantity || (2 * w.seen_in >= int(replicates) && 2 * w.unseen_in >= int(replicates));

  // within trajectories: how much of the variance is left in their means
  const double freedom = 2 / (2 / (replicates - 1) + spread.excess / replicates);
  const double of_trajectories = double(facts.trajectories) / replicates * spread.variance;
  result.kept = (of_trajectories * freedom / chi_squared_quantile(freedom, alpha) + spread.between_groups) / w.variance;
  if (result.kept < largest_kept && seen) result.time = facts.sampled_time / relaxations_from(result.kept);

  // the contrast of start groups: how much of their initial distance is left
  const double initial = initial_deviation(w);
  if (initial < std::sqrt(w.variance) / 2 || !(starts_lie_in_two_basins(facts) || facts.minima == 1)) return result;
  const double t = student_quantile(alpha, int(replicates) - 1);
  const double left = (std::sqrt(spread.between_groups) + t * spread.contrast_error) / initial;
  if (!(left < std::exp(-1)) || !(left > 0)) return result;
  const auto too_fast = [&](double time) {
    return left - held_share(facts.burn_in_time / time, facts.sampled_time / time);
  };
  const double longest = std::log(1e6 * (facts.burn_in_time + facts.sampled_time));
  const double time = root(too_fast, std::log(1e-9 * facts.sampled_time), longest);
  if (!result.time || time < *result.time) result = {result.kept, time, true};
  return result;
}

Stationarity stationarity(const sde::RunStatistics& statistics, const std::vector<sde::DensityGrid>& grids,
                          const std::vector<std::optional<std::vector<double>>>& predicted,
                          const std::optional<std::vector<double>>& basins, const SamplingFacts& facts, double alpha) {
  Stationarity s;
  s.relaxation_time = infinity;
  if (statistics.replicates < fewest_replicates) {
    s.obstacle =
        fmt::format("{} replicates: at least {} trajectories are needed", statistics.replicates, fewest_replicates);
    return s;
  }
  if (std::ranges::all_of(statistics.sample_count, [](std::uint64_t samples) { return samples == 0; })) {
    s.obstacle = "every trajectory diverged before its first sample";
    return s;
  }
  const std::vector<Watched> watched = Watching(statistics, facts).all(grids, predicted);

  // 1. theory, unless a number keeps more of its variance than it could
  bool trusted = facts.exact_time.has_value();
  if (trusted)
    for (const Watched& w : watched)
      if (w.variance > 0 && certainly_kept(w, facts, alpha / double(watched.size())) >
                                variance_of_mean(facts.sampled_time / (2 * *facts.exact_time))) {
        trusted = false;
        s.contradiction =
            fmt::format("the relaxation time of theory, {:.3g}, is contradicted by {}", *facts.exact_time, w.name);
        break;
      }

  // 2. what each number says, and which of them say too little
  std::vector<bool> usable(watched.size(), true);
  double slowest = 0, most_kept = 0;
  for (std::size_t q = 0; q < watched.size(); ++q) {
    const Watched& w = watched[q];
    if (trusted) {
      usable[q] = w.kind == Watched::Kind::quantity || w.seen_in > 0;
      continue;
    }
    const WatchedTime says = relaxation_time(w, facts, alpha);
    usable[q] = says.time.has_value();
    if (says.time && *says.time > slowest && s.obstacle.empty()) {
      slowest = *says.time;
      s.slowest = w.name;
      s.source = says.by_starts ? Stationarity::Source::starts : Stationarity::Source::trajectories;
    }
    if (says.time || w.kind != Watched::Kind::quantity) continue;
    if (w.variance == 0)
      s.obstacle = fmt::format("{} never moved", w.name);
    else if (says.kept > most_kept)
      s.obstacle = fmt::format("{} keeps {:.2g} of its variance within a trajectory ({:g} is allowed): sample longer",
                               w.name, std::min(1.0, says.kept), largest_kept);
    if (says.kept >= most_kept) s.slowest = w.name;
    most_kept = std::max(most_kept, says.kept);
  }
  if (!s.contradiction.empty()) s.obstacle = s.obstacle.empty() ? "" : s.contradiction + "; " + s.obstacle;
  if (trusted) {
    s.source = Stationarity::Source::theory;
    slowest = *facts.exact_time;
    s.slowest = facts.slowest;
  }
  if ((trusted && std::isinf(*facts.exact_time)) || std::isinf(facts.least_time.value_or(0)))
    s.obstacle = "nothing ever crosses between the basins, however long it runs";
  if (!s.obstacle.empty()) s.source = Stationarity::Source::none;
  unknown_basins(watched, usable, basins, s);
  unknown_tails(watched, usable, s);
  s.start_distance = start_distance(statistics, facts);
  if (s.source == Stationarity::Source::none) return s;

  s.take_time(std::max(slowest, facts.least_time.value_or(0)), facts, statistics.samples);
  return s;
}

void Stationarity::take_time(double time, const SamplingFacts& facts, std::uint64_t samples) {
  relaxation_time = time;
  relaxations_before = facts.burn_in_time / time;
  relaxations_sampled = facts.sampled_time / time;
  held = held_share(relaxations_before, relaxations_sampled);
  least_weight = time_bound(samples).share;
  late_weight = relaxations_sampled > 0 ? weight_of_late(relaxations_sampled, least_weight) : infinity;
}

std::string Stationarity::words() const {
  switch (source) {
    case Source::none:
      return "relaxation time not known";
    case Source::theory:
      return fmt::format("relaxation time {:.3g} (theory)", relaxation_time);
    case Source::trajectories:
      return fmt::format("relaxation time {:.3g} (measured within trajectories, by {})", relaxation_time, slowest);
    case Source::starts:
      break;
  }
  return fmt::format("relaxation time {:.3g} (by the contrast of starts, {})", relaxation_time, slowest);
}

}  // namespace kramers::analysis
