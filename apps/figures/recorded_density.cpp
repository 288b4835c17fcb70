#include "apps/figures/recorded_density.hpp"

#include <cmath>

#include "analysis/experiment/experiment.hpp"
#include "analysis/experiment_file/swept_label.hpp"
#include "analysis/prediction/list.hpp"
#include "apps/figures/density_map.hpp"

namespace kramers::apps {
namespace {

using analysis::DensityResult, analysis::Decision, analysis::Estimate;

std::string verdict_text(const DensityResult& density) {
  const std::string decision = to_string(density.verdict);
  if (density.verdict == Decision::not_judged) return "";
  if (density.verdict != Decision::agrees && density.verdict != Decision::disagrees) return decision;
  return fmt::format("{}: total variation {:.4f} [{:.4f}, {:.4f}]", decision, density.total_variation, density.lower,
                     density.upper);
}

/// The bins alone, without the cells outside.
std::vector<double> bins(const std::vector<double>& cells, const sde::DensityGrid& grid) {
  return cells.empty() ? cells : std::vector<double>(cells.begin(), cells.begin() + grid.bin_count());
}

std::vector<double> parts(const std::vector<Estimate>& estimates, double Estimate::*part) {
  std::vector<double> all;
  for (const Estimate& estimate : estimates) all.push_back(estimate.*part);
  return all;
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

/// The title of the law that was asked for, which the resolved experiment says in a line.
std::string judged_law(const analysis::Results& results) {
  const std::string& text = results.experiment_resolved;
  for (const analysis::Law& law : analysis::laws())
    if (text.find(fmt::format("\nprediction = \"{}\"\n", law.name)) != std::string::npos) return law.title;
  return analysis::find_law(analysis::Experiment{}.compare.prediction)->title;  // of the runs that have any
}

/// What is special about a run.
std::string label(const analysis::Results& results, int run, int density) {
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
  if (results.runs[run].densities[density].probability.empty()) text += ", no samples";
  return text;
}

}  // namespace

std::string no_density(const analysis::Results& results, const FigureOptions& options) {
  if (results.grids.empty()) return results.path + " holds no density";
  if (options.density >= int(results.grids.size()))
    return fmt::format("--density {}: {} holds the densities 0 to {}", options.density, results.path,
                       results.grids.size() - 1);
  return "";
}

std::string draw_density(const analysis::Results& results, const FigureOptions& options, FigureStyle::Figure figure) {
  const sde::DensityGrid& grid = results.grids[options.density];
  if (grid.axes.size() == 2) {
    DensityMap map;
    map.title = results.title;
    for (int axis : {0, 1}) {
      map.axis_labels[axis] = axis_label(grid, axis);
      map.edges[axis] = edges(grid, axis);
    }
    for (int run : options.runs) {
      const DensityResult& d = results.runs[run].densities[options.density];
      map.panels.push_back({label(results, run, options.density),
                            known_bins(parts(d.probability, &Estimate::value), grid),
                            known_bins(parts(d.probability, &Estimate::error), grid), bins(d.prediction, grid),
                            verdict_text(d), d.verdict});
    }
    return svg(map, options.theme);
  }

  DensityFigure curves;
  curves.title = results.title;
  curves.axis_label = axis_label(grid, 0);
  curves.law = judged_law(results);
  curves.edges = edges(grid, 0);
  for (int run : options.runs) {
    const DensityResult& d = results.runs[run].densities[options.density];
    curves.panels.push_back({label(results, run, options.density),
                             known_bins(parts(d.probability, &Estimate::value), grid),
                             known_bins(parts(d.probability, &Estimate::error), grid), bins(d.prediction, grid),
                             bins(d.integrator_law, grid), verdict_text(d), d.verdict});
  }
  return svg(curves, {.figure = figure, .theme = options.theme});
}

}  // namespace kramers::apps
