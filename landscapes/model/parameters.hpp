#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace kramers::landscapes {

/// A parameter as given: number, integer, list or matrix (list of rows); formula or list of formulas.
using ParameterValue = std::variant<double, std::int64_t, std::vector<double>, std::vector<std::vector<double>>,
                                    std::string, std::vector<std::string>>;
using Parameters = std::map<std::string, ParameterValue>;

/// As a person would type it: 0.1, 3, [1, 2], [[1, 0], [0, 1]], "1 + x^2".
std::string text(const ParameterValue& value);

/// A landscape, or one of its parameters, that cannot be: what was given ("" where it is missing), and what is allowed.
struct ParameterError : std::invalid_argument {
  std::string key, given, allowed;
  ParameterError(std::string key, std::string given, std::string allowed);
};

/// Which values a parameter may take, in words and as a test.
struct Range {
  const char* words;
  bool (*holds)(double);
};
extern const Range any_number, positive, dimension_range;

/// A parameter of a landscape, for people.
struct ParameterDescription {
  std::string name, meaning, unit, type, default_text, allowed;
};

/// A parameter of the landscape struct L: its name in files, where it is kept, what it means.
template <class L>
struct Field {
  const char* name;
  std::variant<double L::*, int L::*> member;
  const char* meaning;
  const char* unit;
  Range range;
};

/// Finite, and 0 or of a size that leaves room for squares and quotients: from 1e-100 to 1e100.
bool is_usable(double number);
inline constexpr const char* usable_words = "of a size from 1e-100 to 1e100";

/// The number given under `key`; integers count as numbers.
double number_in(const std::string& key, const ParameterValue& value, const Range& range);
int integer_in(const std::string& key, const ParameterValue& value, const Range& range);
/// List of usable numbers, not empty.
std::vector<double> list_in(const std::string& key, const ParameterValue& value);
/// Rows of usable numbers, equally long, not empty.
std::vector<std::vector<double>> rows_in(const std::string& key, const ParameterValue& value);

/// Refuses keys that are not among `known`.
void check_keys(const Parameters& given, const std::vector<std::string>& known);

/// Not inlined: g++ 12 would warn of the types of member that a struct does not have.
template <class L, class T>
[[gnu::noinline]] T& member(L& landscape, T L::*at) {
  return landscape.*at;
}

template <class L>
std::vector<ParameterDescription> describe(const std::vector<Field<L>>& fields) {
  std::vector<ParameterDescription> all;
  L defaults{};
  for (const Field<L>& field : fields) {
    const bool real = std::holds_alternative<double L::*>(field.member);
    const ParameterValue by_default =
        real ? ParameterValue(member(defaults, std::get<double L::*>(field.member)))
             : ParameterValue(std::int64_t(member(defaults, std::get<int L::*>(field.member))));
    all.push_back(
        {field.name, field.meaning, field.unit, real ? "number" : "integer", text(by_default), field.range.words});
  }
  return all;
}

/// L with its defaults, but for what is given.
template <class L>
L read(const std::vector<Field<L>>& fields, const Parameters& given) {
  std::vector<std::string> known;
  for (const Field<L>& field : fields) known.push_back(field.name);
  check_keys(given, known);
  L landscape;
  for (const Field<L>& field : fields) {
    const auto found = given.find(field.name);
    if (found == given.end()) continue;
    if (const auto* real = std::get_if<double L::*>(&field.member))
      member(landscape, *real) = number_in(field.name, found->second, field.range);
    else
      member(landscape, std::get<int L::*>(field.member)) = integer_in(field.name, found->second, field.range);
  }
  return landscape;
}

}  // namespace kramers::landscapes
