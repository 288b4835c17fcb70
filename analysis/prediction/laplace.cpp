#include "analysis/prediction/laplace.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/law.hpp"

namespace kramers::analysis {

using landscapes::Landscape;

std::optional<std::vector<double>> log_root_determinants(const Landscape& landscape) {
  std::vector<double> logs;
  for (const auto& minimum : landscape.minima()) {
    const landscapes::Point curvatures = landscape.curvatures(minimum.at);
    if (!(curvatures[0] > 0)) return std::nullopt;
    logs.push_back(curvatures.array().log().sum() / 2);
  }
  return logs;
}

std::optional<std::vector<double>> laplace_basin_weights(const Landscape& landscape, double temperature) {
  require_normalisable(landscape, temperature);
  const auto width = log_root_determinants(landscape);
  if (!width || width->empty()) return std::nullopt;
  std::vector<double> weights;
  for (std::size_t k = 0; k < width->size(); ++k)
    weights.push_back(-landscape.minima()[k].loss / temperature - (*width)[k]);
  const double largest = *std::max_element(weights.begin(), weights.end());
  double total = 0;
  for (double& w : weights) total += w = std::exp(w - largest);
  for (double& w : weights) w /= total;
  return weights;
}

std::optional<double> laplace_crossover(const Landscape& landscape) {
  const auto width = log_root_determinants(landscape);
  if (!width || width->size() != 2) return std::nullopt;
  const auto& minima = landscape.minima();
  const double temperature = (minima[0].loss - minima[1].loss) / ((*width)[1] - (*width)[0]);
  return std::isfinite(temperature) && temperature > 0 ? std::optional(temperature) : std::nullopt;
}

std::optional<double> exact_crossover(const Landscape& landscape) {
  const auto& minima = landscape.minima();
  if (minima.size() != 2 || !landscape.basins() || !minima[0].way_out || !landscape.confining()) return std::nullopt;
  const double height = *minima[0].way_out - std::min(minima[0].loss, minima[1].loss);
  const auto excess = [&](double log_temperature) {
    const auto weights = gibbs_basin_weights(landscape, std::exp(log_temperature));
    return weights ? (*weights)[0] - (*weights)[1] : std::nan("");
  };
  constexpr int steps = 24;
  double from = std::log(height / 100), before = excess(from);
  for (int i = 1; i <= steps; ++i) {
    const double to = std::log(height / 100) + std::log(1000.0) * i / steps;
    const double after = excess(to);
    if (std::isnan(before) || std::isnan(after)) return std::nullopt;
    if (before != 0 && before * after <= 0) {
      std::uintmax_t rounds = 60;
      const auto [low, high] = boost::math::tools::toms748_solve(excess, from, to, before, after,
                                                                 boost::math::tools::eps_tolerance<double>(46), rounds);
      return std::exp((low + high) / 2);
    }
    from = to;
    before = after;
  }
  return std::nullopt;
}

/// Weights of basins alone.
Law laplace_law() {
  return {.name = "laplace",
          .title = "Laplace",
          .heading = "Laplace",
          .summary = "Laplace's formula",
          .source = "Jastrzebski et al., arXiv:1711.04623, Theorem 2",
          .is_whole = false,
          .predict = [](const LawInput& run) -> Answer<Prediction> {
            using None = Answer<Prediction>;
            const std::string obstacle = normalising_obstacle(run.landscape, run.temperature);
            if (!obstacle.empty()) return None::none(obstacle);
            const auto weights = laplace_basin_weights(run.landscape, run.temperature);
            if (!weights) return None::none("no minimum is known, or one whose Hessian is not positive definite");
            Prediction prediction;
            prediction.basins = *weights;
            return prediction;
          }};
}

}  // namespace kramers::analysis
