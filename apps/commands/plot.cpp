#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "analysis/experiment_file/swept_label.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/results_file.hpp"
#include "apps/commands/command.hpp"
#include "apps/commands/read_results.hpp"
#include "apps/figures/density_map.hpp"
#include "apps/figures/figure.hpp"
#include "apps/figures/svg.hpp"

namespace kramers {
namespace {

using analysis::DensityResult;

apps::Outcome outcome(analysis::StoredVerdict verdict) {
  switch (verdict) {
    case analysis::StoredVerdict::agrees:
      return apps::Outcome::agrees;
    case analysis::StoredVerdict::disagrees:
      return apps::Outcome::disagrees;
    default:
      return apps::Outcome::not_enough_data;
  }
}

std::string verdict_text(const DensityResult& density) {
  switch (density.verdict) {
    case analysis::StoredVerdict::agrees:
      return fmt::format("agrees: total variation {:.4f} [{:.4f}, {:.4f}]", density.total_variation, density.lower,
                         density.upper);
    case analysis::StoredVerdict::disagrees:
      return fmt::format("disagrees: total variation {:.4f} [{:.4f}, {:.4f}]", density.total_variation, density.lower,
                         density.upper);
    case analysis::StoredVerdict::not_enough_data:
      return "not enough data";
    case analysis::StoredVerdict::not_stationary:
      return "not known to be stationary";
    case analysis::StoredVerdict::not_judged:
      break;
  }
  return "";
}

/// The bins alone, without the cells outside.
std::vector<double> bins(const std::vector<double>& cells, const sde::DensityGrid& grid) {
  return cells.empty() ? cells : std::vector<double>(cells.begin(), cells.begin() + grid.bin_count());
}

/// What is not known is drawn as nothing: 0.
std::vector<double> known_bins(const std::vector<double>& cells, const sde::DensityGrid& grid) {
  std::vector<double> all = bins(cells, grid);
  all.resize(grid.bin_count());
  for (double& cell : all)
    if (std::isnan(cell)) cell = 0;
  return all;
}

std::vector<double> edges(const sde::DensityGrid& grid, int axis) {
  std::vector<double> all;
  for (int i = 0; i <= grid.bins[axis]; ++i) all.push_back(grid.edge(axis, i));
  return all;
}

std::string axis_label(const sde::DensityGrid& grid, int axis) { return fmt::format("theta_{}", grid.axes[axis]); }

std::string draw(const analysis::Results& results, const std::vector<int>& runs, const PlotOptions& options) {
  const sde::DensityGrid& grid = results.grids[options.density];
  const apps::Theme theme = options.dark ? apps::Theme::dark : apps::Theme::follow_reader;
  const auto label = [&](int run) {
    const auto& derived = results.runs[run].derived;
    const auto number = [&](const std::string& name) {
      const auto found = derived.find(name);
      return found == derived.end() ? analysis::not_known : found->second;
    };
    const auto number_or_range = [&](const std::string& name) {
      return derived.contains(name + "_low")
                 ? fmt::format("{:.4g} to {:.4g}", number(name + "_low"), number(name + "_high"))
                 : fmt::format("{:.4g}", number(name));
    };
    std::string text = "T = " + number_or_range("temperature");
    if (derived.contains("momentum")) text += ", T_eff = " + number_or_range("effective_temperature");
    std::vector<std::string> keys;
    for (const auto& [key, value] : results.runs[run].swept) keys.push_back(key);
    for (const auto& [key, value] : results.runs[run].swept)
      if (const double* number = std::get_if<double>(&value); number && key != "dynamics.temperature")
        text += fmt::format(", {} {:.6g}", analysis::swept_label(key, keys), *number);
    if (results.runs[run].densities[options.density].probability.empty()) text += ", no samples";
    return text;
  };

  if (grid.axes.size() == 2) {
    apps::DensityMap map;
    map.title = results.title;
    for (int axis : {0, 1}) {
      map.axis_labels[axis] = axis_label(grid, axis);
      map.edges[axis] = edges(grid, axis);
    }
    for (int run : runs) {
      const DensityResult& d = results.runs[run].densities[options.density];
      map.panels.push_back({label(run), known_bins(d.probability, grid), known_bins(d.probability_error, grid),
                            bins(d.prediction, grid), verdict_text(d), outcome(d.verdict)});
    }
    return apps::svg(map, theme);
  }

  apps::DensityFigure figure;
  figure.title = results.title;
  figure.axis_label = axis_label(grid, 0);
  figure.edges = edges(grid, 0);
  for (int run : runs) {
    const DensityResult& d = results.runs[run].densities[options.density];
    figure.panels.push_back({label(run), known_bins(d.probability, grid), known_bins(d.probability_error, grid),
                             bins(d.prediction, grid), bins(d.integrator_law, grid), verdict_text(d),
                             outcome(d.verdict)});
  }
  return apps::svg(figure, {.figure = options.figure == "residual" ? apps::FigureStyle::Figure::residual
                                                                   : apps::FigureStyle::Figure::density,
                            .theme = theme});
}

/// Our pictures give way to each other, nothing else does.
void check_replaceable(const std::string& path) {
  analysis::check_regular_or_absent(analysis::end_of_links(path));
  std::ifstream file(path);
  std::string head(apps::svg_head.size(), ' ');
  if (!file.read(head.data(), std::ssize(head)) && file.gcount() == 0) return;  // absent or empty
  if (head != apps::svg_head)
    throw std::invalid_argument(
        fmt::format("will not overwrite {}: it is no figure of kramers; allowed: --overwrite, or another -o", path));
}

}  // namespace

int plot(const PlotOptions& options) {
  if (!options.output.ends_with(".svg"))
    throw std::invalid_argument("--output " + options.output + ": a figure's name ends in .svg");
  if (!options.overwrite) check_replaceable(options.output);
  const analysis::Results results = apps::read_results(options.file);
  if (results.grids.empty()) throw std::invalid_argument(options.file + " holds no density");
  if (options.density >= int(results.grids.size()))
    throw std::invalid_argument(fmt::format("--density {}: {} holds the densities 0 to {}", options.density,
                                            options.file, results.grids.size() - 1));
  std::vector<int> runs;
  for (int run = 0; run < int(results.runs.size()); ++run)
    if (!options.run || *options.run == run) runs.push_back(run);
  if (runs.empty())
    throw std::invalid_argument(
        fmt::format("--run {}: {} holds the runs 0 to {}", *options.run, options.file, results.runs.size() - 1));
  const std::string svg = draw(results, runs, options);
  analysis::PartFile file(options.output);
  file.fill({std::as_bytes(std::span(svg))});
  file.become_target();
  fmt::print("{}\n", options.output);
  return status::done;
}

}  // namespace kramers
