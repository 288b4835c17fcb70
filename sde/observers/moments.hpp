#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// First and second moments of theta and of the loss, fourth ones of theta about the plan's origin, and the temperature
/// estimate; loss and temperature by part of time. Along one trajectory they are summed in step order, over
/// trajectories exactly, so no order needs keeping.
template <Real R>
class Moments final : public Observer<R> {
 public:
  Moments(int dim, const EnsemblePlan& plan)
      : plan_(plan),
        dim_(dim),
        kept_{dim, dim <= largest_full_covariance},
        quantities_(kept_.count()),
        origin_(plan.origin.empty() ? std::vector<double>(dim) : plan.origin),
        rows_(plan.blocks_here() * quantities_ * block_lanes),
        tally_(moments_shape(plan.groups(), kept_), plan.replicates()),
        counted_(plan.groups() * time_parts, plan.replicates(), 1) {}

  void observe(const Sample<R>& sample) override {
    double* row = rows(sample.lanes);
    const R* theta = sample.theta;
    for (int i = 0; i < dim_; ++i, row += block_lanes)
      for (int lane = 0; lane < block_lanes; ++lane) row[lane] += double(theta[i * block_lanes + lane]);
    for (int i = 0; i < dim_; ++i)
      for (int j = i; j < (kept_.full_covariance ? dim_ : i + 1); ++j, row += block_lanes)
        for (int lane = 0; lane < block_lanes; ++lane)
          row[lane] += double(theta[i * block_lanes + lane]) * double(theta[j * block_lanes + lane]);
    const auto at = [&](int q) { return rows(sample.lanes) + q * block_lanes; };
    double *loss_now = at(kept_.loss(2)), *squared_loss = at(kept_.squared_loss());
    double* temperature_now = at(kept_.temperature(2));
    for (int lane = 0; lane < block_lanes; ++lane) {
      const double loss = sample.loss[lane];
      loss_now[lane] += loss;
      squared_loss[lane] += loss * loss;
      temperature_now[lane] += sample.temperature[lane];
    }
    for (int i = 0; i < dim_; ++i) {
      double* fourth = at(kept_.fourth_power(i));
      const double origin = origin_[i];
      for (int lane = 0; lane < block_lanes; ++lane) {
        const double x = double(theta[i * block_lanes + lane]) - origin;
        fourth[lane] += x * x * (x * x);
      }
    }
    if (!is_power_of_two(sample.number)) return;
    for (const int first : {kept_.loss(0), kept_.temperature(0)})
      for (int lane = 0; lane < block_lanes; ++lane)
        shift_parts(sample.number, at(first)[lane], at(first + 1)[lane], at(first + 2)[lane]);
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    const std::lock_guard lock(mutex_);
    const int replicate = lanes.replicate[lane], group = lanes.group[lane];
    const double* row = rows(lanes) + lane;
    ExactSum* to = tally_.of(replicate) + std::size_t(group) * quantities_;
    for (int q = 0; q < quantities_; ++q) {
      const int first = kept_.first_of(q);
      const int part = kept_.has_parts(q) ? part_in_longer(q - first, samples, plan_.samples()) : 0;
      to[first + part].add(row[q * block_lanes]);
    }
    for (int part = 0; part < time_parts; ++part)
      counted_(group * time_parts + part_in_longer(part, samples, plan_.samples()), replicate, 0) +=
          samples_of_part(part, samples);
  }

  void report(RunStatistics& statistics) override {
    statistics.moments = tally_;
    statistics.counted = counted_;
    statistics.round_sums();
  }

  std::span<double> sums(std::uint64_t block) override {
    return std::span(rows_).subspan(block * quantities_ * block_lanes, std::size_t(quantities_) * block_lanes);
  }

 private:
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * quantities_ * block_lanes; }

  const EnsemblePlan& plan_;
  int dim_;
  SumRows kept_;
  int quantities_;
  std::vector<double> origin_;
  std::vector<double> rows_;  // per block: quantities_ rows of lanes
  Tally tally_;
  Counts counted_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
