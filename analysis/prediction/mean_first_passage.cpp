#include "analysis/prediction/mean_first_passage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace kramers::analysis {
namespace {

constexpr int points = 20;  // of a panel

/// Integrals of a polynomial from -1 to each Gauss node: row i of `weight` for node i.
struct CumulativeRule {
  GaussRule rule = gauss_rule(points);
  double weight[points][points] = {};

  CumulativeRule() {
    const auto lagrange = [&](int j, double t) {
      double value = 1;
      for (int k = 0; k < points; ++k)
        if (k != j) value *= (t - rule.node[k]) / (rule.node[j] - rule.node[k]);
      return value;
    };
    for (int i = 0; i < points; ++i)
      for (int j = 0; j < points; ++j)
        for (int k = 0; k < points; ++k) {
          const double half = (rule.node[i] + 1) / 2;
          weight[i][j] += half * rule.weight[k] * lagrange(j, half * (rule.node[k] + 1) - 1);
        }
  }
};

/// Nodes of all panels from one point to another, with what is integrated there.
struct Line {
  std::vector<double> scale, speed;           // e^(Phi - highest), e^(lowest - Phi) / D, times the width of the node
  std::vector<double> from_left, from_right;  // integral of e^(Phi - highest) from either end to the node
  double total = 0;                           // of `scale`
};

class Panels {
 public:
  /// Way out: the interval on which e^Phi is asked for.
  Panels(const LineDiffusion& diffusion, double from, double low, double high, std::array<double, 2> way_out)
      : diffusion_(diffusion), least_width_((high - low) * 1e-9) {
    std::vector<double> ends = {low, from, high};
    for (const auto& list : {diffusion.kinks, diffusion.landmarks})
      std::copy_if(list.begin(), list.end(), std::back_inserter(ends), [&](double x) { return low < x && x < high; });
    std::sort(ends.begin(), ends.end());
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
      for (int part = 0; part < 16; ++part) {
        const double width = (ends[i + 1] - ends[i]) / 16;
        add(ends[i] + part * width, part == 15 ? ends[i + 1] : ends[i] + (part + 1) * width);
      }
    for (const auto& [a, b] : panels_)
      for (double t : cumulative_.rule.node) {
        const double phi = diffusion_.potential((a + b) / 2 + (b - a) / 2 * t);
        if (a >= way_out[0] && b <= way_out[1]) highest = std::max(highest, phi);
        lowest = std::min(lowest, phi);
      }
  }

  Line between(double begin, double end) const {
    Line line;
    for (const auto& [a, b] : panels_) {
      if (b <= begin || a >= end) continue;
      double scale[points];
      for (int i = 0; i < points; ++i) {
        const double x = (a + b) / 2 + (b - a) / 2 * cumulative_.rule.node[i];
        const double phi = diffusion_.potential(x), width = (b - a) / 2 * cumulative_.rule.weight[i];
        scale[i] = std::exp(phi - highest);
        line.scale.push_back(width * scale[i]);
        line.speed.push_back(width * std::exp(lowest - phi) / diffusion_.diffusion(x));
      }
      double panel = 0;
      for (int i = 0; i < points; ++i) panel += line.scale[line.scale.size() - points + i];
      for (int i = 0; i < points; ++i) {
        double part = 0;
        for (int j = 0; j < points; ++j) part += (b - a) / 2 * cumulative_.weight[i][j] * scale[j];
        line.from_left.push_back(line.total + part);
        line.from_right.push_back(panel - part);  // and of the panels to the right, below
      }
      line.total += panel;
    }
    double right = 0;
    for (std::size_t first = line.scale.size(); first > 0; first -= points) {
      double panel = 0;
      for (std::size_t i = first - points; i < first; ++i) {
        line.from_right[i] += right;
        panel += line.scale[i];
      }
      right += panel;
    }
    return line;
  }

  double highest = -std::numeric_limits<double>::infinity(), lowest = std::numeric_limits<double>::infinity();

 private:
  void add(double a, double b) {
    const auto rise = [&](double x, double y) { return std::abs(diffusion_.potential(y) - diffusion_.potential(x)); };
    const double middle = (a + b) / 2;
    if ((rise(a, middle) > 1 || rise(middle, b) > 1) && b - a > least_width_) {
      add(a, middle);
      add(middle, b);
    } else {
      panels_.emplace_back(a, b);
    }
  }

  const LineDiffusion& diffusion_;
  const double least_width_;
  const CumulativeRule cumulative_;
  std::vector<std::pair<double, double>> panels_;
};

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double sum(const std::vector<double>& a) {
  double all = 0;
  for (double x : a) all += x;
  return all;
}

}  // namespace

LineDiffusion LineDiffusion::isotropic(const LineDensity& gibbs, double temperature) {
  return {gibbs.minus_log, [temperature](double) { return temperature; }, gibbs.kinks, gibbs.landmarks};
}

double mean_exit_time(const LineDiffusion& diffusion, double from, double low, double high) {
  const bool leaves_low = std::isfinite(low), leaves_high = std::isfinite(high);
  if (!(low < from && from < high && (leaves_low || leaves_high)))
    throw std::invalid_argument(fmt::format(
        "there is no exit of ({}, {}) from {}; the point must lie inside and an end be finite", low, high, from));
  if (!leaves_low || !leaves_high) {
    const auto stationary = [&](double x) { return diffusion.potential(x) + std::log(diffusion.diffusion(x)); };
    const auto [first, last] = line_support({stationary, {}, diffusion.landmarks}, 745);
    if (!leaves_low) low = std::min(first, from - 1e-3 * (high - from));
    if (!leaves_high) high = std::max(last, from + 1e-3 * (from - low));
  }
  const Panels panels(diffusion, from, low, high, {leaves_low ? low : from, leaves_high ? high : from});
  const Line left = panels.between(low, from), right = panels.between(from, high);
  const double back = dot(left.from_left, left.speed), ahead = dot(right.from_right, right.speed);
  double time;
  if (leaves_low && leaves_high) {
    const double whole = left.total + right.total;
    time = left.total / whole * ahead + right.total / whole * back;
  } else {
    time = leaves_high ? ahead + right.total * sum(left.speed) : back + left.total * sum(right.speed);
  }
  return time * std::exp(panels.highest - panels.lowest);
}

}  // namespace kramers::analysis
