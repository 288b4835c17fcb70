#include "analysis/results/path_file.hpp"

#include <numeric>

#include "analysis/results/hdf5_file.hpp"
#include "sde/random/philox.hpp"

namespace kramers::analysis {

void write(const Path& path, const std::map<std::string, std::string>& provenance, const std::string& name,
           Replace replace) {
  const auto meaning = [](const char* long_name) { return Attributes{{"units", "1"}, {"long_name", long_name}}; };
  Hdf5Writer file;
  file.attribute("/", "Conventions", "CF-1.8");
  file.attribute("/", "title", path.title);
  file.attribute("/", commit_mark::source, commit_mark::kramers);
  file.attribute("/", "counter_layout_version", std::int64_t(sde::counter_layout_version));
  file.attribute("/", "seed", std::to_string(path.seed));
  file.attribute("/", "run", std::int64_t(path.run));
  file.attribute("/", "trajectory", std::int64_t(path.trajectory));
  file.attribute("/", "experiment_resolved", path.experiment);
  std::vector<std::int64_t> params(path.dim);
  std::iota(params.begin(), params.end(), 0);
  file.dimension("/step", path.step, meaning("steps from the start, burn-in included"));
  file.dimension("/param", params, meaning("component of theta"));
  file.variable("/t", {"step"}, path.t, meaning("time"));
  file.variable("/theta", {"step", "param"}, path.theta, meaning("parameters"));
  file.variable("/loss", {"step"}, path.loss, meaning("loss"));
  const std::string group(provenance_group);
  file.group(group);
  for (const auto& [key, value] : provenance) file.attribute(group, key, value);
  file.commit(name, replace);
}

}  // namespace kramers::analysis
