#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/prediction/list.hpp"
#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

constexpr std::uint64_t most_cells = 1 << 30;  // their number is an int

std::string density_group(std::size_t k) { return "/density_" + std::to_string(k); }

std::vector<std::uint64_t> over_groups(const sde::Counts& counts) {
  std::vector<std::uint64_t> sum(std::size_t(counts.replicates) * counts.cells);
  for (std::size_t i = 0; i < counts.at.size(); ++i) sum[i % sum.size()] += counts.at[i];
  return sum;
}
std::vector<std::uint64_t> over_all(const sde::Counts& counts) {
  std::vector<std::uint64_t> sum(counts.cells);
  for (std::size_t i = 0; i < counts.at.size(); ++i) sum[i % sum.size()] += counts.at[i];
  return sum;
}

void write_density(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates,
                   std::size_t k) {
  const sde::DensityGrid& grid = results.grids[k];
  const bool line = grid.axes.size() == 1;
  const int bins = grid.bin_count(), all = grid.cell_count();
  RunGroup s(file, results, coordinates, density_group(k), "histogram of theta");
  dimensions_of_counts(s, results.runs[0].statistics);
  s.dimension("side", line ? Integers{-1, 1} : Integers{0},
              line ? "side of the range: -1 below, 1 above" : "outside of the range");
  s.dimension("bnds", Integers{0, 1}, "lower and upper edge");
  Names bin_names;
  for (std::size_t i = 0; i < grid.axes.size(); ++i) {
    const std::string axis = std::to_string(grid.axes[i]), bin = "bin_" + axis, of = " of bins of theta_" + axis;
    std::vector<double> centres, edges{grid.edge(int(i), 0)}, bounds;
    for (int b = 0; b < grid.bins[i]; ++b) {
      edges.push_back(grid.edge(int(i), b + 1));
      centres.push_back((edges[b] + edges[b + 1]) / 2);
      bounds.insert(bounds.end(), {edges[b], edges[b + 1]});
    }
    s.dimension(bin, centres, "centres" + of, {{"bounds", bin + "_bnds"}});
    s.variable(bin + "_bnds", {bin, "bnds"}, bounds, "bounds" + of);
    s.dimension("edges_" + axis, edges, "edges" + of);
    bin_names.push_back(bin);
  }
  const auto with_bins = [&](Names names) {
    names.insert(names.end(), bin_names.begin(), bin_names.end());
    return names;
  };
  const auto counts = [&](const std::string& name, Names dimensions, int first, int count, auto reduce,
                          const std::string& long_name) {
    s.variable(name, dimensions,
               gather<std::int64_t>(results,
                                    [&](const RunResults& run) {
                                      const auto rows = reduce(run.statistics.densities[k]);
                                      return layout::columns<std::uint64_t>(rows, all, first, count);
                                    }),
               long_name, Storage::compressed);
  };
  const auto as_it_is = [](const sde::Counts& c) { return c.at; };
  counts("counts", with_bins({"run"}), 0, bins, over_all, "samples in a bin");
  counts("outside", {"run", "side"}, bins, all - bins, over_all, "samples beyond the range");
  if (line) {
    counts("replicate_counts", with_bins({"run", "replicate"}), 0, bins, over_groups, "samples in a bin");
    counts("replicate_outside", {"run", "replicate", "side"}, bins, all - bins, over_groups,
           "samples beyond the range");
  }
  counts("group_counts", with_bins({"run", "group", "part", "replicate"}), 0, bins, as_it_is, "samples in a bin");
  counts("group_outside", {"run", "group", "part", "replicate", "side"}, bins, all - bins, as_it_is,
         "samples beyond the range");

  const auto cells = [&](const std::string& name, const std::string& long_name, auto of) {
    const auto values = gather_known(results, name, all, [&](const RunResults& run) {
      return k < run.densities.size() ? of(run.densities[k]) : std::vector<double>{};
    });
    if (values.empty()) return;
    s.variable(name, with_bins({"run"}), layout::columns<double>(values, all, 0, bins), long_name + " in a bin");
    s.variable("outside_" + name, {"run", "side"}, layout::columns<double>(values, all, bins, all - bins),
               long_name + " beyond the range");
  };
  for (const auto& field : layout::cells)
    for (const FieldPart& part : parts(field))
      cells(part.name, part.meaning, [&](const DensityResult& density) {
        std::vector<double> values;
        append_part(values, field, density, part.part);
        return values;
      });
  for (const Law& law : laws())
    cells(key_of(law), std::string("probability by ") + law.summary,
          [&](const DensityResult& density) { return value_or_empty(density.by, key_of(law)); });
}

