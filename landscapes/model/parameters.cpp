#include "landscapes/model/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kramers::landscapes {

namespace {

std::string shortest(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

template <class List, class Text>
std::string bracketed(const List& list, Text text_of) {
  std::string all = "[";
  for (const auto& element : list) all += (all.size() > 1 ? ", " : "") + text_of(element);
  return all + "]";
}

std::string list_text(const std::vector<double>& list) { return bracketed(list, shortest); }

std::string quoted(const std::string& formula) { return '"' + formula + '"'; }

bool all_usable(const std::vector<double>& list) { return std::all_of(list.begin(), list.end(), is_usable); }

/// What is allowed beside `words`, to one who gave a number that is too large or small.
std::string sized(const std::string& words, const std::vector<double>& given) {
  return all_usable(given) ? words : words + ", " + usable_words;
}

}  // namespace

std::string text(const ParameterValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return shortest(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return list_text(*list);
  if (const auto* rows = std::get_if<std::vector<std::vector<double>>>(&value)) return bracketed(*rows, list_text);
  if (const auto* formula = std::get_if<std::string>(&value)) return quoted(*formula);
  return bracketed(std::get<std::vector<std::string>>(value), quoted);
}

ParameterError::ParameterError(std::string key_, std::string given_, std::string allowed_)
    : std::invalid_argument(key_ + (given_.empty() ? "" : " = " + given_) + " is not possible; allowed: " + allowed_),
      key(std::move(key_)),
      given(std::move(given_)),
      allowed(std::move(allowed_)) {}

const Range any_number{"any finite number", [](double) { return true; }};
const Range positive{"a number > 0", [](double a) { return a > 0; }};
const Range dimension_range{"an integer from 1 to 100000", [](double a) { return a >= 1 && a <= 100000; }};

bool is_usable(double number) {
  const double size = std::abs(number);
  return size == 0 || (size >= 1e-100 && size <= 1e100);
}

double number_in(const std::string& key, const ParameterValue& value, const Range& range) {
  double number = std::nan("");
  if (const auto* real = std::get_if<double>(&value)) number = *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) number = double(*integer);
  if (!range.holds(number) || !is_usable(number)) {
    const bool out_of_size = std::isfinite(number) && range.holds(number);
    throw ParameterError(key, text(value), out_of_size ? sized(range.words, {number}) : range.words);
  }
  return number;
}

int integer_in(const std::string& key, const ParameterValue& value, const Range& range) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (!integer || !range.holds(double(*integer))) throw ParameterError(key, text(value), range.words);
  return int(*integer);
}

std::vector<double> list_in(const std::string& key, const ParameterValue& value) {
  const auto* list = std::get_if<std::vector<double>>(&value);
  if (!list || list->empty() || !all_usable(*list))
    throw ParameterError(key, text(value), sized("a list of finite numbers", list ? *list : std::vector<double>{}));
  return *list;
}

std::vector<std::vector<double>> rows_in(const std::string& key, const ParameterValue& value) {
  const auto* rows = std::get_if<std::vector<std::vector<double>>>(&value);
  const bool whole =
      rows && !rows->empty() && !rows->front().empty() && std::all_of(rows->begin(), rows->end(), [&](const auto& row) {
        return row.size() == rows->front().size() && all_usable(row);
      });
  if (!whole)
    throw ParameterError(key, text(value),
                         std::string("a matrix of numbers ") + usable_words + ": a list of rows, equally long");
  return *rows;
}

void check_keys(const Parameters& given, const std::vector<std::string>& known) {
  for (const auto& [key, value] : given) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "the parameters " : ", ") + name;
    throw ParameterError(key, text(value), names.empty() ? "no parameters" : names);
  }
}

}  // namespace kramers::landscapes
