#include <cmath>
#include <set>
#include <stdexcept>

#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

void write_sweep(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  RunGroup(file, results, coordinates, "/sweep", "what tells the runs apart");
  RunGroup derived(file, results, coordinates, "/derived", "quantities derived from the experiment");
  std::set<std::string> names;
  for (const auto& run : results.runs)
    for (const auto& [name, value] : run.derived) names.insert(name);
  for (const auto& name : names) {
    if (name == "temperature") continue;  // a coordinate already
    const auto values = gather<double>(results, [&](const RunResults& run) {
      const auto at = run.derived.find(name);
      return at == run.derived.end() ? not_known : at->second;
    });
    derived.variable(layout::derived_name(name, derived.has(layout::plain_name(name))), {"run"}, values,
                     layout::meaning_of(name));
  }
  Names list(names.begin(), names.end());
  if (!list.empty()) derived.attribute("", "names", list);
}

void read_sweep(const Hdf5Reader& file, Results& results) {
  for (const auto& name : file.children("/sweep")) {
    const std::string dataset = "/sweep/" + name;
    if (!file.has_attribute(dataset, "key")) continue;
    const std::string key = file.text(dataset, "key");
    if (const Names meanings = file.texts(dataset, "meanings"); !meanings.empty())
      scatter<std::int8_t>(file, dataset, {}, results, [&](RunResults& run, auto code) {
        if (code[0] < 0 || std::size_t(code[0]) >= meanings.size())
          throw std::runtime_error(dataset + " has a code without a meaning");
        run.swept[key] = meanings[code[0]];
      });
    else
      scatter<double>(file, dataset, {}, results, [&](RunResults& run, auto value) { run.swept[key] = value[0]; });
  }
  for (const auto& name : file.texts("/derived", "names")) {
    const std::string doubled = "/derived/" + layout::derived_name(name, true);
    scatter<double>(file, file.has(doubled) ? doubled : "/derived/" + layout::plain_name(name), {}, results,
                    [&](RunResults& run, auto value) {
                      if (!std::isnan(value[0])) run.derived[name] = value[0];
                    });
  }
}

}  // namespace

GroupKind sweep_group() { return {.write = write_sweep, .read = read_sweep}; }

}  // namespace kramers::analysis
