#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "analysis/document/plain_text.hpp"
#include "analysis/results/child_process.hpp"
#include "analysis/results/hdf5_calls.hpp"
#include "analysis/results/hdf5_inspection.hpp"
#include "analysis/results/seal.hpp"

namespace kramers::analysis {

using namespace hdf5;

namespace {

[[noreturn]] void fail_errno(const std::string& what) { fail(what + ": " + std::strerror(errno)); }

/// The index in Values of a type of numbers in a file.
std::size_t element_index(hid_t type, const std::string& what) {
  for (std::size_t i = 0; i + 1 < std::variant_size_v<Values>; ++i)
    if (H5Tequal(type, element(i).stored) > 0) return i;
  fail("cannot read " + what + ": its type is none that kramers writes");
}

Values empty_values(std::size_t index, std::size_t size) {
  switch (index) {
    case 0:
      return std::vector<double>(size);
    case 1:
      return std::vector<std::int64_t>(size);
    case 2:
      return std::vector<std::uint64_t>(size);
    default:
      return std::vector<std::int8_t>(size);
  }
}

/// What HDF5 has allocated, as ours.
std::vector<std::string> taken_texts(std::vector<char*>& pointers, hid_t type, hid_t space, const std::string& what) {
  std::vector<std::string> texts;
  for (const char* pointer : pointers) texts.push_back(pointer ? pointer : "");
  check(H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data()), what);
  return texts;
}

void* data_of(Values& values) {
  return std::visit([](auto& v) -> void* { return v.data(); }, values);
}

}  // namespace

Hdf5Reader::Hdf5Reader(const std::string& path, Origin origin) : path_(path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const std::uint64_t size = size_of_file(path);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_errno("cannot read " + path);
  char bytes[32] = {};
  const auto length = std::size_t(std::max<ssize_t>(0, ::read(file, bytes, sizeof bytes)));
  ::close(file);
  const std::string_view begin(bytes, length);
  if (begin.starts_with("kramers "))  // "kramers shard, ..." or "kramers checkpoint, ..."
    fail("cannot read " + path + ": it is a " + printable(begin.substr(0, begin.find(','))) +
         ", not an HDF5 file; results are made of shards by kramers merge, of a checkpoint by kramers run --resume");
  if (!begin.starts_with("\x89HDF\r\n\x1a\n")) fail("cannot read " + path + ": it is not an HDF5 file");
  seal_ = check_seal(path);
  if (seal_ == SealState::broken) fail("cannot read " + path + ": it is damaged, its checksum does not hold");

  const auto open = [&] {
    file_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file_ < 0) fail("it is damaged or cut short: " + complaint());
  };
  if (origin == Origin::foreign) {
    const ChildLimits limits{.memory = (std::uint64_t(256) << 20) + 4 * size, .seconds = unsigned(10 + (size >> 24))};
    const std::string problem = complaint_of_child(limits, [&] {
      open();
      allow_memory(inspect(file_, size));
      inventory();
    });
    if (!problem.empty()) refuse(problem);
  }
  open();
}

void Hdf5Reader::refuse(const std::string& what) const {
  const std::string words = printable(what);
  fail(words.starts_with("cannot read " + path_) ? words : "cannot read " + path_ + ": " + words);
}

bool Hdf5Reader::is_unchanged() const {
  const std::string provenance(provenance_group);
  return has_attribute(provenance, commit_mark::digest) && text(provenance, commit_mark::digest) == digest(inventory());
}

Hdf5Reader::~Hdf5Reader() {
  if (file_ >= 0) H5Fclose(file_);
}

bool Hdf5Reader::is_ours() const {
  return has_attribute("/", commit_mark::source) &&
         attribute("/", commit_mark::source) == Attribute(commit_mark::kramers);
}

bool Hdf5Reader::has(const std::string& path) const {
  if (path == "/") return true;
  return has(parent(path)) && H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Hdf5Reader::children(const std::string& group) const {
  const std::string what = "list " + group;
  Object object(H5Oopen(file_, group.c_str(), H5P_DEFAULT), what);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->push_back(name);
    return 0;
  };
  check(H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), what);
  return names;
}

std::vector<std::string> Hdf5Reader::attributes(const std::string& object) const {
  const std::string what = "read the attributes of " + object + " in " + path_;
  Object owner(H5Oopen(file_, object.c_str(), H5P_DEFAULT), what);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    // What dimension scales are made of is known by shape(); what netCDF's own tools add tells nothing.
    for (const char* internal : {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_NCProperties",
                                 "_Netcdf4Coordinates", "_Netcdf4Dimid", "_nc3_strict"})
      if (std::strcmp(name, internal) == 0) return 0;
    static_cast<std::vector<std::string>*>(list)->push_back(name);
    return 0;
  };
  check(H5Aiterate2(owner, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), what);
  return names;
}

Shape Hdf5Reader::shape(const std::string& dataset) const {
  const std::string what = "read " + dataset + " in " + path_;
  Dataset set(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), what);
  Space space(H5Dget_space(set), what);
  std::vector<hsize_t> extent(check(H5Sget_simple_extent_ndims(space), what));
  check(H5Sget_simple_extent_dims(space, extent.data(), nullptr), what);
  const bool is_scale = H5DSis_scale(set) > 0;
  Shape shape;
  for (std::size_t axis = 0; axis < extent.size(); ++axis) {
    std::string name = is_scale ? dataset : "";
    const auto take_name = [](hid_t, unsigned, hid_t scale, void* result) -> herr_t {
      char text[256] = {};
      if (H5Iget_name(scale, text, sizeof text) < 0) return -1;
      *static_cast<std::string*>(result) = text;
      return 1;
    };
    if (!is_scale) check(H5DSiterate_scales(set, unsigned(axis), nullptr, take_name, &name), what);
    shape.push_back({leaf(name), extent[axis]});
  }
  return shape;
}