/// -1: it is none.
int axis_in(const std::string& text) {
  int axis = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), axis);
  return error == std::errc() && end == text.data() + text.size() ? axis : -1;
}

void read_grids(const Hdf5Reader& file, Results& results) {
  const int dim = results.runs[0].statistics.dim;
  for (std::size_t k = 0; file.has(density_group(k)); ++k) {
    const std::string group = density_group(k);
    sde::DensityGrid grid;
    file.sizes(group + "/counts");
    const Shape counts = file.shape(group + "/counts");
    if (counts.size() < 2 || counts.size() > 3)
      throw std::runtime_error(group + "/counts is over no axis, or over more than two");
    std::uint64_t cells = 1;
    for (std::size_t i = 1; i < counts.size(); ++i) {
      const std::string axis = counts[i].name.substr(counts[i].name.rfind('_') + 1);
      grid.axes.push_back(axis_in(axis));
      cells *= std::min<std::uint64_t>(counts[i].size, std::numeric_limits<std::int32_t>::max());
      if (grid.axes.back() < 0 || grid.axes.back() >= dim || cells < 1 || cells > most_cells)
        throw std::runtime_error("the bins of " + group + " are not those of a density");
      const auto edges = file.read<double>(group + "/edges_" + axis, {counts[i].size + 1});
      grid.bins.push_back(int(counts[i].size));
      grid.range.push_back({edges.front(), edges.back()});
      if (!(edges.front() < edges.back()) || !std::isfinite(edges.back() - edges.front()))
        throw std::runtime_error(group + "/edges_" + axis + " do not ascend");
    }
    results.grids.push_back(grid);
  }
  for (auto& run : results.runs) {
    run.statistics.densities.resize(results.grids.size());
    run.densities.resize(results.grids.size());
  }
}

void read_density(const Hdf5Reader& file, Results& results, std::size_t k) {
  const std::string group = density_group(k);
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const sde::DensityGrid& grid = results.grids[k];
  const int bins = grid.bin_count(), outside = grid.cell_count() - bins;
  const Sizes inner(grid.bins.begin(), grid.bins.end()), outer{std::uint64_t(outside)};
  scatter_counts(file, group + "/group_counts", sizes_of_counts(shape, inner), results,
                 [&](RunResults& run, auto values) {
                   run.statistics.densities[k] = blank_counts(shape, grid.cell_count());
                   put_counts(run.statistics.densities[k], values, 0, bins);
                 });
  scatter_counts(file, group + "/group_outside", sizes_of_counts(shape, outer), results,
                 [&](RunResults& run, auto values) { put_counts(run.statistics.densities[k], values, bins, outside); });
  const auto read_cells = [&](const std::string& name, auto take) {
    std::vector<std::vector<double>> inside(results.runs.size()), beyond(results.runs.size());
    const auto index = [&](RunResults& run) { return std::size_t(&run - results.runs.data()); };
    scatter_known(
        file, group + "/" + name, inner, results, [&](RunResults & run) -> auto& { return inside[index(run)]; });
    scatter_known(
        file, group + "/outside_" + name, outer,
        results, [&](RunResults & run) -> auto& { return beyond[index(run)]; });
    for (std::size_t r = 0; r < inside.size(); ++r) {
      if (inside[r].empty() && beyond[r].empty()) continue;
      inside[r].resize(bins, not_known);
      beyond[r].resize(outside, not_known);
      inside[r].insert(inside[r].end(), beyond[r].begin(), beyond[r].end());
      take(results.runs[r].densities[k], inside[r]);
    }
  };
  for (const auto& field : layout::cells)
    for (const FieldPart& part : parts(field))
      read_cells(part.name, [&](DensityResult& density, const std::vector<double>& values) {
        assign_part(field, density, part.part, values);
      });
  for (const Law& law : laws())
    read_cells(key_of(law),
               [&](DensityResult& density, const std::vector<double>& values) { density.by[key_of(law)] = values; });
}

void write_densities(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  for (std::size_t k = 0; k < results.grids.size(); ++k) write_density(file, results, coordinates, k);
}

void read_densities(const Hdf5Reader& file, Results& results) {
  read_grids(file, results);
  for (std::size_t k = 0; k < results.grids.size(); ++k) read_density(file, results, k);
}

}  // namespace

GroupKind density_group() { return {.write = write_densities, .read = read_densities}; }

}  // namespace kramers::analysis
