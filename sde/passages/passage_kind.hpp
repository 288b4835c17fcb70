#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sde/block.hpp"
#include "sde/passages/half_space.hpp"

namespace kramers::sde {

struct EnsemblePlan;
struct PassageEvent;
template <Real R>
class PassageWatcher;

template <Real R>
using MakeWatcher = std::unique_ptr<PassageWatcher<R>>(const BlockLandscape<R>&, const EnsemblePlan&,
                                                       const PassageEvent&);

/// A way to wait for an event: what it is called, where the event has happened, and who watches for it. Of a box
/// [low, high], .. it knows the half-spaces that its faces bound; or it takes nothing but one word.
struct PassageKind {
  const char* key;             // in record.events
  const char* word = nullptr;  // what stands there; null: a box
  bool outward = false;        // the half-spaces of a box are those beyond its faces, not those on its side of them
  /// In words: "leaves its basin"; of a box what stands before a range, and between two of them: "theta_0 outside
  /// [-1, 1] or theta_1 outside [0, 2]".
  const char *words, *joint = "";
  bool has_bridge = false;    // passages between steps can be told, by a Brownian bridge from state to state
  bool tells_basins = false;  // it keeps, of each passage, from which basin it was and to which
  /// Has it happened to what is `in` these half-spaces? Where that is ever true, the event is the first time that it
  /// is.
  bool (*holds)(const std::vector<HalfSpace>&, const std::function<bool(const HalfSpace&)>& in);
  MakeWatcher<float>* watch_single;
  MakeWatcher<double>* watch_double;

  /// Those of one axis of a box, the one at the upper end first.
  std::array<HalfSpace, 2> half_spaces(int axis, double low, double high) const {
    return {{{axis, outward, high}, {axis, !outward, low}}};
  }
  bool takes_box() const { return word == nullptr; }
};

/// A new kind is a file and a word in list.cpp; files, errors, predictions, summaries and tests ask the kind.
const std::vector<const PassageKind*>& passage_kinds();

/// That of this key, one of the list.
const PassageKind* passage_kind(std::string_view key);

}  // namespace kramers::sde
