#include "analysis/results/hdf5_file.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>

#include "analysis/results/part_file.hpp"
#include "analysis/results/seal.hpp"

namespace kramers::analysis {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }
[[noreturn]] void fail_errno(const std::string& what) { fail(what + ": " + std::strerror(errno)); }

/// The innermost of HDF5's complaints.
std::string complaint() {
  std::string last;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* error, void* text) -> herr_t {
        if (error->desc) *static_cast<std::string*>(text) = error->desc;
        return 0;
      },
      &last);
  H5Eclear2(H5E_DEFAULT);
  return last.substr(0, last.find('\n'));
}

template <class Result>
Result check(Result result, const std::string& what) {
  if (result < 0) fail("cannot " + what + ": " + complaint());
  return result;
}

/// Owns an id. A destructor cannot report, so on the way to a file each is closed by close().
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle(hid_t id, const std::string& what) : id_(check(id, what)) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  ~Handle() {
    if (id_ >= 0) Close(id_);
  }
  void close(const std::string& what) { check(Close(std::exchange(id_, H5I_INVALID_HID)), what); }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
};
using Object = Handle<H5Oclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using AttributeId = Handle<H5Aclose>;
using PropertyList = Handle<H5Pclose>;

/// netCDF-4 appends only to what tracks the order of creation; equal runs make equal files only without times.
PropertyList creation_list(hid_t kind) {
  PropertyList list(H5Pcreate(kind), "make a property list");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  if (kind != H5P_DATASET_CREATE) check(H5Pset_link_creation_order(list, order), "track creation order");
  check(H5Pset_attr_creation_order(list, order), "track creation order");
  check(H5Pset_obj_track_times(list, false), "leave out times");
  return list;
}

Type text_type() {
  Type type(H5Tcopy(H5T_C_S1), "make a text type");
  check(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "make a text type");
  return type;
}

/// The stored types, in the order of Values.
struct Element {
  const char* name;
  hid_t stored;
};
Element element(std::size_t index) {
  const Element all[] = {
      {"float64", H5T_IEEE_F64LE}, {"int64", H5T_STD_I64LE}, {"uint64", H5T_STD_U64LE}, {"int8", H5T_STD_I8LE}};
  return all[index];
}

/// The index in Values of a type in a file.
std::size_t element_index(hid_t type, const std::string& what) {
  for (std::size_t i = 0; i < std::variant_size_v<Values>; ++i)
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

std::span<const std::byte> bytes_of(const Values& values) {
  return std::visit([](const auto& v) { return std::as_bytes(std::span(v)); }, values);
}
std::size_t size_of(const Values& values) {
  return std::visit([](const auto& v) { return v.size(); }, values);
}
void* data_of(Values& values) {
  return std::visit([](auto& v) -> void* { return v.data(); }, values);
}

std::string line(const Values& values, const Shape& shape) {
  std::string dimensions;
  for (const auto& d : shape) dimensions += (dimensions.empty() ? "" : " ") + d.name + "=" + std::to_string(d.size);
  return inventory_line(element(values.index()).name, dimensions, bytes_of(values));
}

std::string line(const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute))
    return inventory_line("text", "", std::as_bytes(std::span(*text)));
  if (const auto* texts = std::get_if<std::vector<std::string>>(&attribute)) {
    std::string all;
    for (const auto& text : *texts) all += text + '\0';
    return inventory_line("text", std::to_string(texts->size()), std::as_bytes(std::span(all)));
  }
  if (const auto* number = std::get_if<double>(&attribute))
    return inventory_line("float64", "1", std::as_bytes(std::span(number, 1)));
  if (const auto* number = std::get_if<std::int64_t>(&attribute))
    return inventory_line("int64", "1", std::as_bytes(std::span(number, 1)));
  const auto& numbers = std::get<std::vector<std::int8_t>>(attribute);
  return inventory_line("int8", std::to_string(numbers.size()), std::as_bytes(std::span(numbers)));
}

