#include "sde/schemes/list.hpp"

#include <algorithm>
#include <stdexcept>

#include "sde/schemes/types.hpp"

namespace kramers::sde {

const std::vector<SchemeFacts>& schemes() {
  static const std::vector<SchemeFacts> all = [] {
    std::vector<SchemeFacts> facts;
    Schemes::for_each([&]<template <class> class Scheme>() { facts.push_back(Scheme<double>::facts); });
    WholeBlockSchemes::for_each([&]<template <class> class Scheme>() { facts.push_back(Scheme<double>::own_facts); });
    return facts;
  }();
  return all;
}

const SchemeFacts* find_scheme(std::string_view name) {
  for (const SchemeFacts& facts : schemes())
    if (facts.name == name) return &facts;
  return nullptr;
}

std::vector<std::string> scheme_names() {
  std::vector<std::string> names;
  for (const SchemeFacts& facts : schemes()) names.emplace_back(facts.name);
  return names;
}

std::vector<std::string> device_scheme_names(bool shaped) {
  std::vector<std::string> names;
  const auto add = [&]<template <class> class Scheme>() { names.emplace_back(Scheme<double>::facts.name); };
  shaped ? ShapedDeviceSchemes::for_each(add) : DeviceSchemes::for_each(add);
  return names;
}

bool runs_on_device(std::string_view name, bool shaped) {
  const auto names = device_scheme_names(shaped);
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_brownian_steps(std::string_view name) {
  if (find_scheme(name)->quadratic_alone) return false;  // exact, however long
  return make_scheme<double>(name, {.time_step = 1, .temperature = 1, .friction = 1, .learning_rate = 1})
             ->extra_rows(1) == 0;
}

template <Real R>
std::unique_ptr<BlockScheme<R>> make_scheme(std::string_view name, const SchemeParameters& parameters,
                                            std::shared_ptr<const BlockNoise<R>> noise) {
  std::unique_ptr<BlockScheme<R>> made;
  Schemes::for_each([&]<template <class> class Scheme>() {
    if (Scheme<R>::facts.name == name) made = std::make_unique<SchemeOverBlocks<R, Scheme>>(parameters, noise);
  });
  WholeBlockSchemes::for_each([&]<template <class> class Scheme>() {
    if (Scheme<R>::own_facts.name == name) made = std::make_unique<Scheme<R>>(parameters, noise);
  });
  if (!made) throw std::invalid_argument("there is no scheme '" + std::string(name) + "'");
  return made;
}

template std::unique_ptr<BlockScheme<float>> make_scheme<float>(std::string_view, const SchemeParameters&,
                                                                std::shared_ptr<const BlockNoise<float>>);
template std::unique_ptr<BlockScheme<double>> make_scheme<double>(std::string_view, const SchemeParameters&,
                                                                  std::shared_ptr<const BlockNoise<double>>);

}  // namespace kramers::sde
