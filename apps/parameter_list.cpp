#include "apps/parameter_list.hpp"

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

void print_parameters(const std::vector<landscapes::ParameterDescription>& parameters) {
  for (const auto& p : parameters) {
    const std::string unit = p.unit.empty() ? "" : fmt::format(" [{}]", p.unit);
    const std::string by_default = p.default_text.empty() ? "required" : "default " + p.default_text;
    fmt::print("  {:<18}{}{}; {}, {}\n", p.name, p.meaning, unit, p.allowed, by_default);
  }
}

}  // namespace kramers