std::vector<std::uint64_t> Hdf5Reader::sizes(const std::string& dataset) const {
  if (!has(dataset) || !is_dataset(dataset)) refuse("it lacks " + dataset);
  Dataset set(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), "read " + dataset);
  Space space(H5Dget_space(set), "read " + dataset);
  std::vector<hsize_t> extent(check(H5Sget_simple_extent_ndims(space), "read " + dataset));
  check(H5Sget_simple_extent_dims(space, extent.data(), nullptr), "read " + dataset);
  return {extent.begin(), extent.end()};
}

void Hdf5Reader::check_sizes(const std::string& dataset, const std::vector<std::uint64_t>& sizes) const {
  const auto words = [](const std::vector<std::uint64_t>& of) {
    return of.empty() ? std::string("a single value") : fmt::format("{} values", fmt::join(of, " x "));
  };
  if (const auto there = this->sizes(dataset); there != sizes)
    refuse(fmt::format("{} has {} where {} belong", dataset, words(there), words(sizes)));
}

Values Hdf5Reader::values(const std::string& dataset) const {
  const std::string what = "read " + dataset + " in " + path_;
  Dataset set(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), what);
  Type type(H5Dget_type(set), what);
  Space space(H5Dget_space(set), what);
  const auto size = std::size_t(check(H5Sget_simple_extent_npoints(space), what));
  if (H5Tget_class(type) == H5T_STRING) {
    const Type text = text_type();
    if (H5Tequal(type, text) <= 0) fail("cannot " + what + ": its type is none that kramers writes");
    std::vector<char*> pointers(size);
    check(H5Dread(set, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), what);
    std::vector<std::string> texts = taken_texts(pointers, text, space, what);
    for (const std::string& entry : texts)
      if (fault_in(entry, Lines::many)) refuse(dataset + " has control characters");
    return texts;
  }
  const auto index = element_index(type, dataset + " in " + path_);
  Values values = empty_values(index, size);
  check(H5Dread(set, element(index).stored, H5S_ALL, H5S_ALL, H5P_DEFAULT, data_of(values)), what);
  return values;
}

bool Hdf5Reader::has_attribute(const std::string& object, const std::string& name) const {
  return has(object) && H5Aexists_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

Attribute Hdf5Reader::attribute(const std::string& object, const std::string& name) const {
  const std::string what = "read attribute " + name + " of " + object + " in " + path_;
  AttributeId attribute(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), what);
  Type type(H5Aget_type(attribute), what);
  Space space(H5Aget_space(attribute), what);
  const auto count = std::size_t(check(H5Sget_simple_extent_npoints(space), what));
  if (H5Tget_class(type) == H5T_STRING) {
    const Type text = text_type();
    if (H5Tequal(type, text) <= 0) fail("cannot " + what + ": its type is none that kramers writes");
    std::vector<char*> pointers(count);
    check(H5Aread(attribute, text, pointers.data()), what);
    const std::vector<std::string> texts = taken_texts(pointers, text, space, what);
    for (const std::string& words : texts)
      if (fault_in(words, Lines::many)) refuse("attribute " + name + " of " + object + " has control characters");
    const bool by_netcdf = seal_ == SealState::missing && count == 1 && !std::ranges::count(text_lists, name);
    if (count == 1 && (by_netcdf || H5Sget_simple_extent_type(space) == H5S_SCALAR)) return texts.at(0);
    return texts;
  }
  Values values = empty_values(element_index(type, "attribute " + name + " of " + object + " in " + path_), count);
  check(H5Aread(attribute, element(values.index()).stored, data_of(values)), what);
  if (const auto* small = std::get_if<std::vector<std::int8_t>>(&values)) return *small;
  if (const auto* reals = std::get_if<std::vector<double>>(&values); reals && count == 1) return (*reals)[0];
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&values); integers && count == 1)
    return (*integers)[0];
  fail("cannot " + what + ": its type is none that kramers writes");
}

std::string Hdf5Reader::text(const std::string& object, const std::string& name) const {
  if (!has_attribute(object, name)) refuse("it lacks attribute " + name + " of " + object);
  const auto value = attribute(object, name);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  refuse("attribute " + name + " of " + object + " is not a text");
}

std::vector<std::string> Hdf5Reader::texts(const std::string& object, const std::string& name) const {
  if (!has_attribute(object, name)) return {};
  const auto value = attribute(object, name);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return *texts;
  refuse("attribute " + name + " of " + object + " is not a list of texts");
}

std::int64_t Hdf5Reader::integer(const std::string& object, const std::string& name) const {
  if (!has_attribute(object, name)) refuse("it lacks attribute " + name + " of " + object);
  const auto value = attribute(object, name);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  refuse("attribute " + name + " of " + object + " is not an integer");
}

bool Hdf5Reader::is_dataset(const std::string& path) const {
  Object object(H5Oopen(file_, path.c_str(), H5P_DEFAULT), "read " + path + " in " + path_);
  return H5Iget_type(object) == H5I_DATASET;
}

void Hdf5Reader::take_inventory(const std::string& object, Inventory& inventory) const {
  for (const auto& name : attributes(object)) inventory[object + "@" + name] = line(attribute(object, name));
  if (is_dataset(object)) {
    inventory[object] = line(values(object), shape(object));
  } else {
    inventory[object] = inventory_line("group", "", {});
    for (const auto& name : children(object)) take_inventory(child(object, name), inventory);
  }
}

Inventory Hdf5Reader::inventory() const {
  Inventory inventory;
  take_inventory("/", inventory);
  return inventory;
}

}  // namespace kramers::analysis
