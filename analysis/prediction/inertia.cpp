#include "analysis/prediction/inertia.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/prediction/linear_step.hpp"

namespace kramers::analysis {
namespace {

constexpr int cells = 4000;  // along x

/// V = T F on a uniform grid.
struct Potential {
  double width, lowest;
  std::vector<double> x, v;

  Potential(const LineDensity& density, double temperature) {
    const auto [low, high] = line_support(density, 45);
    width = (high - low) / cells;
    for (int i = 0; i <= cells; ++i) {
      x.push_back(low + i * width);
      v.push_back(temperature * density.minus_log(x.back()));
    }
    lowest = *std::min_element(v.begin(), v.end());
    for (double& value : v) value -= lowest;
  }

  /// Action at the energy e, between the nodes first and last.
  double action(double e, int first, int last) const {
    double sum = 0;
    for (int i = first; i <= last; ++i)
      if (e > v[i]) sum += std::sqrt(2 * (e - v[i])) * (i == first || i == last ? 0.5 : 1);
    return 2 * sum * width;
  }
};

/// One of the edges that meet at the barrier's height: cells of energy from there outwards.
struct Edge {
  std::vector<double> mass, resistance;  // of cell i; from cell i to the one before it, or to the joint

  Edge(const Potential& potential, int first, int last, double joint, double end, double temperature) {
    constexpr int count = 200;
    const double step = (end - joint) / count, width = std::abs(step);
    double before = potential.action(joint, first, last);
    for (int i = 0; i < count; ++i) {
      const double face = joint + i * step, centre = face + step / 2;
      const double next = potential.action(face + step, first, last);
      const double weight = std::exp(-centre / temperature);
      mass.push_back(std::abs(next - before) * weight);
      // From centre to centre; from the joint to the first centre.
      const double mobility = temperature * before * std::exp(-face / temperature);
      resistance.push_back((i == 0 ? width / 2 : width) / mobility);
      before = next;
    }
  }
};

/// The slowest mode, by inverse iteration: what flows out of each edge's far end, then the deviation that keeps it up.
double slowest_time(const std::vector<Edge>& edges) {
  double total = 0;
  for (const Edge& edge : edges)
    for (double m : edge.mass) total += m;
  std::vector<std::vector<double>> x;
  for (std::size_t k = 0; k < edges.size(); ++k) x.emplace_back(edges[k].mass.size(), k == 0 ? 1.0 : 0.0);
  double time = 0;
  for (int round = 0; round < 200; ++round) {
    double mean = 0, square = 0, work = 0;
    for (std::size_t k = 0; k < edges.size(); ++k)
      for (std::size_t i = 0; i < x[k].size(); ++i) mean += edges[k].mass[i] * x[k][i] / total;
    for (std::size_t k = 0; k < edges.size(); ++k)
      for (std::size_t i = 0; i < x[k].size(); ++i) square += edges[k].mass[i] * (x[k][i] -= mean) * x[k][i];
    for (std::size_t k = 0; k < edges.size(); ++k) {
      const Edge& edge = edges[k];
      std::vector<double> flux(edge.mass.size());
      double flow = 0;
      for (std::size_t i = flux.size(); i-- > 0;) flux[i] = flow += edge.mass[i] * x[k][i];
      double height = 0;
      for (std::size_t i = 0; i < flux.size(); ++i) {
        work += flux[i] * flux[i] * edge.resistance[i];
        x[k][i] = height += flux[i] * edge.resistance[i];
      }
    }
    const double now = work / square;
    if (std::abs(now - time) < 1e-9 * now) return now;
    time = now;
  }
  return time;
}

}  // namespace

std::optional<BarrierExchange> slowest_exchange(const LineDensity& density, double temperature) {
  const Potential potential(density, temperature);
  const auto& v = potential.v;
  // Masses to the left of each node, and from the right.
  std::vector<double> left(v.size()), right(v.size());
  for (std::size_t i = 1; i < v.size(); ++i)
    left[i] = left[i - 1] + potential.width / 2 * (std::exp(-v[i - 1] / temperature) + std::exp(-v[i] / temperature));
  for (std::size_t i = v.size() - 1; i-- > 0;)
    right[i] = right[i + 1] + potential.width / 2 * (std::exp(-v[i] / temperature) + std::exp(-v[i + 1] / temperature));
  const double total = left.back();

  std::optional<BarrierExchange> slowest;
  int barrier = 0;
  for (std::size_t i = 1; i + 1 < v.size(); ++i) {
    if (!(v[i] >= v[i - 1] && v[i] > v[i + 1])) continue;
    const double time =
        left[i] / total * right[i] / std::exp(-v[i] / temperature) * std::sqrt(2 * std::numbers::pi / temperature);
    if (slowest && time <= slowest->transition_state_time) continue;
    slowest = {potential.x[i], time, 0};
    barrier = int(i);
  }
  if (!slowest) return slowest;
  const double joint = v[barrier];
  const auto bottom = [&](int first, int last) { return *std::min_element(v.begin() + first, v.begin() + last + 1); };
  const auto edge = [&](int first, int last, double end) {
    return Edge(potential, first, last, joint, end, temperature);
  };
  slowest->energy_time =
      slowest_time({edge(0, barrier, bottom(0, barrier)), edge(barrier, cells, bottom(barrier, cells)),
                    edge(0, cells, joint + 20 * temperature)});
  return slowest;
}

double exchange_time(const BarrierExchange& exchange, double overdamped, double friction) {
  const double a = friction * overdamped / exchange.transition_state_time / 2;
  return exchange.transition_state_time * (std::sqrt(1 + a * a) + a) + exchange.energy_time / friction;
}

double time_with_inertia(const std::optional<BarrierExchange>& exchange, double overdamped, double friction) {
  const double within = slowest_mode(1 / overdamped, friction);
  return exchange ? std::max(within, exchange_time(*exchange, overdamped, friction)) : within;
}

}  // namespace kramers::analysis
