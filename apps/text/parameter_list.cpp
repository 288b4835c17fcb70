#include "apps/text/parameter_list.hpp"

#include <fmt/format.h>

namespace kramers {

Json parameters_json(const std::vector<landscapes::ParameterDescription>& parameters) {
  Json list = Json::array();
  for (const auto& p : parameters)
    list.push_back({{"name", p.name},
                    {"meaning", p.meaning},
                    {"unit", p.unit},
                    {"type", p.type},
                    {"default", p.default_text},
                    {"allowed", p.allowed}});
  return list;
}

std::string parameter_lines(const std::vector<landscapes::ParameterDescription>& parameters) {
  std::string lines;
  for (const auto& p : parameters) {
    const std::string unit = p.unit.empty() ? "" : fmt::format(" [{}]", p.unit);
    const std::string by_default = p.default_text.empty() ? "required" : "default " + p.default_text;
    lines += fmt::format("  {:<18}{}{}; {}, {}\n", p.name, p.meaning, unit, p.allowed, by_default);
  }
  return lines;
}

}  // namespace kramers
