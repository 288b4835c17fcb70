#include "analysis/experiment_file/schedule_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kramers::analysis {
namespace {

using sde::Schedule;
using Shape = Schedule::Shape;

const std::vector<std::string> kinds = {"constant", "steps",  "square",  "triangular",
                                        "linear",   "cosine", "warm-up", "piecewise"};

/// Parts of a schedule, as its tables are read one after the other.
class Parts {
 public:
  Parts(const Allowed& allowed, std::optional<std::uint64_t> examples) : allowed_(allowed), examples_(examples) {}

  std::vector<Schedule::Part> parts;
  std::optional<std::size_t> repeat_from;
  bool whole = true;  // nothing was wrong

  bool for_ever() const {
    return repeat_from.has_value() || (!parts.empty() && parts.back().length == Schedule::forever);
  }

  /// The keys of one kind but `units`, `then` and `pieces`.
  void read(Section& table, const std::string& kind) {
    if (kind == "constant") {
      const auto value = number(table, "value");
      const auto over = table.has("over") ? length(table, "over") : (table.find("over"), Schedule::forever);
      if (value && over) parts.push_back({Shape::constant, *value, *value, *over});
    } else if (kind == "steps" || kind == "square") {
      stages(table, kind == "square");
    } else if (kind == "triangular") {
      const auto low = number(table, "low"), high = number(table, "high");
      const auto half = length(table, "half_cycle");
      if (low && high && *low > *high) {
        table.refuse("low", "a number that is not above that of 'high'");
        whole = false;
      }
      if (low && high && half)
        cycles(table, {{Shape::linear, *low, *high, *half}, {Shape::linear, *high, *low, *half}});
      else
        table.find("cycles");
    } else {
      const auto from = number(table, "from"), to = number(table, "to");
      const auto over = length(table, "over");
      if (from && to && over) parts.push_back({kind == "cosine" ? Shape::cosine : Shape::linear, *from, *to, *over});
    }
  }

  void hold() {
    if (parts.empty()) return;
    if (parts.back().shape == Shape::constant)
      parts.back().length = Schedule::forever;
    else
      parts.push_back({Shape::constant, parts.back().to, parts.back().to, Schedule::forever});
  }

 private:
  bool missing(Section& table, const std::string& key, const std::string& allowed) {
    if (table.has(key)) return false;
    if (!table.misspelt(key)) table.missing(fmt::format("key '{}' is missing; allowed: {}", table.full(key), allowed));
    whole = false;
    return true;
  }

  std::optional<double> number(Section& table, const std::string& key) {
    const auto value = table.number(key, allowed_);
    missing(table, key, allowed_.words);
    if (!value) whole = false;
    return value;
  }

  std::string length_words() const {
    return examples_ ? fmt::format("epochs that are a whole number of examples, of {} each", *examples_)
                     : "a whole number of steps, 1 or more";
  }
  std::optional<std::uint64_t> ticks(double length) const {
    const double count = length * (examples_ ? double(*examples_) : 1), nearest = std::round(count);
    if (!(nearest >= 1 && nearest <= 1e15 && std::abs(count - nearest) <= 1e-9 * nearest)) return {};
    return std::uint64_t(nearest);
  }
  std::optional<std::uint64_t> length(Section& table, const std::string& key) {
    const auto given = table.number(key, {"a number > 0", [](double a) { return a > 0; }});
    if (missing(table, key, length_words())) return {};
    const auto count = given ? ticks(*given) : std::nullopt;
    if (given && !count) table.refuse(key, length_words());
    if (!count) whole = false;
    return count;
  }

  void stages(Section& table, bool again) {
    const auto values = table.numbers("values"), lengths = table.numbers("lengths");
    const bool no_values = missing(table, "values", "a list of numbers");  // both, to hear of both
    const bool no_lengths = missing(table, "lengths", "a list of numbers");
    const bool absent = no_values || no_lengths;
    std::vector<Schedule::Part> stages;
    if (values && !std::ranges::all_of(*values, allowed_.holds))
      table.refuse("values", allowed_.words + " each");
    else if (values && values->empty())
      table.refuse("values", "a list of one or more numbers");
    else if (values && lengths && values->size() != lengths->size())
      table.refuse("lengths", fmt::format("a list of {} numbers, one a value", values->size()));
    else if (values && lengths)
      for (std::size_t i = 0; i < values->size(); ++i) {
        const auto count = ticks((*lengths)[i]);
        if (count)
          stages.push_back({Shape::constant, (*values)[i], (*values)[i], *count});
        else
          table.refuse("lengths", length_words());
      }
    const bool good = !absent && values && stages.size() == values->size();
    if (!good) whole = false;
    if (again && good)
      cycles(table, stages);
    else if (again)
      table.find("cycles");
    else if (good)
      parts.insert(parts.end(), stages.begin(), stages.end());
  }

