#include "landscapes/catalogue.hpp"

#include "landscapes/list.hpp"
#include "landscapes/model/adaptor.hpp"
#include "landscapes/model/construct.hpp"

namespace kramers::landscapes {

namespace {

template <class L>
Entry entry() {
  const auto make = [](const Parameters& given) -> std::unique_ptr<Landscape> {
    const Constructed<L> made = construct<L>(given);
    return std::make_unique<Adaptor<L>>(made.landscape, made.storage);
  };
  return {L::name, L::summary,   L::formula_text, L::source, describe_parameters<L>(),
          make,    L::answers(), examples_of<L>()};
}

template <class... L>
std::vector<Entry> entries(std::tuple<L...>*) {
  return {entry<L>()...};
}

}  // namespace

const std::vector<Entry>& catalogue() {
  static const std::vector<Entry> all = entries(static_cast<List*>(nullptr));
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
