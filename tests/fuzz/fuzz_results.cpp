#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/results_of.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "tests/fuzz/sealed_file.hpp"

using namespace kramers;
using namespace kramers::analysis;

namespace {

/// A dataset, or a group (without values).
struct Object {
  std::string path;
  std::vector<std::string> dimensions;  // names; of a dimension: its own
  std::optional<Values> values;
  Attributes attributes;

  std::string group() const { return path.substr(0, path.rfind('/')); }
  std::string name() const { return path.substr(path.rfind('/') + 1); }
  bool is_dimension() const { return dimensions.size() == 1 && dimensions[0] == name(); }
};

/// All that is in a results file, parents first.
void take_apart(const Hdf5Reader& file, const std::string& path, std::vector<Object>& all) {
  Object object{path, {}, {}, {}};
  for (const std::string& name : file.attributes(path))
    if (name != commit_mark::name && name != commit_mark::digest)
      object.attributes.emplace_back(name, file.attribute(path, name));
  all.push_back(object);
  for (const std::string& name : file.children(path)) {
    const std::string child = (path == "/" ? "" : path) + "/" + name;
    if (path == "/") {
      take_apart(file, child, all);
      continue;
    }
    Object dataset{child, {}, file.values(child), {}};
    for (const Dimension& dimension : file.shape(child)) dataset.dimensions.push_back(dimension.name);
    for (const std::string& attribute : file.attributes(child))
      dataset.attributes.emplace_back(attribute, file.attribute(child, attribute));
    all.push_back(dataset);
  }
}

/// A small run with all that can be recorded.
const ExperimentFile experiment = read_experiment(experiment_of_corpus, "small");
std::vector<StudiedRun> runs = prepare(experiment);

/// What is in its results file.
std::vector<Object> small_file() {
  for (StudiedRun& run : runs) simulate(run, {.threads = 1}, [](auto...) { return true; });
  judge(runs);
  const std::string path =
      std::filesystem::temp_directory_path() / ("kramers-fuzz-" + std::to_string(::getpid()) + ".h5");
  write(collect(experiment, runs), path);
  std::vector<Object> all;
  take_apart(Hdf5Reader(path, Origin::own), "/", all);
  std::filesystem::remove(path);
  return all;
}

std::size_t size_of(const Values& values) {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

/// One change, told by eight bytes: what, which object, which of its parts, to what.
void change(std::vector<Object>& all, const unsigned char* code) {
  Object& object = all[(code[1] | code[2] << 8) % all.size()];
  const unsigned which = code[3], value = code[4] | code[5] << 8;
  const auto special = [&]<class T>(std::vector<T>& values) {
    if constexpr (!std::is_arithmetic_v<T>)
      return;
    else {
      if (values.empty()) return;
      T& x = values[(which | unsigned(code[6]) << 8) % values.size()];
      const T some[] = {T(0),
                        T(1),
                        T(2),
                        T(-1),
                        std::numeric_limits<T>::max(),
                        std::numeric_limits<T>::lowest(),
                        std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : T(7),
                        T(3)};
      x = some[value % 8];
    }
  };
  switch (code[0] % 8) {
    case 0:
      if (object.path != "/") std::erase_if(all, [path = object.path](const Object& o) { return o.path == path; });
      break;
    case 1:  // another length
      if (object.is_dimension())
        std::visit([&](auto& v) { v.resize(std::array{0, 1, 2, 3, 4, 8, 63, 65}[value % 8]); }, *object.values);
      break;
    case 2:
      if (object.values && !object.is_dimension() && !object.dimensions.empty()) object.dimensions.pop_back();
      break;
    case 3:
      if (object.values && !object.is_dimension() && !object.dimensions.empty() && object.dimensions.size() < 6)
        object.dimensions.push_back(object.dimensions[which % object.dimensions.size()]);
      break;
    case 4:  // along another dimension
      if (const Object& other = all[value % all.size()];
          object.values && !object.is_dimension() && !object.dimensions.empty() && other.is_dimension())
        object.dimensions[which % object.dimensions.size()] = other.name();
      break;
    case 5:
      if (object.values) std::visit(special, *object.values);
      break;
    case 6: {  // another attribute
      if (object.attributes.empty()) break;
      auto& attribute = object.attributes[which % object.attributes.size()].second;
      const Attribute some[] = {std::string("1"),    std::vector<std::string>{"a", "b"}, 1.5,
                                std::int64_t(value), std::vector<std::int8_t>{1, 2, 3},  std::string(""),
                                std::string("a/b"),  std::vector<std::string>{"moments"}};
      attribute = some[value % 8];
      break;
    }
    case 7:  // of another type
      if (object.values) {
        const std::size_t n = size_of(*object.values);
        const Values some[] = {std::vector<double>(n), std::vector<std::int64_t>(n), std::vector<std::uint64_t>(n),
                               std::vector<std::int8_t>(n)};
        object.values = some[value % 4];
      }
      break;
  }
}

/// As a file; empty if it would be large.
std::string bytes_of(std::vector<Object>& all) {
  Hdf5Writer file;
  std::map<std::string, std::size_t> sizes;  // of dimensions
  for (const bool dimensions : {true, false})
    for (Object& object : all) {
      if (object.is_dimension() != dimensions && object.values) continue;
      if (!object.values) {
        if (object.path != "/" && !file.has(object.path)) file.group(object.path);
      } else if (!file.has(object.group())) {
        continue;  // its group was removed
      } else if (dimensions) {
        sizes[object.path] = size_of(*object.values);
        file.dimension(object.path, *object.values, {});
      } else {
        std::vector<std::string> along;
        std::size_t size = 1;
        for (const std::string& name : object.dimensions)
          if (const auto found = sizes.find(object.group() + "/" + name); found != sizes.end())
            along.push_back(name), size *= found->second;
        if (size > 100'000) return "";
        std::visit([&](auto& v) { v.resize(size); }, *object.values);
        if (!along.empty()) file.variable(object.path, along, *object.values, {});
      }
    }
  for (const Object& object : all)
    if (file.has(object.path))
      for (const auto& [name, value] : object.attributes)
        if (name != "_FillValue") file.attribute(object.path, name, value);
  const auto bytes = std::as_bytes(file.finish());
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) + seal(bytes);
}

}  // namespace

/// Changes of a good file, eight bytes each: HDF5 itself makes the file, so that all of it reaches our own reader.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const std::vector<Object> good = small_file();
  std::vector<Object> all = good;
  for (; size >= 8 && all.size() > 1; data += 8, size -= 8) change(all, data);
  const std::string bytes = bytes_of(all);
  if (bytes.empty()) return 0;
  const MemoryFile file(bytes);
  try {
    const Results results = read(file.path(), Origin::own);
    for (const RunResults& run : results.runs) check_fits(runs[0], run.statistics, results.path);
  } catch (const std::runtime_error&) {
  }
  return 0;
}