  void cycles(Section& table, const std::vector<Schedule::Part>& cycle) {
    const auto count = table.count("cycles", 1, 1e5);
    if (table.has("cycles") && !count) whole = false;
    if (!table.has("cycles")) repeat_from = parts.size();
    const std::size_t first = parts.size();
    for (std::uint64_t i = 0; i < count.value_or(1); ++i)
      for (std::size_t k = 0; k < cycle.size(); ++k) {
        parts.push_back(cycle[k]);
        if (i > 0) parts.back().again = first + k;
      }
  }

  const Allowed& allowed_;
  std::optional<std::uint64_t> examples_;  // an epoch; none: lengths are steps
};

void read_pieces(Section& table, Parts& parts) {
  const Node* node = table.find("pieces");
  const auto* list = node ? node->as<Node::List>() : nullptr;
  if (!list || list->empty()) {
    const std::string allowed = "a list of tables such as { kind = \"linear\", from = 0.01, to = 0.1, over = 100 }";
    if (node)
      table.refuse("pieces", allowed);
    else
      table.missing(fmt::format("key '{}' is missing; allowed: {}", table.full("pieces"), allowed));
    parts.whole = false;
    return;
  }
  std::vector<std::string> of_pieces = kinds;
  of_pieces.pop_back();  // a piece is not piecewise
  for (std::size_t i = 0; i < list->size(); ++i) {
    Section piece(&(*list)[i], fmt::format("{}[{}]", table.full("pieces"), i), table.problems());
    if (parts.for_ever()) {
      piece.missing(fmt::format("'{}' comes after a piece that never ends; allowed: 'over' or 'cycles' in that one",
                                piece.full("kind").substr(0, piece.full("kind").size() - 5)));
      parts.whole = false;
      return;
    }
    const auto kind = piece.name("kind", of_pieces);
    if (!piece.has("kind"))
      piece.missing(fmt::format("key '{}' is missing; allowed: {}", piece.full("kind"), join(of_pieces)));
    if (!kind) parts.whole = false;
    if (!kind) continue;
    parts.read(piece, *kind);
    piece.finish();
  }
}

}  // namespace

NumberOrSchedule read_number_or_schedule(Section& section, const std::string& key, const Allowed& allowed, bool whole,
                                         std::optional<std::uint64_t> dataset_size) {
  const Node* node = section.find(key);
  if (!node || !node->as<Node::Table>()) return {section.number(key, allowed), {}};

  Section table = section.section(key);
  const auto kind = table.name("kind", kinds);
  if (!table.has("kind"))
    table.missing(fmt::format("key '{}' is missing; allowed: {}", table.full("kind"), join(kinds)));
  if (!kind) return {};
  const bool in_epochs = table.name("units", {"steps", "epochs"}) == "epochs";
  if (in_epochs && !dataset_size) {
    if (!section.has("dataset_size"))
      table.missing(
          "key 'dynamics.dataset_size' is missing beside units = \"epochs\"; allowed: a whole number of examples");
    return {};
  }
  Parts parts(allowed, in_epochs ? dataset_size : std::nullopt);
  if (*kind == "piecewise")
    read_pieces(table, parts);
  else
    parts.read(table, *kind);
  const auto then = table.name("then", {"hold", "repeat"});
  table.finish();
  if (!parts.whole || parts.parts.empty() || (table.has("then") && !then)) return {};
  if (then && (parts.for_ever() || *kind == "warm-up")) {
    table.refuse("then", "only after what ends, which this never does");
    return {};
  }
  if (then == "repeat")
    parts.repeat_from = 0;
  else if (then == "hold" || *kind == "warm-up")
    parts.hold();
  const Schedule schedule(parts.parts, parts.repeat_from.value_or(parts.parts.size()), whole);
  return {schedule.value(0), GivenSchedule{schedule, in_epochs, node->full_text()}};
}

}  // namespace kramers::analysis
