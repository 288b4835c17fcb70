#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "analysis/prediction/list.hpp"
#include "analysis/results/density_groups.hpp"
#include "analysis/results/events_group.hpp"
#include "analysis/results/group_counts.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/results_layout.hpp"
#include "analysis/results/run_group.hpp"
#include "analysis/results/tables_in_file.hpp"
#include "analysis/results/verdict_group.hpp"

namespace kramers::analysis {

using layout::plain_name;

namespace {

void check_equal_shapes(const Results& results) {
  if (results.runs.empty()) throw std::invalid_argument("results without a run cannot be written");
  const auto& first = results.runs[0].statistics;
  const auto same_counts = [](const sde::Counts& a, const sde::Counts& b) {
    return a.groups == b.groups && a.replicates == b.replicates && a.cells == b.cells && a.at.size() == b.at.size();
  };
  for (const auto& run : results.runs) {
    const auto& s = run.statistics;
    bool same = s.dim == first.dim && s.replicates == first.replicates && s.groups == first.groups &&
                s.full_covariance == first.full_covariance && s.chains == first.chains && s.draws == first.draws &&
                s.phases.phases == first.phases.phases && same_counts(s.phases.basins, first.phases.basins) &&
                same_counts(s.expected, first.expected) && same_counts(s.counted, first.expected) &&
                same_counts(s.transitions, first.transitions) && same_counts(s.basins, first.basins) &&
                s.passages.size() == results.events.size() && run.events.size() == results.events.size() &&
                s.densities.size() == results.grids.size() && run.densities.size() <= results.grids.size() &&
                (s.basins.cells == 0 || s.basins.cells == int(results.minima.size()) + 1) &&
                run.swept.size() == results.runs[0].swept.size();
    for (std::size_t k = 0; same && k < s.densities.size(); ++k)
      same = s.densities[k].cells == results.grids[k].cell_count() && same_counts(s.densities[k], first.densities[k]);
    if (!same)
      throw std::invalid_argument(
          "the runs of a results file must have equal dimension, grids, minima, replicates, start groups and paths");
  }
}

class ResultsWriter {
 public:
  explicit ResultsWriter(const Results& results)
      : results_(results), first_(results.runs[0].statistics), coordinates_(coordinates_of_runs(results)) {}

  Hdf5Writer& build() {
    heading();
    sweep();
    ensemble();
    write_densities(file_, results_, coordinates_);
    write_events(file_, results_, coordinates_);
    moments();
    if (!results_.minima.empty()) basins();
    if (first_.phases.phases > 0) phases();
    if (first_.chains > 0 && first_.draws > 0) posterior();
    divergences();
    write_verdict(file_, results_, coordinates_);
    write_tables(file_, results_, coordinates_);
    provenance();
    return file_;
  }

 private:
  RunGroup section(const std::string& path, const std::string& long_name) {
    return RunGroup(file_, results_, coordinates_, path, long_name);
  }

  void heading() {
    file_.attribute("/", "Conventions", "CF-1.8");
    file_.attribute("/", "title", results_.title);
    file_.attribute("/", "history",
                    "simulated by kramers; when, where and by which version: attributes of /provenance");
    if (!results_.references.empty()) file_.attribute("/", "references", results_.references);
    file_.attribute("/", commit_mark::source, commit_mark::kramers);
    file_.attribute("/", "layout_version", std::int64_t(layout::version));
    file_.attribute("/", "counter_layout_version", results_.counter_layout_version);
    file_.attribute("/", "seed", std::to_string(results_.seed));
    file_.attribute("/", "experiment_as_given", results_.experiment_as_given);
    file_.attribute("/", "experiment_resolved", results_.experiment_resolved);
  }