std::string child(const std::string& group, const std::string& name) {
  return group == "/" ? "/" + name : group + "/" + name;
}
std::string parent(const std::string& path) { return path.substr(0, std::max<std::size_t>(1, path.rfind('/'))); }
std::string leaf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Chunks of at most 1 MiB, the first axes cut first: a run or replicate is read at once.
std::vector<hsize_t> chunk_of(std::vector<hsize_t> chunk) {
  hsize_t elements = 1;
  for (hsize_t n : chunk) elements *= n;
  for (auto& n : chunk) {
    const hsize_t rest = elements / n;
    n = std::clamp<hsize_t>(131072 / std::max<hsize_t>(rest, 1), 1, n);
    elements = rest * n;
  }
  return chunk;
}

void write_dataset(hid_t file, const std::string& path, const std::vector<hsize_t>& extent, const Values& values,
                   Storage storage, bool fill) {
  const std::string what = "write " + path;
  auto list = creation_list(H5P_DATASET_CREATE);
  if (storage == Storage::compressed) {
    const auto chunk = chunk_of(extent);
    check(H5Pset_chunk(list, int(chunk.size()), chunk.data()), what);
    check(H5Pset_shuffle(list), what);
    check(H5Pset_deflate(list, 4), what);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (fill) check(H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &nan), what);
  Space space(H5Screate_simple(int(extent.size()), extent.data(), nullptr), what);
  const hid_t type = element(values.index()).stored;
  Dataset dataset(H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, list, H5P_DEFAULT), what);
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes_of(values).data()), what);
  dataset.close(what);
  space.close(what);
  list.close(what);
}

void check_is_ours_or_absent(const std::filesystem::path& target) {
  if (!std::filesystem::exists(target)) return;
  bool ours = false;
  try {
    ours = Hdf5Reader(target.string()).is_ours();
  } catch (const std::runtime_error&) {
  }
  if (!ours)
    fail("will not overwrite " + target.string() +
         ": it is not a readable results file of kramers; choose another name");
}

}  // namespace

void check_writable(const std::string& path) {
  PartFile part(path);
  check_is_ours_or_absent(part.target());
  part.fill({});
}

/// HDF5's buffer of a file in memory, taken over when HDF5 closes the file. (H5Fget_file_image gives a superblock whose
/// checksum is wrong in version 1.10.8.)
struct Hdf5Writer::Image {
  std::byte* data = nullptr;
  ~Image() { std::free(data); }

  std::span<const std::byte> bytes() const {
    constexpr int end_of_file = 28;  // its place in a superblock of version 2
    std::uint64_t size;
    std::memcpy(&size, data + end_of_file, sizeof size);
    return {data, size};
  }

  void own_buffer_of(hid_t access) {
    H5FD_file_image_callbacks_t callbacks{
        .image_malloc = [](std::size_t size, auto, void*) { return std::malloc(size); },
        .image_memcpy = [](void* to, const void* from, std::size_t n, auto, void*) { return std::memcpy(to, from, n); },
        .image_realloc = [](void* old, std::size_t size, auto, void*) { return std::realloc(old, size); },
        .image_free = [](void* buffer, auto operation, void* image) -> herr_t {
          if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
            static_cast<Image*>(image)->data = static_cast<std::byte*>(buffer);
          else
            std::free(buffer);
          return 0;
        },
        .udata_copy = [](void* image) { return image; },
        .udata_free = [](void*) -> herr_t { return 0; },
        .udata = this};
    check(H5Pset_file_image_callbacks(access, &callbacks), "make a file");
  }
};

Hdf5Writer::Hdf5Writer() : image_(std::make_unique<Image>()) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  // In memory: a disk that fills up must not strike inside HDF5, which then can neither close nor forget the file.
  PropertyList access(H5Pcreate(H5P_FILE_ACCESS), "make a file");
  check(H5Pset_fapl_core(access, 1 << 20, false), "make a file");
  image_->own_buffer_of(access);
  check(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "make a file");
  const auto creation = creation_list(H5P_FILE_CREATE);
  file_ = check(H5Fcreate("kramers", H5F_ACC_TRUNC, creation, access), "make a file");
  inventory_["/"] = inventory_line("group", "", {});
}

