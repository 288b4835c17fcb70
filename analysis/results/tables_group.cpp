#include <algorithm>
#include <optional>
#include <stdexcept>

#include "analysis/results/groups.hpp"

namespace kramers::analysis {
namespace {

constexpr const char* groups_attribute = "tables";  // of the root: which groups are tables
constexpr const char* fields_attribute = "fields";  // of a group: which variables are fields
constexpr const char* words_attribute = "names";    // of a dimension
constexpr const char* sums_name = "replicate_sums";

template <class T>
auto* named(T& list, const std::string& name) {
  const auto found = std::ranges::find(list, name, [](const auto& element) { return element.name; });
  return found == list.end() ? nullptr : &*found;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

[[noreturn]] void not_common(const std::string& group) {
  throw std::invalid_argument("the runs of a results file must have the same '" + group + "'");
}

/// What a run has under a name: a table, a tally or both.
struct Both {
  const Table* table;
  const sde::Tally* tally;

  Both(const RunResults& run, const std::string& name)
      : table(named(run.tables, name)), tally(run.statistics.tally(name)) {}
  std::vector<sde::TallyAxis> axes() const {
    std::vector<sde::TallyAxis> all;
    if (tally) all = tally->shape.axes;
    if (table)
      for (const sde::TallyAxis& axis : table->axes)
        if (!named(all, axis.name)) all.push_back(axis);
    return all;
  }
};

std::vector<std::string> names_of(const RunResults& run) {
  std::vector<std::string> names;
  for (const sde::Tally& tally : run.statistics.tallies) names.push_back(tally.shape.name);
  for (const Table& table : run.tables)
    if (!run.statistics.tally(table.name)) names.push_back(table.name);
  return names;
}

void write_group(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates,
                 const std::string& name) {
  const Both first(results.runs[0], name);
  RunGroup group(file, results, coordinates, "/" + name,
                 first.table ? first.table->meaning : first.tally->shape.meaning);
  const std::vector<sde::TallyAxis> axes = first.axes();
  for (const RunResults& run : results.runs)
    if (Both(run, name).axes() != axes) not_common(name);
  for (const sde::TallyAxis& axis : axes) {
    Attributes words;
    if (!axis.words.empty()) words.push_back({words_attribute, axis.words});
    group.dimension(axis.name, axis.at, axis.meaning, words);
    if (!axis.words.empty()) group.coordinate(axis.name + "_name", {axis.name}, axis.words, axis.meaning);
  }
  if (first.tally) {
    group.dimension("replicate", count_up(first.tally->replicates),
                    "replicate: trajectories independent of all others");
    Names dimensions{"run", "replicate"};
    for (const sde::TallyAxis& axis : first.tally->shape.axes) dimensions.push_back(axis.name);
    std::vector<double> sums;
    for (const RunResults& run : results.runs) append(sums, Both(run, name).tally->sums);
    group.variable(sums_name, dimensions, sums, "sums over the trajectories of a replicate", Storage::compressed);
  }
  if (!first.table) return;
  Names fields;
  for (const TableField& field : first.table->fields) {
    Names dimensions{"run"};
    append(dimensions, field.axes);
    std::vector<double> values;
    for (const RunResults& run : results.runs) {
      const TableField* of_run = Both(run, name).table->field(field.name);
      if (!of_run || of_run->values.size() != field.values.size()) not_common(name);
      append(values, of_run->values);
    }
    group.variable(field.name, dimensions, values, field.meaning);
    fields.push_back(field.name);
  }
  group.attribute("", fields_attribute, fields);
}

[[noreturn]] void misfit(const std::string& what) { throw std::runtime_error(what + " does not fit together"); }

sde::TallyAxis read_axis(const Hdf5Reader& file, const std::string& dimension, std::uint64_t size) {
  sde::TallyAxis axis(dimension.substr(dimension.rfind('/') + 1), file.text(dimension, "long_name"),
                      file.read<double>(dimension, {size}));
  axis.words = file.texts(dimension, words_attribute);
  if (!axis.words.empty() && axis.words.size() != size) misfit(dimension);
  return axis;
}

/// The axes of a variable after the first ones, which have these sizes.
std::vector<sde::TallyAxis> read_axes(const Hdf5Reader& file, const std::string& group, const std::string& variable,
                                      const std::vector<std::uint64_t>& first) {
  std::vector<sde::TallyAxis> axes;
  file.sizes(group + "/" + variable);
  const Shape shape = file.shape(group + "/" + variable);
  if (shape.size() < first.size()) misfit(group + "/" + variable);
  for (std::size_t i = 0; i < first.size(); ++i)
    if (shape[i].size != first[i]) misfit(group + "/" + variable);
  for (std::size_t i = first.size(); i < shape.size(); ++i)
    axes.push_back(read_axis(file, group + "/" + shape[i].name.substr(shape[i].name.rfind('/') + 1), shape[i].size));
  return axes;
}

std::vector<double> part_of(const std::vector<double>& all, std::size_t run, std::size_t runs) {
  const std::size_t each = all.size() / runs;
  return {all.begin() + run * each, all.begin() + (run + 1) * each};
}

void read_group(const Hdf5Reader& file, Results& results, const std::string& name) {
  const std::string group = "/" + name, meaning = file.text(group, "long_name");
  const std::size_t runs = results.runs.size();
  if (file.has(group + "/" + sums_name)) {
    const std::uint64_t replicates = file.sizes(group + "/replicate").at(0);
    if (replicates > sde::max_replicates) misfit(group + "/replicate");
    const std::vector<sde::TallyAxis> axes = read_axes(file, group, sums_name, {runs, replicates});
    const std::vector<double> sums = file.read<double>(group + "/" + sums_name);
    for (std::size_t r = 0; r < runs; ++r) {
      sde::Tally tally;
      tally.shape = {name, meaning, axes};
      tally.replicates = int(replicates);
      tally.sums = part_of(sums, r, runs);
      results.runs[r].statistics.tallies.push_back(std::move(tally));
    }
  }
  const Names fields = file.texts(group, fields_attribute);
  if (fields.empty()) return;
  for (std::size_t r = 0; r < runs; ++r) results.runs[r].tables.push_back({name, meaning, {}, {}});
  for (const std::string& field : fields) {
    const std::vector<sde::TallyAxis> axes = read_axes(file, group, field, {runs});
    const std::vector<double> values = file.read<double>(group + "/" + field);
    Names names;
    for (const sde::TallyAxis& axis : axes) names.push_back(axis.name);
    for (std::size_t r = 0; r < runs; ++r) {
      Table& table = results.runs[r].tables.back();
      for (const sde::TallyAxis& axis : axes)
        if (!table.axis(axis.name)) table.axes.push_back(axis);
      table.fields.push_back({field, file.text(group + "/" + field, "long_name"), names, part_of(values, r, runs)});
    }
  }
}

void write_tables(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  const std::vector<std::string> names = names_of(results.runs[0]);
  for (const RunResults& run : results.runs)
    if (names_of(run) != names) throw std::invalid_argument("the runs of a results file must have the same tables");
  if (names.empty()) return;
  for (const std::string& name : names) write_group(file, results, coordinates, name);
  file.attribute("/", groups_attribute, names);
}

void read_tables(const Hdf5Reader& file, Results& results) {
  for (const std::string& name : file.texts("/", groups_attribute)) {
    if (name.empty() || name.find('/') != name.npos) misfit("the list of tables");
    read_group(file, results, name);
  }
}

}  // namespace

GroupKind tables_group() { return {.write = write_tables, .read = read_tables}; }

}  // namespace kramers::analysis
