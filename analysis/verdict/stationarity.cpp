#include "analysis/verdict/stationarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/verdict/time_window.hpp"
#include "analysis/verdict/watched_time.hpp"
#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {
namespace {

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

/// In standard deviations of the law, not of the samples: what these hold of the start, up to `held` of its squared
/// distance, is no part of the law.
double start_distance(const sde::RunStatistics& s, const SamplingFacts& facts, double held) {
  double largest = 1;
  for (int i = 0; i < s.dim; ++i) {
    double sum = 0, square = 0, samples = 0;
    for (int g = 0; g < s.replicates; ++g) {
      sum += s.sums[std::size_t(g) * s.quantities() + i];
      square += s.sums[std::size_t(g) * s.quantities() + s.rows().square(i)];
      samples += double(s.sample_count[g]);
    }
    const double mean = sum / samples, variance = square / samples - mean * mean;
    const auto consider = [&](double distance) {
      if (!(distance > 0)) return;
      const double of_law = variance - held * distance * distance;
      largest = std::max(largest, of_law > 0 ? distance / std::sqrt(of_law) : infinity);
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
  const std::vector<Watched> watched = watched_in(statistics, grids, predicted, facts);
  for (const Watched& w : watched)
    if (w.kind == Watched::Kind::quantity && w.variance == 0) {
      s.obstacle = fmt::format("{} never moved", w.name);
      return s;
    }

  // 1. theory, unless a number keeps more of its variance than it could
  bool trusted = facts.exact_time.has_value();
  if (trusted && std::isfinite(*facts.exact_time))
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
    if (says.kept > most_kept)
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
  if (s.source == Stationarity::Source::none) return s;

  s.take_time(std::max(slowest, facts.least_time.value_or(0)), facts, statistics.samples);
  s.start_distance = start_distance(statistics, facts, s.held);
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
