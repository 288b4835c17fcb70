#include "sde/schemes/list.hpp"

#include <stdexcept>

#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"

namespace kramers::sde {
namespace {

template <template <class> class... Scheme>
struct SchemeList {
  static std::vector<SchemeFacts> facts() { return {Scheme<double>::facts...}; }

  template <Real R>
  static std::unique_ptr<BlockScheme<R>> make(std::string_view name, const SchemeParameters& parameters) {
    std::unique_ptr<BlockScheme<R>> made;
    ((Scheme<R>::facts.name == name ? void(made = std::make_unique<SchemeOverBlocks<R, Scheme>>(parameters)) : void()),
     ...);
    return made;
  }
};

// The list: a new scheme is a file and a line here.
using Schemes = SchemeList<  //
    EulerMaruyama,           //
    LeimkuhlerMatthews>;

}  // namespace

const std::vector<SchemeFacts>& schemes() {
  static const std::vector<SchemeFacts> facts = Schemes::facts();
  return facts;
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

template <Real R>
std::unique_ptr<BlockScheme<R>> make_scheme(std::string_view name, const SchemeParameters& parameters) {
  auto made = Schemes::make<R>(name, parameters);
  if (!made) throw std::invalid_argument("there is no scheme '" + std::string(name) + "'");
  return made;
}

template std::unique_ptr<BlockScheme<float>> make_scheme<float>(std::string_view, const SchemeParameters&);
template std::unique_ptr<BlockScheme<double>> make_scheme<double>(std::string_view, const SchemeParameters&);

}  // namespace kramers::sde