  void sweep() {
    section("/sweep", "what tells the runs apart");
    RunGroup derived = section("/derived", "quantities derived from the experiment");
    std::set<std::string> names;
    for (const auto& run : results_.runs)
      for (const auto& [name, value] : run.derived) names.insert(name);
    for (const auto& name : names) {
      if (name == "temperature") continue;  // a coordinate already
      const auto values = gather<double>(results_, [&](const RunResults& run) {
        const auto at = run.derived.find(name);
        return at == run.derived.end() ? not_known : at->second;
      });
      derived.variable(layout::derived_name(name, derived.has(plain_name(name))), {"run"}, values,
                       layout::meaning_of(name));
    }
    Names list(names.begin(), names.end());
    if (!list.empty()) derived.attribute("", "names", list);
  }

  void params(RunGroup& s, const char* name = "param") {
    s.dimension(name, count_up(first_.dim), "component of theta");
    s.coordinate(std::string(name) + "_name", {name}, theta_names(first_.dim), "component of theta");
  }

  template <class T = std::int64_t, class Member>
  void run_variable(RunGroup& s, const char* name, Member member, const char* long_name) {
    s.variable(name, {"run"}, gather<T>(results_, [&](const RunResults& run) { return run.statistics.*member; }),
               long_name);
  }

  void ensemble() {
    using sde::RunStatistics;
    RunGroup s = section("/ensemble", "what was simulated");
    dimensions_of_counts(s, first_);
    run_variable(s, "trajectories", &RunStatistics::trajectories, "trajectories");
    run_variable(s, "samples", &RunStatistics::samples, "samples of a trajectory that does not diverge");
    run_variable(s, "diverged", &RunStatistics::diverged, "trajectories that diverged");
    run_variable<std::uint64_t>(s, "final_state_hash", &RunStatistics::final_state_hash,
                                "sum over trajectories of a hash of the final state");
    const auto flag = [&](const char* name, auto member, const char* long_name) {
      s.variable(name, {"run"},
                 gather<std::int8_t>(results_, [&](const RunResults& run) { return run.statistics.*member; }),
                 long_name, Storage::plain, {{"dtype", "bool"}});
    };
    flag("full_covariance", &RunStatistics::full_covariance, "products of all pairs of components were summed");
    run_variable(s, "looks", &RunStatistics::looks, "how often a shorter run was finished, and went on");
    s.variable("expected", {"run", "group", "part", "replicate"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.expected.at; }),
               "samples due, those of diverged trajectories included");
    s.variable("counted", {"run", "group", "part", "replicate"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.counted.at; }),
               "samples that went into sums");
    s.variable("first_trajectory", {"run", "replicate"},
               gather<std::int64_t>(results_,
                                    [&](const RunResults& run) {
                                      Integers first(first_.replicates);
                                      for (int r = 0; r < first_.replicates; ++r)
                                        first[r] =
                                            std::int64_t(sde::first_of_replicate(r, run.statistics.trajectories));
                                      return first;
                                    }),
               "first trajectory of a replicate, which ends where the next begins");
    const auto start = of_landmarks("start", &RunResults::Landmarks::start, std::size_t(first_.groups) * first_.dim);
    if (start.empty()) return;
    params(s);
    s.variable("start", {"run", "group", "param"}, start, "start point of a group");
  }

  std::vector<double> of_landmarks(const char* name, std::vector<double> RunResults::Landmarks::*place,
                                   std::size_t size) {
    return gather_known(results_, name, size, [&](const RunResults& run) { return run.landmarks.*place; });
  }

  void vector_fields(RunGroup& s, const std::vector<layout::VectorField>& fields, std::size_t length) {
    for (const auto& field : fields) {
      const std::size_t size = field.dimensions.size() == 2 ? length * length : length;
      const auto values =
          gather_known(results_, field.name, size, [&](const RunResults& run) { return run.*field.place; });
      Names dimensions = field.dimensions;
      dimensions.insert(dimensions.begin(), "run");
      if (!values.empty()) s.variable(field.name, dimensions, values, field.long_name);
    }
  }

