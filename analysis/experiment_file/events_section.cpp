#include "analysis/experiment_file/events_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using sde::HalfSpace;
using sde::PassageEvent;
using sde::PassageKind;

/// What an event may wait for. `above` and `below` a threshold are short for a crossing.
std::vector<std::string> keys_of(const std::function<bool(const PassageKind&)>& which) {
  std::vector<std::string> keys;
  if (which(sde::crossing)) keys = {"above", "below"};
  for (const PassageKind* kind : sde::passage_kinds())
    if (which(*kind)) keys.emplace_back(kind->key);
  return keys;
}

constexpr std::size_t most_events = 16;
constexpr double most_event_bins = 10'000;

/// Reads one entry of the list.
class EventReader {
 public:
  EventReader(Section section, const Draft& draft) : section_(std::move(section)), draft_(draft) {}

  void read(std::vector<PassageEvent>& into) {
    static const std::vector<std::string> kinds = keys_of([](const PassageKind&) { return true; });
    std::vector<std::string> given;
    for (const std::string& key : kinds)
      if (section_.has(key)) given.push_back(key);
    if (given.size() == 1) {
      const std::string& key = given.front();
      if (key == "above" || key == "below") {
        threshold(key);
      } else {
        event_.kind = sde::passage_kind(key);
        event_.kind->takes_box() ? box() : word();
      }
    } else {
      whole_ = false;
      for (const auto& keys : {kinds, std::vector<std::string>{"axis", "axes"}})
        for (const std::string& key : keys) section_.find(key);
      if (given.empty())
        section_.missing(fmt::format("key '{}' says nothing to wait for; allowed: one of {}", path(), join(kinds)));
      else
        section_.refuse(given.back(), fmt::format("one event a table; '{}' is another", given.front()));
    }
    read_bridge();
    read_bins();
    event_.name = section_.string("name").value_or(describe(event_));
    section_.finish();
    if (!whole_) return;
    if (never())
      section_.missing(fmt::format(
          "event '{}' can never happen: every start point is beyond it already; allowed: a start that is not",
          event_.name));
    into.push_back(event_);
  }

 private:
  std::string path() const {
    std::string full = section_.full("");
    full.pop_back();
    return full;
  }
  int dim() const { return draft_.landscape ? draft_.landscape->dim() : 1 << 14; }
  double guard_radius() const { return draft_.experiment.ensemble.guard_radius; }

  void threshold(const std::string& key) {
    const auto axis = section_.count("axis", 0, dim() - 1);
    const auto at = section_.number(key, {fmt::format("a number within the guard radius {}", guard_radius()),
                                          [radius = guard_radius()](double a) { return std::abs(a) < radius; }});
    whole_ = at && (axis || !section_.has("axis"));
    if (whole_) event_.half_spaces = {{int(axis.value_or(0)), key == "above", *at}};
  }

  void box() {
    const std::string key = event_.kind->key;
    std::vector<double> axes;
    if (section_.has("axes")) {
      const auto numbers = section_.numbers("axes");
      const auto good = [&](double a) { return a >= 0 && a < dim() && a == std::floor(a); };
      whole_ = numbers && !numbers->empty() && std::all_of(numbers->begin(), numbers->end(), good);
      if (numbers && !whole_) section_.refuse("axes", fmt::format("a list of axes from 0 to {}", dim() - 1));
      if (whole_) axes = *numbers;
    } else {
      section_.find("axes");
    }
    const Node& node = *section_.find(key);
    const auto* rows = node.as<Node::List>();
    const std::size_t count = axes.empty() ? std::size_t(dim()) : axes.size();
    bool good = rows && (rows->size() == count || (!draft_.landscape && axes.empty()));
    for (std::size_t i = 0; good && i < rows->size(); ++i) {
      const auto ends = numbers_in((*rows)[i]);
      good = ends && ends->size() == 2 && (*ends)[0] < (*ends)[1] &&
             std::all_of(ends->begin(), ends->end(), [&](double x) { return std::abs(x) < guard_radius(); });
      if (!good) break;
      std::ranges::copy(event_.kind->half_spaces(axes.empty() ? int(i) : int(axes[i]), (*ends)[0], (*ends)[1]),
                        std::back_inserter(event_.half_spaces));
    }
    if (!good)
      section_.refuse(key, fmt::format("[low, high] with low < high, within the guard radius {}, for each of the axes, "
                                       "such as [[-1.0, 1.0]] (all axes, or those in 'axes')",
                                       guard_radius()));
    whole_ = whole_ && good;
  }

  void word() {
    const std::string key = event_.kind->key;
    whole_ = section_.name(key, {event_.kind->word}).has_value();
    if (!draft_.landscape || !event_.tells_basins()) return;
    const std::string& name = draft_.experiment.landscape.name;
    if (!draft_.landscape->basins()) {
      section_.refuse(key, fmt::format("a threshold or a box: which basin a point is in is not known of '{}'", name));
      whole_ = false;
    } else if (draft_.landscape->minima().size() < 2) {
      section_.refuse(key, fmt::format("a threshold or a box: '{}' has one basin, which nothing leaves", name));
      whole_ = false;
    }
  }

