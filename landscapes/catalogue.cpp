#include "landscapes/catalogue.hpp"

#include "landscapes/adaptor.hpp"
#include "landscapes/asymmetric_double_well.hpp"
#include "landscapes/quadratic.hpp"
#include "landscapes/quartic.hpp"
#include "landscapes/styblinski_tang.hpp"
#include "landscapes/tilted_quartic.hpp"

namespace kramers::landscapes {

namespace {

template <class L>
Entry entry() {
  const auto make = [](const Parameters& given) -> std::unique_ptr<Landscape> {
    const L landscape = read(L::fields(), given);
    if constexpr (requires { landscape.check(); }) landscape.check();
    return std::make_unique<Adaptor<L>>(landscape);
  };
  return {L::name, L::summary, L::formula_text, L::source, describe(L::fields()), make};
}

/// A landscape that is a view of `Data`.
template <class L, class Data>
Entry entry_with_data() {
  const auto make = [](const Parameters& given) -> std::unique_ptr<Landscape> {
    const auto data = std::make_shared<const Data>(given);
    return std::make_unique<Adaptor<L>>(data->view(), data);
  };
  return {L::name, L::summary, L::formula_text, L::source, Data::describe(), make};
}

}  // namespace

const std::vector<Entry>& catalogue() {
  static const std::vector<Entry> all = {
      entry_with_data<Quadratic, QuadraticData>(),
      entry<Quartic>(),
      entry<TiltedQuartic>(),
      entry<AsymmetricDoubleWell>(),
      entry<StyblinskiTang>(),
  };
  return all;
}

const Entry& find(const std::string& name) {
  std::string names;
  for (const Entry& entry : catalogue()) {
    if (entry.name == name) return entry;
    names += (names.empty() ? "" : ", ") + entry.name;
  }
  throw ParameterError("landscape", name, names);
}

}  // namespace kramers::landscapes
