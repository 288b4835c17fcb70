#pragma once

#include <cstdint>
#include <string>

#include "sde/device/slab.hpp"
#include "sde/trajectory.hpp"

/// One trajectory through a slab of steps, statistics included, as one thread of a GPU runs it. Ordinary C++ as well:
/// `host_device.hpp` runs it on the CPU, and a test holds it against the block engine bit for bit.
namespace kramers::sde {

KRAMERS_HOST_DEVICE inline void count_one(unsigned long long* counter) {
#ifdef __CUDA_ARCH__
  atomicAdd(counter, 1ull);
#else
  ++*counter;  // the host runs one after the other
#endif
}

/// One trajectory in the registers (or local memory) of a thread. Model: a landscape on a device, with `capacity` >=
/// dim(), gradient(x, g), value(x) and basin(x). Noise: IsotropicShape, or what has a shape.
template <class Model, class Scheme, class Noise, Real R>
class Walker {
  static constexpr int capacity = Model::capacity, extra = Scheme::extra, normals_each = Scheme::facts.normals;
  using State = TrajectoryState<capacity, Scheme, R>;

 public:
  KRAMERS_HOST_DEVICE Walker(const Model& model, const Scheme& scheme, const Noise& noise, const Slab<R>& slab,
                             std::uint64_t t)
      : model_(model),
        scheme_(scheme),
        noise_(noise),
        slab_(slab),
        t_(t),
        trajectory_(slab.first_trajectory + t),
        d_(model.dim()) {}

  KRAMERS_HOST_DEVICE void run() {
    const std::uint64_t begun = slab_.begin[t_];
    const std::uint64_t first = begun < slab_.first_step ? slab_.first_step : begun;
    if (slab_.lost[t_] != 0 || first >= slab_.last_step) return;
    State now;
    load(now);
    if (first == 0) start_trajectory(scheme_, gradient(), d_, now);
    State good = now;
    std::uint64_t good_step = first;
    NormalRow<R> normals = normals_from(first);
    for (std::uint64_t step = first; step < slab_.last_step;) {
      const std::uint64_t next = slab_.events.next(step);
      const std::uint64_t event = next < slab_.last_step ? next : slab_.last_step;
      advance(now, event - step, normals);
      step = event;
      if (!slab_.events.is_event(step)) continue;
      if (is_bad(now.x)) {
        find_where_lost(good, good_step);
        return;
      }
      if (slab_.events.is_sample(step)) observe(now, step);
      good = now;
      good_step = step;
    }
    store(now);
  }

 private:
  /// f(i) for every coordinate.
  template <class F>
  KRAMERS_HOST_DEVICE void for_each(F f) const {
    for_each_index<R[capacity]>(d_, f);
  }

  KRAMERS_HOST_DEVICE void load(State& s) const {
    for_each([&](int i) {
      s.x[i] = slab_.theta[i * slab_.count + t_];
      for (int k = 0; k < extra; ++k) s.extra[k][i] = slab_.kept[(k * d_ + i) * slab_.count + t_];
    });
  }
  KRAMERS_HOST_DEVICE void store(const State& s) const {
    for_each([&](int i) {
      slab_.theta[i * slab_.count + t_] = s.x[i];
      for (int k = 0; k < extra; ++k) slab_.kept[(k * d_ + i) * slab_.count + t_] = s.extra[k][i];
    });
  }

  KRAMERS_HOST_DEVICE auto gradient() const {
    return [this](const R(&x)[capacity], R(&g)[capacity]) { model_.gradient(x, g); };
  }
  KRAMERS_HOST_DEVICE NormalRow<R> normals_from(std::uint64_t step) const {
    return {slab_.stream, trajectory_, step * std::uint64_t(d_ * normals_each)};
  }
  KRAMERS_HOST_DEVICE void advance(State& s, std::uint64_t steps, NormalRow<R>& normals) const {
    advance_trajectory(scheme_, gradient(), d_, steps, normals, s, noise_);
  }

  KRAMERS_HOST_DEVICE bool is_bad(const R (&x)[capacity]) const {
    bool bad = false;
    for_each([&](int i) { bad |= !(abs(x[i]) < slab_.guard_radius); });
    return bad;
  }

  /// Again from the last good state, step by step.
  KRAMERS_HOST_DEVICE void find_where_lost(State s, std::uint64_t good_step) const {
    NormalRow<R> normals = normals_from(good_step);
    slab_.sound[t_] = good_step;
    for (std::uint64_t step = good_step;; ++step) {
      store(s);  // stays if the next step is the bad one
      advance(s, 1, normals);
      if (!is_bad(s.x)) continue;
      slab_.lost[t_] = step + 1;
      count_one(slab_.diverged);
      return;
    }
  }

