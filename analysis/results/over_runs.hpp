#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"

/// A dataset (run, ...) from the parts of all runs, and shared out to them again.
namespace kramers::analysis {

using Sizes = std::vector<std::uint64_t>;

/// The parts of all runs, one after the other.
template <class T, class OfRun>
std::vector<T> gather(const Results& results, OfRun of_run) {
  std::vector<T> all;
  for (const auto& run : results.runs) {
    const auto& part = of_run(run);
    if constexpr (requires { part.begin(); })
      all.insert(all.end(), part.begin(), part.end());
    else
      all.push_back(T(part));
  }
  return all;
}

/// The same of parts that have to be of that size.
template <class T, class OfRun>
std::vector<T> gather_equal(const Results& results, const std::string& name, std::size_t size, OfRun of_run) {
  return gather<T>(results, [&](const RunResults& run) -> decltype(auto) {
    decltype(auto) part = of_run(run);
    if (part.size() != size)
      throw std::invalid_argument("a run of a results file has " + std::to_string(part.size()) + " values of " + name +
                                  "; " + std::to_string(size) + " are needed");
    return part;
  });
}

/// The same with NaN for runs that have none; empty if no run has any.
template <class OfRun>
std::vector<double> gather_known(const Results& results, const std::string& name, std::size_t size, OfRun of_run) {
  bool any = false;
  auto all = gather<double>(results, [&](const RunResults& run) {
    std::vector<double> part = of_run(run);
    if (!part.empty() && part.size() != size)
      throw std::invalid_argument(name + " has " + std::to_string(part.size()) + " values; " + std::to_string(size) +
                                  " are needed");
    any |= !part.empty();
    part.resize(size, not_known);
    return part;
  });
  if (!any) all.clear();
  return all;
}

/// What a map has of a name; empty: nothing.
inline std::vector<double> value_or_empty(const std::map<std::string, std::vector<double>>& by,
                                          const std::string& name) {
  const auto found = by.find(name);
  return found == by.end() ? std::vector<double>{} : found->second;
}

/// [first][second][...] as [second][first][...].
inline std::vector<double> swapped(std::span<const double> values, std::size_t first, std::size_t second) {
  std::vector<double> all(values.size());
  const std::size_t each = first * second == 0 ? 0 : values.size() / (first * second);
  for (std::size_t i = 0; i < first; ++i)
    for (std::size_t j = 0; j < second; ++j)
      std::copy_n(values.begin() + (i * second + j) * each, each, all.begin() + (j * first + i) * each);
  return all;
}

inline bool all_unknown(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isnan(value); });
}

/// How long a dimension is.
inline std::uint64_t size_of(const Hdf5Reader& file, const std::string& dimension) {
  const Sizes sizes = file.sizes(dimension);
  if (sizes.size() != 1) throw std::runtime_error(dimension + " is no dimension");
  return sizes[0];
}
/// The same of what has to be there.
inline int count_of(const Hdf5Reader& file, const std::string& dimension) {
  const std::uint64_t all = size_of(file, dimension);
  if (all < 1 || all > std::numeric_limits<int>::max() / 2)
    throw std::runtime_error(dimension + " has " + std::to_string(all) + " entries");
  return int(all);
}

/// assign(run, values of the run), which have those sizes. Throws std::runtime_error where the dataset has others.
template <class T, class Assign>
void scatter(const Hdf5Reader& file, const std::string& dataset, Sizes sizes, Results& results, Assign assign) {
  const std::size_t runs = results.runs.size();
  sizes.insert(sizes.begin(), runs);
  const auto all = file.read<T>(dataset, sizes);
  const std::size_t each = all.size() / runs;
  for (std::size_t r = 0; r < runs; ++r) assign(results.runs[r], std::span(all).subspan(r * each, each));
}

/// The same of counts.
template <class Assign>
void scatter_counts(const Hdf5Reader& file, const std::string& dataset, const Sizes& sizes, Results& results,
                    Assign assign) {
  scatter<std::int64_t>(file, dataset, sizes, results, [&](RunResults& run, std::span<const std::int64_t> values) {
    if (std::ranges::any_of(values, [](std::int64_t n) { return n < 0; }))
      throw std::runtime_error(dataset + " has a negative count");
    assign(run, values);
  });
}

/// The same for what may be missing, altogether or (all NaN) in a run.
template <class Place>
void scatter_known(const Hdf5Reader& file, const std::string& dataset, const Sizes& sizes, Results& results,
                   Place place) {
  if (!file.has(dataset)) return;
  scatter<double>(file, dataset, sizes, results, [&](RunResults& run, std::span<const double> values) {
    if (!all_unknown(values)) place(run).assign(values.begin(), values.end());
  });
}

}  // namespace kramers::analysis