Hdf5Writer::~Hdf5Writer() {
  if (file_ >= 0) H5Fclose(file_);
}

void Hdf5Writer::group(const std::string& path) {
  auto list = creation_list(H5P_GROUP_CREATE);
  Group group(H5Gcreate2(file_, path.c_str(), H5P_DEFAULT, list, H5P_DEFAULT), "write " + path);
  group.close("write " + path);
  list.close("write " + path);
  inventory_[path] = inventory_line("group", "", {});
}

void Hdf5Writer::dimension(const std::string& path, const Values& coordinates, const Attributes& attributes) {
  const std::string what = "write " + path;
  write_dataset(file_, path, {size_of(coordinates)}, coordinates, Storage::plain, false);
  Dataset scale(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), what);
  check(H5DSset_scale(scale, leaf(path).c_str()), what);
  scale.close(what);
  inventory_[path] = line(coordinates, {{leaf(path), size_of(coordinates)}});
  for (const auto& [name, value] : attributes) attribute(path, name, value);
}

void Hdf5Writer::variable(const std::string& path, const std::vector<std::string>& dimensions, const Values& values,
                          const Attributes& attributes, Storage storage) {
  const std::string what = "write " + path;
  Shape shape;
  std::vector<hsize_t> extent;
  std::vector<Dataset> scales;
  hsize_t elements = 1;
  for (const auto& name : dimensions) {
    scales.emplace_back(H5Dopen2(file_, child(parent(path), name).c_str(), H5P_DEFAULT), what);
    Space space(H5Dget_space(scales.back()), what);
    extent.push_back(check(H5Sget_simple_extent_npoints(space), what));
    shape.push_back({name, extent.back()});
    elements *= extent.back();
  }
  if (elements != size_of(values))
    throw std::logic_error(path + " has " + std::to_string(size_of(values)) + " values for " +
                           std::to_string(elements) + " places");
  const bool real = std::holds_alternative<std::vector<double>>(values);
  write_dataset(file_, path, extent, values, storage, real);
  Dataset dataset(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), what);
  for (std::size_t axis = 0; axis < scales.size(); ++axis) {
    check(H5DSattach_scale(dataset, scales[axis], unsigned(axis)), what);
    scales[axis].close(what);
  }
  dataset.close(what);
  inventory_[path] = line(values, shape);
  if (real) attribute(path, "_FillValue", std::numeric_limits<double>::quiet_NaN());
  for (const auto& [name, value] : attributes) attribute(path, name, value);
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, const Attribute& value) {
  const std::string what = "write attribute " + name + " of " + object;
  std::vector<const char*> texts;
  hid_t type = H5I_INVALID_HID;
  const void* data = nullptr;
  hsize_t count = 1;
  if (const auto* text = std::get_if<std::string>(&value)) {
    texts = {text->c_str()};
  } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    for (const auto& entry : *list) texts.push_back(entry.c_str());
    count = list->size();
  } else if (const auto* real = std::get_if<double>(&value)) {
    type = H5T_IEEE_F64LE, data = real;
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    type = H5T_STD_I64LE, data = integer;
  } else {
    const auto& numbers = std::get<std::vector<std::int8_t>>(value);
    type = H5T_STD_I8LE, data = numbers.data(), count = numbers.size();
  }
  Type text = text_type();
  if (!texts.empty()) type = text, data = texts.data();
  const bool scalar = std::holds_alternative<std::string>(value);
  Space space(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr), what);
  Object owner(H5Oopen(file_, object.c_str(), H5P_DEFAULT), what);
  AttributeId attribute(H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), what);
  check(H5Awrite(attribute, type, data), what);
  attribute.close(what);
  owner.close(what);
  space.close(what);
  text.close(what);
  inventory_[object + "@" + name] = line(value);
}

