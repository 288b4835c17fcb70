#include "apps/text/recorded.hpp"

#include "analysis/recorded/list.hpp"

namespace kramers::apps {
namespace {

using analysis::Table;

/// The values from `at` on, over the axes from the `axis`-th on.
Json nested(const Table& table, const analysis::TableField& field, std::size_t axis, std::size_t& at) {
  if (axis == field.axes.size()) return field.values[at++];
  Json list = Json::array();
  for (std::size_t i = 0; i < table.axis(field.axes[axis])->at.size(); ++i)
    list.push_back(nested(table, field, axis + 1, at));
  return list;
}

}  // namespace

std::string recorded_lines(const std::vector<Table>& tables, const std::string& label) {
  std::string lines;
  for (const Table& table : tables)
    for (const analysis::Recorded& thing : analysis::recorded_things())
      if (thing.name == table.name && thing.lines) lines += thing.lines(table, label);
  return lines;
}

Json recorded_json(const std::vector<Table>& tables) {
  Json all = Json::object();
  for (const Table& table : tables) {
    Json& json = all[table.name];
    for (const sde::TallyAxis& axis : table.axes)
      json[axis.name] = axis.words.empty() ? Json(axis.at) : Json(axis.words);
    for (const analysis::TableField& field : table.fields) {
      std::size_t at = 0;
      json[field.name] = nested(table, field, 0, at);
    }
  }
  return all;
}

}  // namespace kramers::apps
