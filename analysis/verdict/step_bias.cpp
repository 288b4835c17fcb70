#include "analysis/verdict/step_bias.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "analysis/statistics/run_sums.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

std::string density_tally(std::size_t k) { return fmt::format("step_bias_density_{}", k); }

sde::TallyAxis multiples_axis(const std::vector<int>& multiples) {
  return {"multiple", "time step, in units of h", std::vector<double>(multiples.begin(), multiples.end())};
}

std::vector<std::string> summed_names(const sde::RunStatistics& s) {
  std::vector<std::string> names = {"samples"};
  const auto theta = [](int i) { return fmt::format("theta_{}", i); };
  for (int i = 0; i < s.dim; ++i) names.push_back(theta(i));
  for (int i = 0; i < s.dim; ++i)
    for (int j = i; j < (s.full_covariance ? s.dim : i + 1); ++j) names.push_back(theta(i) + " " + theta(j));
  for (const char* name : {"loss", "loss loss", "temperature"}) names.push_back(name);
  for (int i = 0; i + 1 < s.basins.cells; ++i) names.push_back(fmt::format("basin {}", i));
  return names;
}

/// Of a replicate, over the groups.
double counted(const sde::Counts& counts, int replicate, int cell) {
  double sum = 0;
  for (int group = 0; group < counts.groups; ++group) sum += double(counts(group, replicate, cell));
  return sum;
}

/// One row a replicate, as summed_names() says.
MatrixXd summed(const sde::RunStatistics& s) {
  const RunSums run(s);
  const int basins = std::max(0, s.basins.cells - 1);
  MatrixXd rows(s.replicates, 1 + run.sums.cols() + basins);
  rows << run.weights, run.sums, MatrixXd::Zero(s.replicates, basins);
  for (int g = 0; g < s.replicates; ++g)
    for (int i = 0; i < basins; ++i) rows(g, 1 + run.sums.cols() + i) = counted(s.basins, g, i);
  return rows;
}

MatrixXd cells_of(const sde::Counts& counts) {
  MatrixXd rows(counts.replicates, counts.cells);
  for (int g = 0; g < counts.replicates; ++g)
    for (int k = 0; k < counts.cells; ++k) rows(g, k) = counted(counts, g, k);
  return rows;
}

/// A tally of one matrix (replicates x entries) a multiple.
sde::Tally tally_of(const sde::TallyShape& shape, const std::vector<MatrixXd>& of_multiples) {
  sde::Tally tally;
  tally.shape = shape;
  tally.replicates = int(of_multiples.front().rows());
  for (int g = 0; g < tally.replicates; ++g)
    for (const MatrixXd& rows : of_multiples)
      for (Eigen::Index i = 0; i < rows.cols(); ++i) tally.sums.push_back(rows(g, i));
  return tally;
}

/// The way back.
MatrixXd rows_of(const sde::Tally& tally, std::size_t multiple) {
  const auto entries = Eigen::Index(tally.shape.size() / tally.shape.axes[0].at.size());
  MatrixXd rows(tally.replicates, entries);
  for (int g = 0; g < tally.replicates; ++g)
    rows.row(g) = Eigen::Map<const VectorXd>(tally.sums_of(g) + Eigen::Index(multiple) * entries, entries);
  return rows;
}

/// Sums at h and at each multiple of it, of the same samples.
struct Levels {
  std::vector<MatrixXd> sums;  // replicates x entries
  VectorXd samples;            // of each replicate
  int order;

  double ratio() const { return std::ldexp(1, order); }
};

using OfMeans = std::function<double(const VectorXd&)>;  // of the means of some entries at one step