  void moments() {
    RunGroup s = section("/moments", "moments over all samples");
    dimensions_of_counts(s, first_);
    params(s);
    params(s, "param_2");
    vector_fields(s, layout::moments, first_.dim);
    for (const auto& field : layout::scalars)
      s.variable(field.name, {"run"}, gather<double>(results_, [&](const RunResults& run) { return run.*field.place; }),
                 field.long_name);

    Names names = theta_names(first_.dim);
    const auto theta = [](int i) { return "theta_" + std::to_string(i); };
    for (int i = 0; i < first_.dim; ++i)
      for (int j = i; j < (first_.full_covariance ? first_.dim : i + 1); ++j)
        names.push_back(theta(i) + " " + theta(j));
    for (const char* last : {"loss", "loss loss", "temperature"}) names.push_back(last);
    s.dimension("quantity", count_up(first_.quantities()), "product that was summed", {{"names", names}});
    s.coordinate("quantity_name", {"quantity"}, names, "product that was summed");
    s.variable("replicate_sums", {"run", "replicate", "quantity"},
               gather<double>(results_, [](const RunResults& run) { return run.statistics.sums; }),
               "sums over the samples of a replicate");
    s.dimension("row", count_up(first_.rows().count()), "what was summed up, loss and temperature by part of time",
                {{"names", row_names()}});
    s.coordinate("row_name", {"row"}, row_names(), "what was summed up");
    s.variable("group_sums", {"run", "group", "replicate", "row"},
               gather<double>(results_, [](const RunResults& run) { return run.statistics.group_sums; }),
               "sums over the samples of a start group and replicate");
    s.variable("sample_count", {"run", "replicate"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.sample_count; }),
               "samples in the sums of a replicate");
  }

  void basins() {
    RunGroup s = section("/basins", "the basins of the minima");
    dimensions_of_counts(s, first_);
    params(s);
    s.dimension("minimum", count_up(results_.minima.size()), "minimum of the loss");
    s.coordinate("basin_name", {"minimum"}, minimum_names(), "minimum of the loss");
    std::vector<double> minima;
    for (const auto& m : results_.minima) minima.insert(minima.end(), m.begin(), m.end());
    s.variable("minima", {"minimum", "param"}, minima, "position of a minimum, in the first run");
    landmarks(s);
    vector_fields(s, layout::basins, results_.minima.size());
    for (const Law& law : laws()) {
      const std::string key = key_of(law);
      const auto values = gather_known(results_, key, results_.minima.size(),
                                       [&](const RunResults& run) { return value_or_empty(run.basins_by, key); });
      if (!values.empty()) s.variable(key, {"run", "minimum"}, values, std::string("the same by ") + law.summary);
    }
    if (first_.basins.cells == 0) return;
    s.dimension("basin", count_up(first_.basins.cells), "basin of a minimum, or, the last, of none");
    s.variable("group_counts", {"run", "group", "part", "replicate", "basin"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.basins.at; }),
               "samples in a basin", Storage::compressed);
    s.dimension("to_minimum", count_up(results_.minima.size()), "minimum of the loss");
    s.variable("transitions", {"run", "replicate", "minimum", "to_minimum"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.transitions.at; }),
               "changes of basin from one sample to a later one", Storage::compressed);
  }

  /// Of sde::SumRows.
  Names row_names() const {
    const sde::SumRows rows = first_.rows();
    Names names(rows.count());
    const auto theta = [](int i) { return "theta_" + std::to_string(i); };
    for (int i = 0, product = rows.dim; i < rows.dim; ++i) {
      names[i] = theta(i);
      for (int j = i; j < (rows.full_covariance ? rows.dim : i + 1); ++j) names[product++] = theta(i) + " " + theta(j);
      names[rows.fourth_power(i)] = "(" + theta(i) + " - origin)^4";
    }
    for (int part = 0; part < sde::time_parts; ++part) {
      names[rows.loss(part)] = "loss, part " + std::to_string(part);
      names[rows.temperature(part)] = "temperature, part " + std::to_string(part);
    }
    names[rows.squared_loss()] = "loss loss";
    return names;
  }

  /// "minimum 0 at (-1, 0)", where it is there in every run.
  Names minimum_names() {
    Names names;
    for (std::size_t i = 0; i < results_.minima.size(); ++i) {
      const auto& at = results_.minima[i];
      const bool stays = std::ranges::all_of(results_.runs, [&](const RunResults& run) {
        const auto& all = run.landmarks.position;
        return (i + 1) * at.size() <= all.size() && std::equal(at.begin(), at.end(), all.begin() + i * at.size());
      });
      std::string where;
      for (double x : at) where += fmt::format("{}{:.4g}", where.empty() ? "" : ", ", x);
      names.push_back(fmt::format("minimum {}", i) + (stays && at.size() <= 3 ? " at (" + where + ")" : ""));
    }
    return names;
  }

  void landmarks(RunGroup& s) {
    using Landmarks = RunResults::Landmarks;
    const std::size_t minima = results_.minima.size(), dim = first_.dim;
    const auto put = [&](const char* name, auto place, std::size_t each, const Names& dimensions,
                         const char* long_name) {
      if (const auto values = of_landmarks(name, place, minima * each); !values.empty())
        s.variable(name, dimensions, values, long_name);
    };
    put("position", &Landmarks::position, dim, {"run", "minimum", "param"}, "position of a minimum");
    put("loss", &Landmarks::loss, 1, {"run", "minimum"}, "loss at a minimum");
    put("hessian_determinant", &Landmarks::hessian_determinant, 1, {"run", "minimum"},
        "determinant of the Hessian of the loss at a minimum: the smaller, the wider");
    s.variable("widest", {"run"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.landmarks.widest; }),
               "the widest minimum, of the smallest determinant; -1: not known");
    if (first_.dim > 0 && !results_.runs[0].landmarks.hessian.empty()) {
      params(s, "param_2");
      put("hessian", &Landmarks::hessian, dim * dim, {"run", "minimum", "param", "param_2"},
          "Hessian of the loss at a minimum");
    }
  }

  void phases() {
    RunGroup s = section("/phases", "samples by the phase of the schedule");
    dimensions_of_counts(s, first_);
    params(s);
    const std::size_t count = first_.phases.phases;
    s.dimension("phase", count_up(count), "phase: a stage, or a bin of what is continuous");
    if (!results_.minima.empty()) s.dimension("minimum", count_up(results_.minima.size()), "minimum of the loss");
    for (const auto& field : layout::phases) {
      std::size_t size = count;
      Names dimensions = {"run", "phase"};
      for (const auto& name : field.dimensions) {
        size *= name == "param" ? first_.dim : results_.minima.size();
        dimensions.push_back(name);
      }
      const auto values =
          gather_known(results_, field.name, size, [&](const RunResults& run) { return run.phases.*field.place; });
      if (!values.empty()) s.variable(field.name, dimensions, values, field.long_name);
    }
    Names names = {"samples"};
    for (int i = 0; i < first_.dim; ++i) names.push_back("theta_" + std::to_string(i));
    for (int i = 0; i < first_.dim; ++i) names.push_back("theta_" + std::to_string(i) + " theta_" + std::to_string(i));
    for (const char* last : {"loss", "loss loss"}) names.push_back(last);
    s.dimension("phase_quantity", count_up(names.size()), "product that was summed", {{"names", names}});
    s.coordinate("phase_quantity_name", {"phase_quantity"}, names, "product that was summed");
    s.variable("replicate_sums", {"run", "phase", "replicate", "phase_quantity"},
               gather<double>(results_, [](const RunResults& run) { return run.statistics.phases.sums; }),
               "sums over the samples of a replicate");
    if (first_.phases.basins.cells == 0) return;
    s.dimension("phase_basin", count_up(first_.phases.basins.cells),
                "for each phase the basin of a minimum, or, the last, of none");
    s.variable("group_counts", {"run", "group", "part", "replicate", "phase_basin"},
               gather<std::int64_t>(results_, [](const RunResults& run) { return run.statistics.phases.basins.at; }),
               "samples in a basin", Storage::compressed);
  }

  void posterior() {
    RunGroup s = section("/posterior", "the trajectories that were kept");
    s.attribute("", "sample_dims", Names{"chain", "draw"});
    s.attribute("", "sampled_variables", Names{"theta"});
    s.attribute("", "creation_library", commit_mark::kramers);
    s.attribute("", "inference_library", commit_mark::kramers);
    s.dimension("chain", count_up(first_.chains), "trajectory");
    s.dimension("draw", count_up(first_.draws), "kept state");
    params(s);
    // From [run][chain draw][param] to [chain draw][run][param].
    const std::size_t dim = first_.dim, runs = results_.runs.size(), states = first_.chains * first_.draws;
    std::vector<double> theta(states * runs * dim);
    for (std::size_t r = 0; r < runs; ++r) {
      const auto& paths = results_.runs[r].statistics.paths;
      if (paths.size() != states * dim) throw std::invalid_argument("a run has kept paths of another length");
      for (std::size_t state = 0; state < states; ++state)
        std::copy_n(paths.begin() + state * dim, dim, theta.begin() + (state * runs + r) * dim);
    }
    Integers step;
    std::vector<double> time;
    for (const auto& run : results_.runs) {
      step.insert(step.end(), run.landmarks.draw_step.begin(), run.landmarks.draw_step.end());
      time.insert(time.end(), run.landmarks.draw_time.begin(), run.landmarks.draw_time.end());
    }
    if (time.size() == runs * std::size_t(first_.draws) && step.size() == time.size()) {
      s.coordinate("step", {"run", "draw"}, step, "steps from the start to a kept state");
      s.coordinate("time", {"run", "draw"}, time, "time from the start to a kept state: the sum of the time steps");
    }
    s.variable("theta", {"chain", "draw", "run", "param"}, theta, "parameters");
  }

  void divergences() {
    std::size_t most = 0;
    for (const auto& run : results_.runs) most = std::max(most, run.statistics.divergences.size());
    if (most == 0) return;
    const std::size_t dim = first_.dim;
    Integers trajectory, step;
    std::vector<double> where;
    for (const auto& run : results_.runs) {
      for (const auto& d : run.statistics.divergences) {
        if (d.where.size() != dim) throw std::invalid_argument("a divergence has a state of another dimension");
        trajectory.push_back(std::int64_t(d.trajectory));
        step.push_back(std::int64_t(d.step));
        where.insert(where.end(), d.where.begin(), d.where.end());
      }
      const std::size_t padding = most - run.statistics.divergences.size();
      trajectory.resize(trajectory.size() + padding, -1);
      step.resize(step.size() + padding, -1);
      where.resize(where.size() + padding * dim, not_known);
    }
    RunGroup s = section("/divergences", "the first trajectories that diverged, by number");
    s.dimension("divergence", count_up(most), "divergence");
    params(s);
    s.variable("trajectory", {"run", "divergence"}, trajectory, "trajectory; -1: no more");
    s.variable("step", {"run", "divergence"}, step, "step that led to the first bad state; -1: no more");
    s.variable("last_state", {"run", "divergence", "param"}, where, "last good state");
  }

  void provenance() {
    const std::string group(provenance_group);
    file_.group(group);
    for (const auto& [name, value] : results_.provenance) file_.attribute(group, name, value);
  }

  const Results& results_;
  const sde::RunStatistics& first_;
  std::vector<Coordinate> coordinates_;
  Hdf5Writer file_;
};

}  // namespace

void write(const Results& results, const std::string& path, Replace replace) {
  check_equal_shapes(results);
  ResultsWriter(results).build().commit(path, replace);
}

std::uint64_t size(const Results& results) {
  check_equal_shapes(results);
  return ResultsWriter(results).build().finish().size();
}

}  // namespace kramers::analysis
