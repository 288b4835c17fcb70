#include "apps/text/recorded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/recorded/acceptance.hpp"
#include "apps/text/uncertain.hpp"

namespace kramers::apps {
namespace {

using analysis::Table;

/// Entry i of a field with its error, "440.5(34)".
std::string entry(const Table& table, const std::string& field, std::size_t i) {
  return uncertain(table.field(field)->values[i], table.field(field + "_error")->values[i]);
}

std::string autocorrelation(const Table& table, const std::string& label) {
  std::string lines;
  const std::vector<std::string>& quantities = table.axis("quantity")->words;
  for (std::size_t q = 0; q < quantities.size(); ++q)
    lines += fmt::format("  {}, {}: {}\n", label, quantities[q],
                         std::isnan(table.field("tau")->values[q])
                             ? "autocorrelation time not known: trajectories too few or too short, or no variance"
                             : fmt::format("autocorrelation time {} steps, {} effective samples",
                                           entry(table, "tau", q), entry(table, "effective_samples", q)));
  return lines;
}

/// "label: what: entry value, entry value"
std::string listed(const Table& table, const std::string& label, const char* what, const char* axis,
                   const std::string& field) {
  std::string line = fmt::format("  {}: {}:", label, what);
  const std::vector<std::string>& entries = table.axis(axis)->words;
  for (std::size_t i = 0; i < entries.size(); ++i)
    line += fmt::format("{} {} {}", i > 0 ? "," : "", entries[i], entry(table, field, i));
  return line + "\n";
}

std::string split_r_hat(const Table& table, const std::string& label) {
  return listed(table, label, "split R-hat", "quantity", "r_hat");
}

std::string area_rate(const Table& table, const std::string& label) {
  return listed(table, label, "area rate", "pair", "area_rate");
}

std::string acceptance(const Table& table, const std::string& label) {
  std::string lines = fmt::format("  {}: acceptance {}\n", label, entry(table, "acceptance", 0));
  if (table.field("acceptance")->values[0] < analysis::low_acceptance)
    lines += fmt::format("    warning: fewer than {:g} of the proposals are accepted: the time step is too large\n",
                         analysis::low_acceptance);
  return lines;
}

std::string fluctuation_dissipation(const Table& table, const std::string& label) {
  const std::vector<std::string>& coordinates = table.axis("coordinate")->words;
  const auto at = [&](const char* field, std::size_t i) { return table.field(field)->values[i]; };
  const auto one = [&](std::size_t i) {
    return fmt::format("{} has T = {} where {:.4g} is expected, z = {:.1f}", coordinates[i],
                       entry(table, "coordinate_temperature", i), at("expected", i), at("z", i));
  };
  std::string flagged;
  std::size_t count = 0, worst = 0;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    if (std::abs(at("z", i)) > std::abs(at("z", worst)) || std::isnan(at("z", worst))) worst = i;
    if (at("flagged", i) == 0) continue;
    constexpr std::size_t most_told = 16;
    if (++count <= most_told) flagged += fmt::format("    warning: {}\n", one(i));
  }
  const std::string of_all = std::isnan(at("z", worst))
                                 ? "no coordinate's temperature is known beforehand"
                                 : fmt::format("{} of {} coordinates are off (abs(z) > {:.2f}); the worst: {}", count,
                                               coordinates.size(), at("limit", 0), one(worst));
  return fmt::format("  {}: fluctuation-dissipation: {}\n{}", label, of_all, flagged);
}

std::string quantiles(const Table& table, const std::string& label) {
  std::string lines;
  std::size_t i = 0;
  for (double density : table.axis("density")->at) {
    lines += fmt::format("  {}, density {}: quantiles", label, density);
    const char* comma = "";
    for (double level : table.axis("level")->at) {
      lines += fmt::format("{} {:g} % {}", comma, 100 * level, entry(table, "quantile", i++));
      comma = ",";
    }
    lines += "\n";
  }
  return lines;
}

std::string until(const Table& table, const std::string& label) {
  const auto one = [&](const char* field) { return table.field(field)->values[0]; };
  const std::vector<double>& reached = table.field("reached_error")->values;
  const double worst = *std::max_element(reached.begin(), reached.end()), asked = one("total_variation_error");
  return fmt::format(
      "  {}: ran {:.0f} steps; a standard error of {:g} in total variation was asked for, {:.3g} reached\n{}", label,
      one("steps"), asked, worst,
      worst > asked ? fmt::format("    warning: {:.2g} % above what was asked for\n", 100 * (worst / asked - 1)) : "");
}

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
  static const std::map<std::string, std::string (*)(const Table&, const std::string&)> lines_of = {
      {"autocorrelation", autocorrelation},
      {"split_r_hat", split_r_hat},
      {"area_rate", area_rate},
      {"acceptance", acceptance},
      {"fluctuation_dissipation", fluctuation_dissipation},
      {"quantiles", quantiles},
      {"until", until}};
  std::string lines;
  for (const Table& table : tables)
    if (const auto found = lines_of.find(table.name); found != lines_of.end()) lines += found->second(table, label);
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