/// f of the means of the entries `columns`.
StepBias::Quantity quantity(std::string name, const Levels& levels, const std::vector<int>& columns, const OfMeans& f,
                            std::optional<double> prediction) {
  const auto width = Eigen::Index(columns.size());
  MatrixXd picked(levels.samples.size(), Eigen::Index(levels.sums.size()) * width);
  for (std::size_t l = 0; l < levels.sums.size(); ++l)
    for (Eigen::Index c = 0; c < width; ++c) picked.col(Eigen::Index(l) * width + c) = levels.sums[l].col(columns[c]);
  const auto estimate = [&](const OfMeans& of_all) { return jackknife(picked, levels.samples, of_all); };
  const auto at = [&](const VectorXd& all, int level) { return f(all.segment(level * width, width)); };
  const double ratio = levels.ratio();
  const auto near = [&](const VectorXd& all) { return at(all, 1) - at(all, 0); };
  const auto bias = [&](const VectorXd& all) { return near(all) / (ratio - 1); };

  StepBias::Quantity q{.name = std::move(name), .prediction = prediction};
  q.sampled = estimate([&](const VectorXd& all) { return at(all, 0); });
  for (int l = 1; l < int(levels.sums.size()); ++l)
    q.coarse.push_back(estimate([&](const VectorXd& all) { return at(all, l); }));
  q.bias = estimate(bias);
  q.extrapolated = estimate([&](const VectorXd& all) { return at(all, 0) - bias(all); });
  const double a = q.sampled.error, b = q.coarse[0].error, difference = q.bias.error * (ratio - 1);
  q.correlation = (a * a + b * b - difference * difference) / (2 * a * b);
  if (levels.sums.size() < 3) return q;

  const auto far = [&](const VectorXd& all) { return at(all, 2) - at(all, 1); };
  const auto excess = [&](const VectorXd& all) { return far(all) - ratio * near(all); };
  const Estimate close = estimate(near), wide = estimate(far), off = estimate(excess);
  const auto stands_out = [](const Estimate& e) { return std::abs(e.value) > 4 * e.error; };
  if (stands_out(close) && stands_out(wide) && close.value * wide.value > 0)
    q.order_seen = estimate([&](const VectorXd& all) { return std::log2(far(all) / near(all)); });
  const double next = (2 * ratio - 1) * (ratio - 1);
  q.remainder = {-off.value / next, off.error / next};
  // Half an order more or less, in either direction of the bias.
  const double high = 1 - std::sqrt(0.5), low = std::sqrt(2.0) - 1;
  const double along = wide.value < 0 ? -off.value : off.value, size = std::abs(wide.value);
  q.consistent = along <= high * size + 3 * off.error && along >= -low * size - 3 * off.error;
  return q;
}

double first(const VectorXd& means) { return means[0]; }
double variance(const VectorXd& means) { return means[1] - means[0] * means[0]; }

std::vector<StepBias::Quantity> quantities_of(const Theory& theory, const sde::RunStatistics& s, const Levels& levels) {
  std::vector<StepBias::Quantity> all;
  const auto& predicted = theory.prediction;
  const auto of_axis = [](const auto& values, int i) {
    return i < int(values.size()) ? values[i] : std::optional<double>();
  };
  const auto mean = [&](int i) { return predicted ? of_axis(predicted->mean, i) : std::nullopt; };
  const auto square = [&](int i) { return predicted ? of_axis(predicted->second_moment, i) : std::nullopt; };
  const int moments = 1, products = moments + s.dim, loss = products + s.product_count();
  all.push_back(quantity("mean loss", levels, {loss}, first, predicted ? predicted->loss : std::nullopt));
  std::optional<double> temperature;
  if (!depends_on_theta(theory.derived.noise)) temperature = theory.derived.effective_temperature;
  all.push_back(quantity("temperature", levels, {loss + 2}, first, temperature));
  const int basins = s.basins.cells > 2 ? s.basins.cells - 1 : 0;  // one alone has everything
  for (int i = 0; i < basins; ++i)
    all.push_back(quantity(fmt::format("basin {}", i), levels, {loss + 3 + i}, first,
                           predicted && predicted->basins ? std::optional((*predicted->basins)[i]) : std::nullopt));
  for (int i = 0, product = products; i < s.dim; product += s.full_covariance ? s.dim - i : 1, ++i) {
    std::optional<double> predicted;
    if (mean(i) && square(i)) predicted = *square(i) - *mean(i) * *mean(i);
    all.push_back(quantity(fmt::format("mean theta_{}", i), levels, {moments + i}, first, mean(i)));
    all.push_back(quantity(fmt::format("variance theta_{}", i), levels, {moments + i, product}, variance, predicted));
  }
  return all;
}

std::vector<Estimate> cell_estimates(const MatrixXd& fractions, const VectorXd& samples) {
  std::vector<Estimate> all;
  for (Eigen::Index k = 0; k < fractions.cols(); ++k)
    all.push_back(jackknife_mean(fractions.col(k).cwiseProduct(samples), samples));
  return all;
}

StepBias::Density density(const Levels& levels, const std::optional<std::vector<double>>& prediction, double alpha) {
  std::vector<MatrixXd> f = levels.sums;
  for (MatrixXd& fractions : f) fractions.array().colwise() /= levels.samples.array();
  const MatrixXd bias = (f[1] - f[0]) / (levels.ratio() - 1), extrapolated = f[0] - bias;
  const VectorXd nothing = VectorXd::Zero(bias.cols());
  StepBias::Density d{.bias = cell_estimates(bias, levels.samples),
                      .extrapolated = cell_estimates(extrapolated, levels.samples),
                      .noise_floor = noise_floor(f[0]),
                      .bias_variation = variation_from(bias, nothing, alpha, f[0]),
                      .t = student_quantile(alpha, int(bias.rows()) - 1)};
  if (prediction)
    d.model_variation = variation_from(
        extrapolated, Eigen::Map<const VectorXd>(prediction->data(), Eigen::Index(prediction->size())), alpha, f[0]);
  return d;
}

