#include "analysis/prediction/euler_maruyama_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/quadrature.hpp"
#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {

using landscapes::Landscape;
using landscapes::Point;
using sde::DensityGrid;

namespace {

/// Steps of more than this many standard deviations (1e-125) are left out. Rare ones count: when the drift of one step
/// is many standard deviations, they alone cross the barrier.
constexpr double reach = 24;
constexpr int most_points = 40'000;
constexpr double most_work = 4e9;  // multiplications: seconds

Point at(double x) { return Point::Constant(1, x); }

/// P(low < standard normal < high), relatively exact in either tail.
double normal_between(double low, double high) {
  if (low > 0) return normal_between(-high, -low);
  const double root_half = 1 / std::numbers::sqrt2;
  if (high < 0) return (std::erfc(-high * root_half) - std::erfc(-low * root_half)) / 2;
  return (std::erf(high * root_half) - std::erf(low * root_half)) / 2;
}

/// Square matrix of which element (i, j) is kept where |i - j| <= band.
struct Banded {
  int size, band;
  std::vector<double> element;
  Banded(int size, int band) : size(size), band(band), element(std::size_t(size) * (2 * band + 1)) {}
  double& operator()(int i, int j) { return element[std::size_t(i) * (2 * band + 1) + (j - i + band)]; }
};

/// Stationary vector of a Markov chain, P(i, j) the probability of i -> j, by the elimination of Grassmann, Taksar and
/// Heyman (Operations Research 33 (1985) 1107): no subtraction, so that every component is relatively exact however
/// rarely the wells exchange, and no fill outside the band. The diagonal is not used.
std::vector<double> stationary_vector(Banded p) {
  for (int k = p.size - 1; k > 0; --k) {
    const int first = std::max(0, k - p.band);
    double leaving = 0;
    for (int j = first; j < k; ++j) leaving += p(k, j);
    for (int i = first; i < k; ++i) {
      const double factor = p(i, k) /= leaving;
      if (factor == 0) continue;
      for (int j = first; j < k; ++j) p(i, j) += factor * p(k, j);
    }
  }
  std::vector<double> mass(p.size);
  mass[0] = 1;
  double total = 1;
  for (int k = 1; k < p.size; ++k) {
    for (int i = std::max(0, k - p.band); i < k; ++i) mass[k] += mass[i] * p(i, k);
    total += mass[k];
    if (total > 1e200) {
      // The first wells may hold next to nothing.
      for (int i = 0; i <= k; ++i) mass[i] /= total;
      total = 1;
    }
  }
  for (double& m : mass) m /= total;
  return mass;
}

/// Largest L'' on the interval, from samples.
double largest_curvature(const Landscape& landscape, double low, double high) {
  double largest = 0;
  for (int i = 0; i <= 4000; ++i)
    largest = std::max(largest, landscape.hessian(at(low + (high - low) * i / 4000))(0, 0));
  return largest;
}

}  // namespace

double EulerMaruyamaLaw::below(double at) const { return between(-std::numeric_limits<double>::infinity(), at); }

double EulerMaruyamaLaw::between(double low, double high) const {
  double sum = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double from = (low - landing[k]) / deviation, to = (high - landing[k]) / deviation;
    if (from < 40 && to > -40) sum += mass[k] * normal_between(from, to);
  }
  return sum;
}

std::vector<double> EulerMaruyamaLaw::cells(const std::vector<double>& edges) const {
  const double far = 12 * deviation;  // 1e-33 beyond
  std::vector<double> cells(edges.size() - 1);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), landing[k] - far) - edges.begin();
    for (std::size_t i = std::max<std::ptrdiff_t>(above - 1, 0); i < cells.size() && edges[i] < landing[k] + far; ++i)
      cells[i] +=
          mass[k] * normal_between((edges[i] - landing[k]) / deviation, (edges[i + 1] - landing[k]) / deviation);
  }
  return cells;
}

