#pragma once

#include "landscapes/catalogue.hpp"
#include "landscapes/model/adaptor.hpp"
#include "landscapes/model/construct.hpp"

namespace kramers::landscapes {

/// The landscape struct L as the catalogue has it: with its loops over blocks, which take their time to compile, and so
/// a unit a landscape (units.cmake).
template <class L>
Entry entry_of() {
  const auto make = [](const Parameters& given) -> std::unique_ptr<Landscape> {
    const Constructed<L> made = construct<L>(given);
    return std::make_unique<Adaptor<L>>(made.landscape, made.storage);
  };
  return {L::name, L::summary,   L::formula_text, L::source, describe_parameters<L>(),
          make,    L::answers(), examples_of<L>()};
}

}  // namespace kramers::landscapes
