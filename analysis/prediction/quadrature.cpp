#include "analysis/prediction/quadrature.hpp"

#include <algorithm>
#include <boost/math/special_functions/legendre.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {
namespace {

/// Overflow far out may give NaN: no mass there.
double value_or_infinity(double f) { return std::isnan(f) ? infinity : f; }

std::invalid_argument not_normalisable() {
  return std::invalid_argument(
      "the loss does not rise far out: there is no normalisable density to predict; allowed: a loss that rises without "
      "bound in every direction, or prediction = \"none\"");
}

void sort_unique(std::vector<double>& ends, double low, double high) {
  ends.push_back(low);
  ends.push_back(high);
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  std::erase_if(ends, [&](double x) { return !(x >= low && x <= high); });
}

/// Ends that halve towards each landmark down to the distance at which F changes by about one: no peak is narrower.
void add_graded_ends(const std::function<double(double)>& f, const std::vector<double>& landmarks, double low,
                     double high, std::vector<double>& ends) {
  for (double at : landmarks) {
    if (at < low || at > high) continue;
    ends.push_back(at);
    const double here = f(at);
    for (double direction : {-1.0, 1.0}) {
      double distance = 1e-15 * std::fabs(at) + 1e-100;
      while (distance < high - low && std::fabs(f(at + direction * distance) - here) < 0.5) distance *= 2;
      for (; distance < high - low; distance *= 2) ends.push_back(at + direction * distance);
    }
  }
}

struct LinePanels {
  const std::function<double(double)>& f;
  double lowest, accuracy;
  GaussRule coarse = gauss_rule(10), fine = gauss_rule(20);
  LineMasses masses;

  double weigh(const GaussRule& rule, double a, double b, bool keep) {
    double sum = 0;
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double x = (a + b) / 2 + (b - a) / 2 * rule.node[i];
      const double mass = (b - a) / 2 * rule.weight[i] * std::exp(lowest - f(x));
      sum += mass;
      if (keep && mass > 0) {
        masses.x.push_back(x);
        masses.mass.push_back(mass);
      }
    }
    return sum;
  }

  void add(double a, double b, int depth) {
    const std::size_t before = masses.x.size();
    const double sum = weigh(fine, a, b, true);
    // The error of the finer rule is about the square of the coarser one's; below 1e-280 there is nothing to resolve.
    if (depth == 0 || sum < 1e-280 || std::fabs(sum - weigh(coarse, a, b, false)) <= accuracy * sum) return;
    masses.x.resize(before);
    masses.mass.resize(before);
    add(a, (a + b) / 2, depth - 1);
    add((a + b) / 2, b, depth - 1);
  }
};

}  // namespace