Answer<EulerMaruyamaLaw> euler_maruyama_law(const Landscape& landscape, double temperature, double time_step) {
  using None = Answer<EulerMaruyamaLaw>;
  require_normalisable(landscape, temperature);
  if (landscape.dim() != 1) return None::none("the exact law of Euler-Maruyama is computed in one dimension only");
  if (landscape.superquadratic())
    return None::none("Euler-Maruyama has no invariant law where the loss grows faster than quadratically");

  // The law is wider than Boltzmann-Gibbs by 1 / (1 - h L'' / 2) in variance at most.
  LineDensity line = *gibbs_line(landscape, 0, temperature);
  if (line_barrier(line) > 600) return None::none("so cold that the exchange between wells underflows");
  const auto [calm_low, calm_high] = line_support(line, 45);
  const double stability = time_step * largest_curvature(landscape, calm_low, calm_high);
  if (!(stability < 2))
    return None::none("Euler-Maruyama is unstable: time step times largest curvature is " + std::to_string(stability) +
                      ", it must be below 2");
  line.minus_log = [cold = line.minus_log, factor = 1 - stability / 2](double x) { return factor * cold(x); };
  const auto [low, high] = line_support(line, 42);

  // Panels of at most three standard deviations of the kernel.
  const double deviation = std::sqrt(2 * temperature * time_step);
  const GaussRule rule = gauss_rule(14);
  std::vector<double> ends = {low, high};
  for (double kink : line.kinks)
    if (kink > low && kink < high) ends.push_back(kink);
  std::sort(ends.begin(), ends.end());
  EulerMaruyamaLaw law{{}, {}, {}, {}, deviation};
  std::vector<double> weight;
  for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
    const double panels = std::ceil((ends[e + 1] - ends[e]) / (3 * deviation));
    if (panels * double(rule.node.size()) > most_points)
      return None::none("the time step is so small that the transition kernel needs more than 40,000 points");
    const double half = (ends[e + 1] - ends[e]) / panels / 2;
    for (int p = 0; p < int(panels); ++p)
      for (std::size_t i = 0; i < rule.node.size(); ++i) {
        law.x.push_back(ends[e] + half * (2 * p + 1 + rule.node[i]));
        weight.push_back(half * rule.weight[i]);
      }
  }
  const int n = int(law.x.size());
  for (double x : law.x) {
    law.slope.push_back(landscape.gradient(at(x))[0]);
    law.landing.push_back(x - time_step * law.slope.back());
  }

  // From each point, the points that a step can reach.
  std::vector<std::array<int, 2>> reached(n);
  int band = 1;
  for (int k = 0; k < n; ++k) {
    const auto number = [&](double x) { return int(std::lower_bound(law.x.begin(), law.x.end(), x) - law.x.begin()); };
    reached[k] = {number(law.landing[k] - reach * deviation), number(law.landing[k] + reach * deviation)};
    if (reached[k][1] > reached[k][0]) band = std::max({band, k - reached[k][0], reached[k][1] - 1 - k});
  }
  band = std::min(band, n - 1);
  if (double(n) * band * band > most_work)
    return None::none("a step leads so far that the transition kernel takes too long to solve");
  Banded kernel(n, band);
  for (int k = 0; k < n; ++k)
    for (int j = reached[k][0]; j < reached[k][1]; ++j) {
      const double z = (law.x[j] - law.landing[k]) / deviation;
      kernel(k, j) = weight[j] * std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
    }
  law.mass = stationary_vector(std::move(kernel));
  if (!std::all_of(law.mass.begin(), law.mass.end(), [](double m) { return std::isfinite(m); }))
    return None::none("so cold that the exchange between wells underflows");
  return law;
}

Answer<Prediction> euler_maruyama_prediction(const Landscape& landscape, double temperature, double time_step,
                                             const std::vector<DensityGrid>& grids) {
  const auto law = euler_maruyama_law(landscape, temperature, time_step);
  if (!law) return Answer<Prediction>::none(law.why_not);

  Prediction prediction;
  prediction.name = "euler-maruyama";
  for (const DensityGrid& grid : grids) {
    std::vector<double> cells = law->cells(grid_edges(grid, 0));
    cells.push_back(law->between(-infinity, grid.edge(0, 0)));
    cells.push_back(law->between(grid.edge(0, grid.bins[0]), infinity));
    prediction.densities.push_back(std::move(cells));
  }

  if (const auto& basins = landscape.basins()) {
    prediction.basins.emplace(landscape.minima().size());
    std::vector<double> ends = {-infinity, infinity};
    const std::vector<double> edges = basin_edges(landscape)[0];
    ends.insert(ends.end(), edges.begin(), edges.end());
    std::sort(ends.begin(), ends.end());
    for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
      const double inside = std::isinf(ends[e])       ? (std::isinf(ends[e + 1]) ? 0 : ends[e + 1] - 1)
                            : std::isinf(ends[e + 1]) ? ends[e] + 1
                                                      : (ends[e] + ends[e + 1]) / 2;
      if (const int minimum = basin_of(*basins, at(inside)); minimum >= 0)
        (*prediction.basins)[minimum] += law->between(ends[e], ends[e + 1]);
    }
  }

  double loss = 0, mean = 0, second = 0;
  for (std::size_t k = 0; k < law->x.size(); ++k) {
    loss += law->mass[k] * landscape.value(at(law->x[k]));
    mean += law->mass[k] * law->x[k];
    second += law->mass[k] * law->x[k] * law->x[k];
  }
  prediction.loss = loss;
  prediction.mean = {mean};
  prediction.second_moment = {second};
  return prediction;
}

}  // namespace kramers::analysis
