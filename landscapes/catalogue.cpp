#include "landscapes/catalogue.hpp"

#include "landscapes/list.hpp"

namespace kramers::landscapes {

template <class L>
Entry entry_of();  // catalogue_entry.hpp

const std::vector<Entry>& catalogue() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> entries;
    for_each_landscape([&]<class L>(const L*) { entries.push_back(entry_of<L>()); });
    return entries;
  }();
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