std::span<const std::byte> Hdf5Writer::finish() {
  attribute("/", commit_mark::name, commit_mark::complete);
  const std::string provenance(provenance_group);
  if (!has(provenance)) group(provenance);
  attribute(provenance, commit_mark::digest, digest(inventory_));
  check(H5Fclose(std::exchange(file_, H5I_INVALID_HID)), "finish the file");
  return image_->bytes();
}

void Hdf5Writer::commit(const std::string& path) {
  const std::span<const std::byte> bytes = finish();
  PartFile part(path);
  check_is_ours_or_absent(part.target());
  const std::string last_line = seal(bytes);
  part.fill({bytes, std::as_bytes(std::span(last_line))});
  if (Hdf5Reader(part.path()).inventory() != inventory_)
    fail("cannot write " + path + ": what was read back is not what was written");
  part.become_target();
}

Hdf5Reader::Hdf5Reader(const std::string& path) : path_(path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_errno("cannot read " + path);
  char bytes[32] = {};
  const auto length = std::size_t(std::max<ssize_t>(0, ::read(file, bytes, sizeof bytes)));
  ::close(file);
  const std::string_view begin(bytes, length);
  if (begin.starts_with("kramers "))  // "kramers shard, ..." or "kramers checkpoint, ..."
    fail("cannot read " + path + ": it is a " + std::string(begin.substr(0, begin.find(','))) +
         ", not an HDF5 file; results are made of shards by kramers merge, of a checkpoint by kramers run --resume");
  if (!begin.starts_with("\x89HDF\r\n\x1a\n")) fail("cannot read " + path + ": it is not an HDF5 file");
  if (check_seal(path) == SealState::broken)
    fail("cannot read " + path + ": it is damaged, its checksum does not hold");
  file_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file_ < 0) fail("cannot read " + path + ", which is damaged or cut short: " + complaint());
}

Hdf5Reader::~Hdf5Reader() { H5Fclose(file_); }

bool Hdf5Reader::is_ours() const {
  return has_attribute("/", commit_mark::source) &&
         attribute("/", commit_mark::source) == Attribute(commit_mark::kramers);
}

bool Hdf5Reader::has(const std::string& path) const {
  if (path == "/") return true;
  return has(parent(path)) && H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Hdf5Reader::children(const std::string& group) const {
  const std::string what = "read " + group + " in " + path_;
  Object object(H5Oopen(file_, group.c_str(), H5P_DEFAULT), what);
  H5G_info_t info;
  check(H5Gget_info(object, &info), what);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto length =
        check(H5Lget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT), what);
    std::string name(length, '\0');
    check(H5Lget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), length + 1, H5P_DEFAULT), what);
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> Hdf5Reader::attributes(const std::string& object) const {
  const std::string what = "read the attributes of " + object + " in " + path_;
  Object owner(H5Oopen(file_, object.c_str(), H5P_DEFAULT), what);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    // What dimension scales are made of is known by shape().
    for (const char* internal : {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"})
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

Values Hdf5Reader::values(const std::string& dataset) const {
  const std::string what = "read " + dataset + " in " + path_;
  Dataset set(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), what);
  Type type(H5Dget_type(set), what);
  Space space(H5Dget_space(set), what);
  const auto index = element_index(type, dataset + " in " + path_);
  Values values = empty_values(index, check(H5Sget_simple_extent_npoints(space), what));
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
    std::vector<std::string> texts;
    for (const char* pointer : pointers) texts.push_back(pointer ? pointer : "");
    check(H5Dvlen_reclaim(text, space, H5P_DEFAULT, pointers.data()), what);
    if (H5Sget_simple_extent_type(space) == H5S_SCALAR) return texts.at(0);
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
  const auto value = attribute(object, name);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  fail("cannot read attribute " + name + " of " + object + " in " + path_ + ": it is not a text");
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