/// At which step trajectories diverged, if any did: samples that are missing.
std::string divergence(const Levels& levels, const VectorXd& due, const std::vector<int>& multiples) {
  for (std::size_t l = 0; l < levels.sums.size(); ++l)
    if (levels.sums[l].col(0) != due)
      return l == 0 ? "trajectories diverged" : fmt::format("trajectories diverged at {} h", multiples[l - 1]);
  return "";
}

void forget_biases(StepBias& all) {
  for (StepBias::Quantity& q : all.quantities) {
    q.sampled = q.bias = q.extrapolated = unknown_estimate;
    q.coarse.assign(q.coarse.size(), unknown_estimate);
    q.correlation = not_known;
    q.order_seen.reset();
    if (q.remainder) q.remainder = unknown_estimate;
    q.consistent = true;
  }
  for (StepBias::Density& d : all.densities) {
    d.bias.assign(d.bias.size(), unknown_estimate);
    d.extrapolated = d.bias;
    const Variation none{not_known, not_known, not_known, d.bias_variation.degrees_of_freedom};
    d.bias_variation = none;
    if (d.model_variation) d.model_variation = none;
  }
}

}  // namespace

sde::TallyShape step_bias_shape(const std::vector<int>& multiples, sde::TallyAxis of) {
  return {"step_bias",
          "bias of the time step, from runs at multiples of it on the same noise",
          {multiples_axis(multiples), std::move(of)}};
}

sde::TallyShape step_bias_density_shape(std::size_t k, const std::vector<int>& multiples, int cells) {
  std::vector<double> numbers(cells);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return {
      density_tally(k),
      fmt::format("bias of the time step in density_{}, from samples at multiples of it on the same noise", k),
      {multiples_axis(multiples),
       {"cell", "bin, the first axis slowest; after the bins the outside: below and above, or all of it", numbers}}};
}

double StepBias::Quantity::model_error() const { return prediction ? extrapolated.value - *prediction : not_known; }

std::vector<sde::Tally> step_bias_tallies(const std::vector<CoarseRun>& coarse) {
  if (coarse.empty()) return {};
  const auto each = [&](const auto& rows) {
    std::vector<MatrixXd> all;
    for (const CoarseRun& run : coarse) all.push_back(rows(run.statistics));
    return all;
  };
  std::vector<int> multiples;
  for (const CoarseRun& run : coarse) multiples.push_back(run.multiple);
  const sde::RunStatistics& first = coarse.front().statistics;
  std::vector<sde::Tally> tallies;
  tallies.push_back(
      tally_of(step_bias_shape(multiples, {"summed", "what was summed", summed_names(first)}), each(summed)));
  for (std::size_t k = 0; k < first.densities.size(); ++k)
    tallies.push_back(tally_of(step_bias_density_shape(k, multiples, first.densities[k].cells),
                               each([&](const sde::RunStatistics& s) { return cells_of(s.densities[k]); })));
  return tallies;
}

std::optional<StepBias> step_bias(const Experiment& experiment, const Theory& theory, const sde::RunStatistics& s) {
  const sde::Tally* tally = s.tally("step_bias");
  if (!tally) return {};
  const sde::SchemeFacts& scheme = *sde::find_scheme(experiment.dynamics.scheme);
  StepBias all{.order = scheme.invariant_order};
  for (double multiple : tally->shape.axes[0].at) all.multiples.push_back(int(multiple));

  VectorXd due(s.replicates);
  for (int g = 0; g < s.replicates; ++g) due[g] = counted(s.expected, g, 0);
  const auto levels = [&](const MatrixXd& at_h, const sde::Tally& coarse) {
    Levels levels{{at_h}, due, all.order};
    for (std::size_t l = 0; l < all.multiples.size(); ++l) levels.sums.push_back(rows_of(coarse, l));
    return levels;
  };
  const Levels sums = levels(summed(s), *tally);
  all.quantities = quantities_of(theory, s, sums);
  for (std::size_t k = 0; k < s.densities.size(); ++k)
    if (const sde::Tally* counts = s.tally(density_tally(k)))
      all.densities.push_back(density(levels(cells_of(s.densities[k]), *counts),
                                      theory.prediction ? theory.prediction->densities[k] : std::nullopt,
                                      experiment.compare.alpha));
  all.why_not = divergence(sums, due, all.multiples);
  if (!all.why_not.empty()) forget_biases(all);
  return all;
}

}  // namespace kramers::analysis
