#include "analysis/verdict/watched.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kramers::analysis {
namespace {

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

}  // namespace

std::vector<Watched> watched_in(const sde::RunStatistics& statistics, const std::vector<sde::DensityGrid>& grids,
                                const std::vector<std::optional<std::vector<double>>>& predicted,
                                const SamplingFacts& facts) {
  return Watching(statistics, facts).all(grids, predicted);
}

}  // namespace kramers::analysis
