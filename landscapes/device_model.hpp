#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "landscapes/basin_table.hpp"
#include "landscapes/construct.hpp"
#include "landscapes/evaluate.hpp"
#include "landscapes/list.hpp"
#include "sde/device/device.hpp"
#include "sde/schemes/list.hpp"
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
  KRAMERS_HOST_DEVICE void gradient(const R* x, R* g) const { gradient_into<R, L>(formula_, x, g); }
  KRAMERS_HOST_DEVICE R value(const R* x) const { return value_from<R, L>(formula_, x); }
  KRAMERS_HOST_DEVICE std::int32_t basin(const R* x) const { return basins_(x); }

  Formula& formula() { return formula_; }

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
    f(std::integral_constant<int, 8>());
    f(std::integral_constant<int, sde::largest_device_dim>());
  }
}

/// Calls f with a null pointer to each landscape of the list.
template <class F>
void for_each_landscape(F f) {
  [&]<class... L>(const std::tuple<L...>*) {
    (f(static_cast<const L*>(nullptr)), ...);
  }(static_cast<const List*>(nullptr));
}

/// Calls f with a null pointer to each model of every landscape.
template <sde::Real R, class F>
void for_each_model(F f) {
  for_each_landscape([&]<class L>(const L*) {
    for_each_capacity<L>(
        [&](auto capacity) { f(static_cast<const DeviceModel<L, R, decltype(capacity)::value>*>(nullptr)); });
  });
}

/// A landscape and a scheme on a device D, which has run(model, scheme, slab).
template <class D, class Model, class Scheme, sde::Real R>
class ProgramOn final : public sde::DeviceProgram<R> {
 public:
  ProgramOn(std::shared_ptr<D> device, const Model& model, const Scheme& scheme)
      : device_(std::move(device)), model_(model), scheme_(scheme) {
    // What the formula has views of moves to the device.
    if constexpr (requires { model_.formula().each_view([](auto&, int) {}); })
      model_.formula().each_view([&](const R*& view, int size) {
        if (!view) return;
        void* there = device_->allocate(size * sizeof(R));
        device_->copy_in(there, view, size * sizeof(R));
        view = static_cast<const R*>(there);
        moved_.push_back(there);
      });
  }
  ~ProgramOn() override {
    for (void* view : moved_) device_->release(view);
  }

  int dim() const override { return model_.dim(); }
  int extra_rows() const override { return Scheme::extra; }
  sde::Device& device() const override { return *device_; }
  void run(const sde::Slab<R>& slab) const override { device_->run(model_, scheme_, slab); }

 private:
  std::shared_ptr<D> device_;
  Model model_;
  Scheme scheme_;
  std::vector<void*> moved_;
};

/// A landscape and a scheme, both by name, on a device. Throws std::invalid_argument beyond sde::largest_device_dim
/// and for schemes that do not run there.
template <sde::Real R, class D>
std::unique_ptr<sde::DeviceProgram<R>> device_program(std::shared_ptr<D> device, const std::string& landscape,
                                                      const Parameters& parameters, const std::string& scheme,
                                                      const sde::SchemeParameters& scheme_parameters) {
  if (!sde::runs_on_device(scheme)) {
    std::string allowed;
    for (const std::string& name : sde::device_scheme_names()) allowed += name + ", ";
    throw std::invalid_argument("scheme '" + scheme + "' on a GPU; allowed: " + allowed + "or --device cpu");
  }
  std::unique_ptr<sde::DeviceProgram<R>> program;
  for_each_landscape([&]<class L>(const L*) {
    if (landscape != L::name) return;
    const Constructed<L> made = construct<L>(parameters);
    const int dim = dimension_of(made.landscape);
    if (dim > sde::largest_device_dim)
      throw std::invalid_argument("landscape '" + landscape + "' of dimension " + std::to_string(dim) +
                                  " on a GPU; allowed: up to " + std::to_string(sde::largest_device_dim) +
                                  ", or --device cpu");
    const Facts facts = made.landscape.facts();
    const BasinTable<R> basins = facts.basins ? BasinTable<R>(*facts.basins) : BasinTable<R>();
    for_each_capacity<L>([&](auto capacity) {
      if (program || dim > capacity) return;
      using Model = DeviceModel<L, R, decltype(capacity)::value>;
      sde::DeviceSchemes::for_each([&]<template <class> class Scheme>() {
        if (Scheme<R>::facts.name == scheme)
          program = std::make_unique<ProgramOn<D, Model, Scheme<R>, R>>(
              device, Model(dim, formula_of<R>(made.landscape), basins), Scheme<R>(scheme_parameters));
      });
    });
  });
  if (!program) throw std::invalid_argument("there is no landscape '" + landscape + "' or no scheme '" + scheme + "'");
  return program;
}

}  // namespace kramers::landscapes
