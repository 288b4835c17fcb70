#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

/// Of sde::SumRows.
Names row_names(const sde::SumRows& rows) {
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

Extents moment_extents(const sde::RunStatistics& shape) {
  return {{}, {{"param", std::size_t(shape.dim)}, {"param_2", std::size_t(shape.dim)}}};
}
template <class Run>
auto moments_of(Run& run) {
  return std::span(&run.moments, 1);
}
template <class Run>
auto itself(Run& run) {
  return std::span(&run, 1);
}

void write_moments(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  const sde::RunStatistics& shape = results.runs[0].statistics;
  RunGroup s(file, results, coordinates, "/moments", "moments over all samples");
  dimensions_of_counts(s, shape);
  dimension_of_theta(s, shape.dim);
  dimension_of_theta(s, shape.dim, "param_2");
  const Extents extents = moment_extents(shape);
  write_fields(s, results, layout::moments, extents, Lack::allowed, moments_of<const RunResults>);
  write_fields(s, results, layout::mean_loss, extents, Lack::refused, moments_of<const RunResults>);
  write_fields(s, results, layout::temperatures, extents, Lack::refused, itself<const RunResults>);

  Names names = theta_names(shape.dim);
  const auto theta = [](int i) { return "theta_" + std::to_string(i); };
  for (int i = 0; i < shape.dim; ++i)
    for (int j = i; j < (shape.full_covariance ? shape.dim : i + 1); ++j) names.push_back(theta(i) + " " + theta(j));
  for (const char* last : {"loss", "loss loss", "temperature"}) names.push_back(last);
  s.dimension("quantity", count_up(shape.quantities()), "product that was summed", {{"names", names}});
  s.coordinate("quantity_name", {"quantity"}, names, "product that was summed");
  s.variable("replicate_sums", {"run", "replicate", "quantity"},
             gather<double>(results, [](const RunResults& run) { return run.statistics.sums; }),
             "sums over the samples of a replicate");
  s.dimension("row", count_up(shape.rows().count()), "what was summed up, loss and temperature by part of time",
              {{"names", row_names(shape.rows())}});
  s.coordinate("row_name", {"row"}, row_names(shape.rows()), "what was summed up");
  s.variable("group_sums", {"run", "group", "replicate", "row"},
             gather<double>(results,
                            [](const RunResults& run) {
                              return swapped(run.statistics.moments.sums, run.statistics.replicates,
                                             run.statistics.groups);
                            }),
             "sums over the samples of a start group and replicate");
  s.variable("sample_count", {"run", "replicate"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.statistics.sample_count; }),
             "samples in the sums of a replicate");
}

void read_moments(const Hdf5Reader& file, Results& results) {
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const Extents extents = moment_extents(shape);
  read_fields(file, "/moments", results, layout::moments, extents, Lack::allowed, moments_of<RunResults>);
  read_fields(file, "/moments", results, layout::mean_loss, extents, Lack::refused, moments_of<RunResults>);
  read_fields(file, "/moments", results, layout::temperatures, extents, Lack::refused, itself<RunResults>);
  const std::uint64_t replicates = shape.replicates, quantities = shape.quantities();
  scatter<double>(file, "/moments/replicate_sums", {replicates, quantities}, results,
                  [](RunResults& run, auto values) { run.statistics.sums.assign(values.begin(), values.end()); });
  const std::uint64_t groups = shape.groups, rows = shape.rows().count();
  scatter<double>(file, "/moments/group_sums", {groups, replicates, rows}, results, [](RunResults& run, auto values) {
    sde::RunStatistics& statistics = run.statistics;
    statistics.moments.shape = sde::moments_shape(statistics.groups, statistics.rows());
    statistics.moments.replicates = statistics.replicates;
    statistics.moments.sums = swapped(values, statistics.groups, statistics.replicates);
  });
  scatter_counts(file, "/moments/sample_count", {replicates}, results, [](RunResults& run, auto values) {
    run.statistics.sample_count.assign(values.begin(), values.end());
  });
}

}  // namespace

GroupKind moments_group() { return {.write = write_moments, .read = read_moments}; }

}  // namespace kramers::analysis