  /// Why there is no bridge; empty: there may be one.
  std::string bridge_obstacle() const {
    if (!event_.kind->has_bridge) {
      std::vector<std::string> known = keys_of([](const PassageKind& kind) { return kind.has_bridge; });
      const std::string last = known.back();
      known.pop_back();
      return fmt::format("a bridge is known for '{}' and '{}' alone", fmt::join(known, "', '"), last);
    }
    if (const std::string& scheme = draft_.experiment.dynamics.scheme; !sde::has_brownian_steps(scheme))
      return fmt::format(
          "'{}' does not take Brownian steps from position to position; a bridge needs a scheme that does, such as "
          "'euler-maruyama'",
          scheme);
    if (draft_.noise && draft_.noise->structure() != sde::NoiseStructure::isotropic)
      return fmt::format("a bridge needs isotropic noise, not '{}'", draft_.experiment.dynamics.noise.kind);
    return "";
  }

  void read_bridge() {
    const auto wanted = section_.truth("bridge");
    const std::string obstacle = bridge_obstacle();
    if (wanted.value_or(false) && !obstacle.empty()) section_.refuse("bridge", "false: " + obstacle);
    event_.bridge = wanted.value_or(obstacle.empty()) && obstacle.empty();
  }

  void read_bins() {
    event_.bins = int(section_.count("bins", 1, most_event_bins).value_or(200));
    const auto& ensemble = draft_.experiment.ensemble;
    double steps = double(ensemble.burn_in) + double(ensemble.steps);
    if (const auto range = section_.number("range", positive_number());
        range && dynamics_are_whole(draft_.experiment)) {
      steps = *range / time_step(draft_.experiment);
      if (std::abs(steps - std::round(steps)) <= 1e-6 * steps) steps = std::round(steps);
    }
    event_.steps_per_bin = std::uint64_t(std::clamp(std::ceil(steps / event_.bins), 1.0, longest_run));
  }

  /// Do all trajectories start where it has happened?
  bool never() const {
    const auto& start = draft_.experiment.ensemble.start;
    if (!start) return false;
    using Corners = std::vector<std::vector<double>>;
    const auto happened = [&](const Corners& corners) {  // for all of the box
      return event_.holds([&](const HalfSpace& half) {
        return std::ranges::all_of(
            corners, [&](const auto& x) { return half.axis < int(x.size()) && half.gap(x[half.axis]) <= 0; });
      });
    };
    if (start->kind == Start::Kind::gaussian) return false;
    if (start->kind == Start::Kind::uniform) return happened({start->low, start->high});
    return std::all_of(start->at.begin(), start->at.end(), [&](const auto& x) { return happened(Corners{x}); });
  }

  Section section_;
  const Draft& draft_;
  PassageEvent event_;
  bool whole_ = true;
};

/// "[-1, 1]" of each axis of a box; half-spaces come in pairs, the one at the upper end first.
std::vector<std::string> ranges(const std::vector<HalfSpace>& halves) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i + 1 < halves.size(); i += 2)
    all.push_back(fmt::format("[{}, {}]", halves[i + 1].at, halves[i].at));
  return all;
}

}  // namespace

std::string describe(const PassageEvent& event) {
  const auto& halves = event.half_spaces;
  if (!event.kind->takes_box()) return event.kind->words;
  if (halves.size() == 1)
    return fmt::format("theta_{} {} {}", halves[0].axis, halves[0].above ? ">=" : "<=", halves[0].at);
  std::vector<std::string> all = ranges(halves);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = fmt::format("theta_{} {} {}", halves[2 * i].axis, event.kind->words, all[i]);
  return fmt::format("{}", fmt::join(all, event.kind->joint));
}

std::string events_text(const std::vector<PassageEvent>& events, double time_step) {
  std::vector<std::string> tables;
  for (const PassageEvent& event : events) {
    const auto& halves = event.half_spaces;
    std::string what;
    if (!event.kind->takes_box()) {
      what = fmt::format("{} = \"{}\"", event.kind->key, event.kind->word);
    } else if (halves.size() == 1) {
      what = fmt::format("axis = {}, {} = {}", halves[0].axis, halves[0].above ? "above" : "below", halves[0].at);
    } else {
      std::vector<int> axes;
      for (std::size_t i = 0; i < halves.size(); i += 2) axes.push_back(halves[i].axis);
      what = fmt::format("axes = [{}], {} = [{}]", fmt::join(axes, ", "), event.kind->key,
                         fmt::join(ranges(halves), ", "));
    }
    tables.push_back(fmt::format("{{ name = {}, {}, bridge = {}, bins = {}, range = {} }}",
                                 Node{event.name, "", ""}.full_text(), what, event.bridge, event.bins,
                                 double(event.bins) * double(event.steps_per_bin) * time_step));
  }
  return fmt::format("[{}]", fmt::join(tables, ", "));
}

void read_events(Section& record, Draft& draft) {
  const Node* events = record.find("events");
  if (!events) return;
  if (has_schedule(draft.experiment))
    return record.refuse("events", "without a schedule: passages are timed in steps of one length");
  const auto* list = events->as<Node::List>();
  if (!list || list->size() > most_events)
    return record.refuse("events",
                         fmt::format("a list of at most {} tables such as {{ axis = 0, above = 0.0 }}", most_events));
  for (std::size_t k = 0; k < list->size(); ++k)
    EventReader(Section(&(*list)[k], fmt::format("record.events[{}]", k), record.problems()), draft)
        .read(draft.experiment.record.events);
}

}  // namespace kramers::analysis
