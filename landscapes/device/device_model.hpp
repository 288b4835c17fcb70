#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "landscapes/device/device_program.hpp"
#include "landscapes/gradient_noise/device_noise.hpp"
#include "landscapes/model/basin_table.hpp"
#include "landscapes/model/construct.hpp"
#include "landscapes/model/evaluate.hpp"
#include "sde/device/device.hpp"
#include "sde/device/walk.hpp"
#include "sde/schemes/types.hpp"

namespace kramers::landscapes {

/// A landscape struct as a walker on a device sees it. `capacity_`: room for coordinates, at least its dimension.
template <class L, sde::Real R, int capacity_>
class DeviceModel {
  using Formula = decltype(formula_of<R>(std::declval<const L&>()));

 public:
  static constexpr int capacity = capacity_;

  DeviceModel(int dim, const Formula& formula, const BasinTable<R>& basins)
      : dim_(dim), formula_(formula), basins_(basins) {}

  KRAMERS_HOST_DEVICE int dim() const {
    if constexpr (FixedDimension<L>)
      return L::dim;
    else
      return dim_;
  }
  using Point = R[capacity];
  KRAMERS_HOST_DEVICE void gradient(const Point& x, Point& g) const { gradient_into<R, L>(formula_, x, g); }
  KRAMERS_HOST_DEVICE R value(const Point& x) const { return value_from<R, L>(formula_, x); }
  KRAMERS_HOST_DEVICE std::int32_t basin(const Point& x) const { return basins_(x); }

  template <class F>
  void each_view(F f) {
    if constexpr (requires { formula_.each_view(f); }) formula_.each_view(f);
  }

 private:
  int dim_;
  Formula formula_;
  BasinTable<R> basins_;
};

/// Calls f(capacity) for each capacity that L has on a device, as an std::integral_constant, ascending.
template <class L, class F>
void for_each_capacity(F f) {
  if constexpr (FixedDimension<L>) {
    f(std::integral_constant<int, L::dim>());
  } else {
    f(std::integral_constant<int, sde::largest_in_registers>());
    f(std::integral_constant<int, sde::largest_device_dim>());
  }
}

/// Calls f<Scheme, Noise>() for each scheme that GPUs run, beside each noise that they run it under.
template <sde::Real R, class F>
void for_each_device_motion(F f) {
  sde::DeviceSchemes::for_each(
      [&]<template <class> class Scheme>() { f.template operator()<Scheme<R>, sde::IsotropicShape>(); });
  sde::ShapedDeviceSchemes::for_each(
      [&]<template <class> class Scheme>() { f.template operator()<Scheme<R>, DeviceNoise<R>>(); });
}

/// A landscape, a scheme and noise on a device D, which has run(job).
template <class D, class Model, class Scheme, class Noise, sde::Real R>
class ProgramOn final : public sde::DeviceProgram<R> {
 public:
  ProgramOn(std::shared_ptr<D> device, const Model& model, const Scheme& scheme, const Noise& noise)
      : device_(std::move(device)), model_(model), scheme_(scheme), noise_(noise) {
    const auto move = [&](const R*& view, int size) {
      if (!view) return;
      void* there = device_->allocate(size * sizeof(R));
      device_->copy_in(there, view, size * sizeof(R));
      view = static_cast<const R*>(there);
      moved_.push_back(there);
    };
    model_.each_view(move);
    if constexpr (Noise::shaped) noise_.each_view(move);
  }
  ~ProgramOn() override {
    for (void* view : moved_) device_->release(view);
  }

  int dim() const override { return model_.dim(); }
  int extra_rows() const override { return Scheme::extra; }
  sde::Device& device() const override { return *device_; }
  void start(const sde::StartWalkers<R>& job) const override { device_->run(job); }
  void advance(const sde::Slab<R>& slab) const override {
    device_->run(sde::Walk<Model, Scheme, Noise, R>{model_, scheme_, noise_, slab});
  }
  void gather(const sde::GatherYield<R>& job) const override { device_->run(job); }

 private:
  std::shared_ptr<D> device_;
  Model model_;
  Scheme scheme_;
  Noise noise_;
  std::vector<void*> moved_;
};

/// Null where the noise is not Noise, or no GPU has it.
template <class Scheme, class Noise, class D, class Model, sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> program_under(const std::shared_ptr<D>& device, const Model& model,
                                                     const DeviceDynamics<R>& dynamics) {
  const sde::SchemeParameters& p = dynamics.scheme_parameters;
  std::optional<Noise> noise;
  if constexpr (Noise::shaped) {
    if (dynamics.noise) noise = Noise::of(*dynamics.noise, R((p.calculus - Scheme::facts.calculus) * p.temperature));
  } else if (!dynamics.noise) {
    noise.emplace();
  }
  if (!noise) return nullptr;
  return std::make_unique<ProgramOn<D, Model, Scheme, Noise, R>>(device, model, Scheme(p), *noise);
}

template <class L, class D, sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> program_of(const std::shared_ptr<D>& device, const DeviceDynamics<R>& dynamics) {
  const Constructed<L> made = construct<L>(dynamics.parameters);
  const int dim = dimension_of(made.landscape);
  if (dim > sde::largest_device_dim)
    throw std::invalid_argument("landscape '" + dynamics.landscape + "' of dimension " + std::to_string(dim) +
                                " on a GPU; allowed: up to " + std::to_string(sde::largest_device_dim) +
                                ", or --device cpu");
  const Facts facts = made.landscape.facts();
  const BasinTable<R> basins = facts.basins ? BasinTable<R>(*facts.basins) : BasinTable<R>();
  std::unique_ptr<sde::DeviceProgram<R>> program;
  for_each_capacity<L>([&](auto capacity) {
    if (program || dim > capacity) return;
    const DeviceModel<L, R, decltype(capacity)::value> model(dim, formula_of<R>(made.landscape), basins);
    for_each_device_motion<R>([&]<class Scheme, class Noise>() {
      if (!program && Scheme::facts.name == dynamics.scheme)
        program = program_under<Scheme, Noise>(device, model, dynamics);
    });
  });
  return program;
}

}  // namespace kramers::landscapes