GaussRule gauss_rule(int points) {
  GaussRule rule;
  const std::vector<double> half = boost::math::legendre_p_zeros<double>(points);
  for (double x : half) {
    rule.node.push_back(x);
    if (x != 0) rule.node.push_back(-x);
  }
  std::sort(rule.node.begin(), rule.node.end());
  for (double x : rule.node) {
    const double slope = boost::math::legendre_p_prime(points, x);
    rule.weight.push_back(2 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

std::array<double, 2> line_support(const LineDensity& density, double rise) {
  const auto f = [&](double x) { return value_or_infinity(density.minus_log(x)); };
  std::vector<double> landmarks = density.landmarks.empty() ? std::vector<double>{0} : density.landmarks;
  double lowest = infinity;
  for (double x : landmarks) lowest = std::min(lowest, f(x));

  std::array<double, 2> support;
  for (int side : {0, 1}) {
    const double from = side ? landmarks.back() : landmarks.front();
    const auto at = [&](double distance) { return side ? from + distance : from - distance; };
    // Walk out until F has risen, and stays so at two and four times the distance.
    double inside = 0, outside = 1e-6 * (1 + std::fabs(from));
    const auto risen = [&](double distance) { return f(at(distance)) - lowest > rise; };
    while (!(risen(outside) && risen(2 * outside) && risen(4 * outside))) {
      lowest = std::min(lowest, f(at(outside)));
      inside = outside;
      outside *= 1.5;
      if (outside > 1e60) throw not_normalisable();
    }
    while (inside == 0 && at(outside / 2) != from && risen(outside / 2)) outside /= 2;
    for (int i = 0; i < 20; ++i) {
      const double middle = (inside + outside) / 2;
      (risen(middle) ? outside : inside) = middle;
    }
    support[side] = at(outside);
  }
  return support;
}

double line_barrier(const LineDensity& density) {
  double lowest = infinity, highest = -infinity;
  const auto look = [&](double x) {
    const double f = density.minus_log(x);
    lowest = std::min(lowest, f);
    highest = std::max(highest, f);
  };
  for (double x : density.landmarks) look(x);
  if (density.landmarks.size() > 1)
    for (int i = 0; i <= 2000; ++i)
      look(density.landmarks.front() + (density.landmarks.back() - density.landmarks.front()) * i / 2000);
  return density.landmarks.empty() ? 0 : highest - lowest;
}

namespace {

/// So cold that F is rounded by more than it varies over a peak, or that peaks are narrower than the last bits of x:
/// each is a point with the mass of its parabola. Empty where one of them is not.
std::vector<double> point_masses(const std::function<double(double)>& f, const std::vector<double>& peaks,
                                 double lowest, double rounding) {
  std::vector<double> masses;
  for (double x : peaks) {
    const double bit = std::nextafter(std::fabs(x), infinity) - std::fabs(x), here = f(x);
    const double step = 1e-4 * std::fabs(x), curvature = (f(x + step) - 2 * here + f(x - step)) / (step * step);
    const bool narrow = curvature > 0 && (rounding > 1e-6 || 1 / std::sqrt(curvature) < 4 * bit);
    if (!narrow && here - lowest < 745) return {};
    masses.push_back(narrow ? std::sqrt(2 * std::numbers::pi / curvature) * std::exp(lowest - here) : 0);
  }
  return masses;
}

}  // namespace

LineMasses line_masses(const LineDensity& density, const std::vector<double>& edges) {
  const std::function<double(double)> f = [&](double x) { return value_or_infinity(density.minus_log(x)); };
  const auto normalised = [](LineMasses masses, double lowest) {
    double total = 0;
    for (double m : masses.mass) total += m;
    for (double& m : masses.mass) m /= total;
    masses.log_norm = std::log(total) - lowest;
    return masses;
  };
  if (!density.landmarks.empty()) {
    double lowest = infinity;
    for (double x : density.landmarks) lowest = std::min(lowest, f(x));
    if (auto points = point_masses(f, density.landmarks, lowest, density.rounding); !points.empty())
      return normalised({density.landmarks, std::move(points), 0}, lowest);
  }
  const auto [low, high] = line_support(density, 745);

  // The lowest point of a scan is a landmark as well: those given may be incomplete.
  std::vector<double> landmarks = density.landmarks;
  double lowest = infinity, lowest_at = low;
  constexpr int scan = 2000;
  for (int i = 0; i <= scan; ++i) {
    const double x = low + (high - low) * i / scan;
    if (const double here = f(x); here < lowest) {
      lowest = here;
      lowest_at = x;
    }
  }
  for (double x : landmarks) lowest = std::min(lowest, f(x));
  landmarks.push_back(lowest_at);

  std::vector<double> ends = edges;
  ends.insert(ends.end(), density.kinks.begin(), density.kinks.end());
  add_graded_ends(f, landmarks, low, high, ends);
  sort_unique(ends, low, high);

  LinePanels panels{.f = f, .lowest = lowest, .accuracy = std::max(1e-9, 16 * density.rounding), .masses = {}};
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) panels.add(ends[i], ends[i + 1], 40);

  return normalised(std::move(panels.masses), lowest);
}

namespace {

/// Beyond this rise of F over its minimum the plane holds no mass (1e-26).
constexpr double plane_rise = 60;

using Box = std::array<std::array<double, 2>, 2>;  // [axis][low, high]

class PlanePanels {
 public:
  PlanePanels(const PlaneDensity& density, const std::function<void(double, double, double)>& visit)
      : density_(density), visit_(visit) {}

  double run(const std::array<std::vector<double>, 2>& edges) {
    find_lowest_and_box();
    std::array<std::vector<double>, 2> ends = edges;
    for (int axis : {0, 1}) {
      ends[axis].insert(ends[axis].end(), density_.kinks[axis].begin(), density_.kinks[axis].end());
      for (double x : density_.landmarks[axis]) ends[axis].push_back(x);
      const auto [low, high] = box_[axis];
      for (int i = 1; i < 48; ++i) ends[axis].push_back(low + (high - low) * i / 48);
      sort_unique(ends[axis], low, high);
    }
    for (std::size_t i = 0; i + 1 < ends[0].size(); ++i)
      for (std::size_t j = 0; j + 1 < ends[1].size(); ++j)
        add({{{ends[0][i], ends[0][i + 1]}, {ends[1][j], ends[1][j + 1]}}}, 12);
    return -lowest_;
  }

 private:
  double f(double x, double y) const {
    double result;
    density_.minus_log(1, &x, &y, &result);
    return value_or_infinity(result);
  }

  double along_side(int axis, double at, double other) const { return axis == 0 ? f(at, other) : f(other, at); }

  /// Lowest F on one side of a box: samples, then golden section around the best.
  double lowest_on_side(const Box& box, int axis, double at) const {
    const auto [low, high] = box[1 - axis];
    constexpr int samples = 200;
    double best = infinity, best_at = low;
    const auto look = [&](double other) {
      const double here = along_side(axis, at, other);
      if (here < best) {
        best = here;
        best_at = other;
      }
    };
    for (int i = 0; i <= samples; ++i) look(low + (high - low) * i / samples);
    for (double other : density_.landmarks[1 - axis]) look(other);
    for (double step = (high - low) / samples; step > 1e-4 * (high - low) / samples; step *= 0.6) {
      const double here = best_at;
      look(std::max(low, here - step));
      look(std::min(high, here + step));
    }
    return best;
  }

  /// The box of the landmarks, every side moved out until F has risen on it and beyond.
  void find_lowest_and_box() {
    const auto landmarks = [&](int axis) {
      return density_.landmarks[axis].empty() ? std::vector<double>{0} : density_.landmarks[axis];
    };
    for (int axis : {0, 1}) {
      const std::vector<double> at = landmarks(axis);
      const double margin = 0.1 + 0.1 * (at.back() - at.front());
      box_[axis] = {at.front() - margin, at.back() + margin};
    }
    for (int round = 0;; ++round) {
      if (round == 400) throw not_normalisable();
      find_lowest();
      bool moved = false;
      for (int axis : {0, 1})
        for (int side : {0, 1}) {
          const double out = (side ? 0.1 : -0.1) * (box_[axis][1] - box_[axis][0]);
          const double at = box_[axis][side];
          if (lowest_on_side(box_, axis, at) - lowest_ > plane_rise &&
              lowest_on_side(box_, axis, at + out) - lowest_ > plane_rise)
            continue;
          box_[axis][side] += out;
          moved = true;
        }
      if (!moved) return;
    }
  }

  void find_lowest() {
    const auto grid = [&](int axis, int i) { return box_[axis][0] + (box_[axis][1] - box_[axis][0]) * i / 64; };
    const auto look = [&](double x, double y) { lowest_ = std::min(lowest_, f(x, y)); };
    for (double x : density_.landmarks[0])
      for (double y : density_.landmarks[1]) look(x, y);
    for (int i = 0; i <= 64; ++i)
      for (int j = 0; j <= 64; ++j) look(grid(0, i), grid(1, j));
  }

  /// The nodes of a product rule in a box.
  struct Nodes {
    int points = 0;
    double x[PlaneDensity::most_points], y[PlaneDensity::most_points], mass[PlaneDensity::most_points];
    double sum = 0, low = infinity, high = -infinity;  // of the masses; of F above its minimum
  };

  Nodes weigh(const GaussRule& rule, const Box& box) const {
    const double half_x = (box[0][1] - box[0][0]) / 2, half_y = (box[1][1] - box[1][0]) / 2;
    Nodes nodes;
    for (std::size_t i = 0; i < rule.node.size(); ++i)
      for (std::size_t j = 0; j < rule.node.size(); ++j) {
        nodes.x[nodes.points] = box[0][0] + half_x * (1 + rule.node[i]);
        nodes.y[nodes.points] = box[1][0] + half_y * (1 + rule.node[j]);
        nodes.mass[nodes.points++] = half_x * half_y * rule.weight[i] * rule.weight[j];
      }
    double f[PlaneDensity::most_points];
    density_.minus_log(nodes.points, nodes.x, nodes.y, f);
    for (int k = 0; k < nodes.points; ++k) {
      const double rise = value_or_infinity(f[k]) - lowest_;
      nodes.low = std::min(nodes.low, rise);
      nodes.high = std::max(nodes.high, rise);
      nodes.sum += nodes.mass[k] *= std::exp(-rise);
    }
    return nodes;
  }

  /// Error control by doubling the order: the finer rule's error is about the square of the coarser one's.
  void add(const Box& box, int depth) const {
    const Nodes coarse = weigh(coarse_, box);
    // Negligible even if F dips between the nodes by as much as it varies over them (at most 10^4).
    if (coarse.low - std::min(coarse.high - coarse.low, 1e4) > plane_rise) return;
    const Nodes fine = weigh(fine_, box);
    const double area = (box[0][1] - box[0][0]) * (box[1][1] - box[1][0]);
    const double accuracy = std::max(1e-6, 16 * std::numeric_limits<double>::epsilon() * std::fabs(lowest_));
    const bool good = std::fabs(fine.sum - coarse.sum) <=
                      accuracy * fine.sum + 1e-12 * area * std::exp(-std::min(fine.low, plane_rise));
    const bool empty = fine.low > plane_rise && fine.high - fine.low < 4 * plane_rise;
    if (depth == 0 || good || empty) {
      for (int k = 0; k < fine.points; ++k) visit_(fine.x[k], fine.y[k], fine.mass[k]);
      return;
    }
    const double x = (box[0][0] + box[0][1]) / 2, y = (box[1][0] + box[1][1]) / 2;
    for (const auto& part_x : {std::array{box[0][0], x}, std::array{x, box[0][1]}})
      for (const auto& part_y : {std::array{box[1][0], y}, std::array{y, box[1][1]}}) add({part_x, part_y}, depth - 1);
  }

  const PlaneDensity& density_;
  const std::function<void(double, double, double)> visit_;
  GaussRule coarse_ = gauss_rule(4), fine_ = gauss_rule(8);
  double lowest_ = infinity;
  Box box_{};
};

}  // namespace

double visit_plane(const PlaneDensity& density, const std::array<std::vector<double>, 2>& edges,
                   const std::function<void(double x, double y, double mass)>& visit) {
  double total = 0;
  const double log_scale = PlanePanels(density, [&](double x, double y, double mass) {
                             total += mass;
                             visit(x, y, mass);
                           }).run(edges);
  if (!(total > 0) || !std::isfinite(total))
    throw std::invalid_argument(
        "the density in the plane has peaks too narrow beside its extent to be integrated (a millionth); allowed: "
        "another temperature or landscape, or prediction = \"none\"");
  return log_scale;
}

}  // namespace kramers::analysis
