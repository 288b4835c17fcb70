#pragma once

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "analysis/results/over_runs.hpp"
#include "analysis/results/run_group.hpp"
#include "analysis/statistics/estimate.hpp"

/// Where the numbers of a run lie in a results file: said once, read by the writer and the reader alike.
namespace kramers::analysis {

/// Numbers of an Owner, a part of RunResults: the dataset NAME (run, axes of the owners, dimensions...); of estimates
/// also NAME_error, of bounds NAME_lower and NAME_upper instead.
template <class Owner>
struct Field {
  std::string name;
  std::variant<Estimate Owner::*, Bounds Owner::*, std::vector<double> Owner::*, std::vector<Estimate> Owner::*> place;
  Names dimensions;  // of a vector
  std::string meaning;
  std::string of = {};  // of an estimate: "standard error of the ..."
};

template <class Owner>
using Fields = std::vector<Field<Owner>>;

/// One dataset of a field: the part of each of its numbers.
struct FieldPart {
  std::string name, meaning;
  int part;
};

template <class Number>
auto& part_of(Number& number, int part) {
  using Kind = std::remove_const_t<Number>;
  if constexpr (std::is_same_v<Kind, Estimate>)
    return part == 0 ? number.value : number.error;
  else if constexpr (std::is_same_v<Kind, Bounds>)
    return part == 0 ? number.lower : number.upper;
  else
    return number;
}

template <class Owner>
std::vector<FieldPart> parts(const Field<Owner>& field) {
  const auto& [name, place, dimensions, meaning, of] = field;
  if (std::holds_alternative<Bounds Owner::*>(place))
    return {{name + "_lower", "lower bound of the " + meaning, 0},
            {name + "_upper", "upper bound of the " + meaning, 1}};
  if (std::holds_alternative<std::vector<double> Owner::*>(place)) return {{name, meaning, 0}};
  return {{name, meaning, 0}, {name + "_error", "standard error of the " + of, 1}};
}

/// Appends the part of each of an owner's numbers.
template <class Owner>
void append_part(std::vector<double>& to, const Field<Owner>& field, const Owner& owner, int part) {
  std::visit(
      [&](auto place) {
        const auto& numbers = owner.*place;
        if constexpr (requires { numbers.begin(); })
          for (const auto& number : numbers) to.push_back(part_of(number, part));
        else
          to.push_back(part_of(numbers, part));
      },
      field.place);
}

/// The reverse.
template <class Owner>
void assign_part(const Field<Owner>& field, Owner& owner, int part, std::span<const double> values) {
  std::visit(
      [&](auto place) {
        auto& numbers = owner.*place;
        if constexpr (requires { numbers.begin(); }) {
          numbers.resize(values.size());
          for (std::size_t i = 0; i < values.size(); ++i) part_of(numbers[i], part) = values[i];
        } else {
          part_of(numbers, part) = values[0];
        }
      },
      field.place);
}

/// Whether a run may lack what it does not know: all NaN in the file, and without a dataset where all runs lack it.
enum class Lack { allowed, refused };

/// How the owners of a run lie in a group: along these dimensions, none for a single one; and how long each is.
struct Extents {
  Names of_owners;
  std::map<std::string, std::size_t> sizes;

  std::size_t product(const Names& dimensions) const {
    std::size_t all = 1;
    for (const std::string& name : dimensions) all *= sizes.at(name);
    return all;
  }
  Names with(const Names& dimensions) const {
    Names all = of_owners;
    all.insert(all.end(), dimensions.begin(), dimensions.end());
    return all;
  }
};

/// `owners_of`: a run's, one after the other.
template <class Owner, class OwnersOf>
void write_fields(RunGroup& group, const Results& results, const Fields<Owner>& fields, const Extents& extents,
                  Lack lack, OwnersOf owners_of) {
  for (const Field<Owner>& field : fields)
    for (const FieldPart& part : parts(field)) {
      const auto of_run = [&](const RunResults& run) {
        std::vector<double> values;
        for (const Owner& owner : owners_of(run)) append_part(values, field, owner, part.part);
        return values;
      };
      Names dimensions = extents.with(field.dimensions);
      const std::size_t size = extents.product(dimensions);
      const std::vector<double> values = lack == Lack::allowed ? gather_known(results, part.name, size, of_run)
                                                               : gather_equal<double>(results, part.name, size, of_run);
      dimensions.insert(dimensions.begin(), "run");
      if (lack == Lack::refused || !values.empty()) group.variable(part.name, dimensions, values, part.meaning);
    }
}

/// `owners_of`: where those of a run go, a span of them or a vector, which is made as long as it has to be.
template <class Owner, class OwnersOf>
void read_fields(const Hdf5Reader& file, const std::string& group, Results& results, const Fields<Owner>& fields,
                 const Extents& extents, Lack lack, OwnersOf owners_of) {
  for (const Field<Owner>& field : fields)
    for (const FieldPart& part : parts(field)) {
      const std::string dataset = group + "/" + part.name;
      if (lack == Lack::allowed && !file.has(dataset)) continue;
      Sizes sizes;
      for (const std::string& name : extents.with(field.dimensions)) sizes.push_back(extents.sizes.at(name));
      const std::size_t each = extents.product(field.dimensions);
      scatter<double>(file, dataset, sizes, results, [&](RunResults& run, std::span<const double> values) {
        if (lack == Lack::allowed && all_unknown(values)) return;
        auto&& owners = owners_of(run);
        if constexpr (requires { owners.resize(1); }) owners.resize(extents.product(extents.of_owners));
        std::size_t first = 0;
        for (Owner& owner : owners) {
          assign_part(field, owner, part.part, values.subspan(first, each));
          first += each;
        }
      });
    }
}

}  // namespace kramers::analysis