  KRAMERS_HOST_DEVICE void observe(const State& s, std::uint64_t step) const {
    const std::uint64_t number = slab_.events.samples_until(step);
    add_moments(s, number);
    const int part = part_of_sample(number, slab_.samples()), replicate = slab_.replicate(trajectory_);
    const auto group = std::uint64_t(slab_.group(trajectory_)) * time_parts + part;
    const std::uint64_t region = group * slab_.replicates + replicate;
    for (int k = 0; k < slab_.grids; ++k) {
      const FlatGrid& grid = slab_.grid[k];
      const std::int32_t slot = grid.slot(double(at_index(s.x, grid.axis[0])), 0);
      const std::int32_t cell =
          grid.axes == 1 ? grid.cell(slot) : grid.cell(slot, grid.slot(double(at_index(s.x, grid.axis[1])), 1));
      count_one(slab_.counts + slab_.grid_offset[k] + region * grid.cells() + cell);
    }
    if (slab_.minima > 0) {
      const std::int32_t minimum = model_.basin(s.x);
      count_one(slab_.counts + slab_.basin_offset + region * (slab_.minima + 1) +
                (minimum < 0 ? slab_.minima : minimum));
      double& before = slab_.sums[slab_.rows.count() * slab_.count + t_];
      const double now = minimum + 1;
      if (before > 0 && now > 0 && before != now)
        count_one(slab_.counts + slab_.transition_offset +
                  (std::uint64_t(replicate) * slab_.minima + (int(before) - 1)) * slab_.minima + minimum);
      if (now > 0) before = now;
    }
    const std::uint64_t since = step - slab_.events.burn_in;
    if (trajectory_ < slab_.chains && since % slab_.path_every == 0)
      for_each([&](int i) {
        slab_.paths[(trajectory_ * slab_.draws + since / slab_.path_every - 1) * d_ + i] = double(s.x[i]);
      });
  }

  /// In the order and with the roundings of the observer of moments.
  KRAMERS_HOST_DEVICE void add_moments(const State& s, std::uint64_t number) const {
    double* sum = slab_.sums + t_;
    const auto add = [&](double number) {
      *sum += number;
      sum += slab_.count;
    };
    for_each([&](int i) { add(double(s.x[i])); });
    for_each([&](int i) {
      for_each([&](int j) {
        if (j == i || (j > i && slab_.rows.full_covariance)) add(double(s.x[i]) * double(s.x[j]));
      });
    });
    const auto row = [&](int q) -> double& { return slab_.sums[q * slab_.count + t_]; };
    const double loss = double(model_.value(s.x));
    row(slab_.rows.loss(2)) += loss;
    row(slab_.rows.squared_loss()) += loss * loss;
    for_each([&](int i) {
      const double x = double(s.x[i]) - slab_.origin[i];
      row(slab_.rows.fourth_power(i)) += x * x * (x * x);
    });
    R at[capacity], g[capacity];
    look_ahead(scheme_, d_, s, at);
    model_.gradient(at, g);
    if constexpr (Noise::shaped && !LooksAhead<Scheme, R>) noise_.subtract_divergence(at, g);
    const double share = 1.0 / d_;
    double temperature = 0;
    for_each([&](int i) {
      auto e = s.template element<double>(i);
      e.x -= slab_.origin[i];
      e.gradient = double(g[i]);
      temperature += scheme_.temperature(e) * share;
    });
    row(slab_.rows.temperature(2)) += temperature;
    const auto shift = [&](int first) { shift_parts(number, row(first), row(first + 1), row(first + 2)); };
    shift(slab_.rows.loss(0));
    shift(slab_.rows.temperature(0));
  }

  const Model& model_;
  const Scheme& scheme_;
  const Noise& noise_;
  const Slab<R>& slab_;
  std::uint64_t t_, trajectory_;
  int d_;
};

/// Job of a device: all trajectories of a slab.
template <class Model, class Scheme, class Noise, Real R>
struct Walk {
  Model model;
  Scheme scheme;
  Noise noise;
  Slab<R> slab;
  std::uint64_t count = slab.count;

  std::string name() const {
    return "steps " + std::to_string(slab.first_step) + " to " + std::to_string(slab.last_step);
  }
  KRAMERS_HOST_DEVICE void operator()(std::uint64_t t) const {
    Walker<Model, Scheme, Noise, R>(model, scheme, noise, slab, t).run();
  }
};

}  // namespace kramers::sde
