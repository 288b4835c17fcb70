#include <hdf5_hl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>

#include "analysis/results/hdf5_calls.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/seal.hpp"

namespace kramers::analysis {

using namespace hdf5;

namespace {

/// netCDF-4 appends only to what tracks the order of creation; equal runs make equal files only without times.
PropertyList creation_list(hid_t kind) {
  PropertyList list(H5Pcreate(kind), "make a property list");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  if (kind != H5P_DATASET_CREATE) check(H5Pset_link_creation_order(list, order), "track creation order");
  check(H5Pset_attr_creation_order(list, order), "track creation order");
  check(H5Pset_obj_track_times(list, false), "leave out times");
  return list;
}

std::size_t size_of(const Values& values) {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

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
  const Type text = text_type();
  std::vector<const char*> texts;
  const auto* words = std::get_if<std::vector<std::string>>(&values);  // perhaps none of them
  if (words)
    for (const std::string& word : *words) texts.push_back(word.c_str());
  const hid_t type = words ? hid_t(text) : element(values.index()).stored;
  const void* data = words ? static_cast<const void*>(texts.data())
                           : std::visit([](const auto& v) -> const void* { return v.data(); }, values);
  Dataset dataset(H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, list, H5P_DEFAULT), what);
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), what);
  dataset.close(what);
  space.close(what);
  list.close(what);
}

void check_replaceable(const std::filesystem::path& target, Replace replace) {
  if (replace == Replace::anything || !std::filesystem::exists(target)) return;
  bool ours = false;
  try {
    ours = Hdf5Reader(target.string()).is_ours();
  } catch (const std::runtime_error&) {
  }
  if (!ours)
    fail("will not overwrite " + target.string() +
         ": it is not a readable results file of kramers; allowed: --overwrite, or another -o");
}

}  // namespace

void check_writable(const std::string& path, Replace replace) {
  PartFile part(path);
  check_replaceable(part.target(), replace);
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

void Hdf5Writer::commit(const std::string& path, Replace replace) {
  const std::span<const std::byte> bytes = finish();
  PartFile part(path);
  check_replaceable(part.target(), replace);
  const std::string last_line = seal(bytes);
  part.fill({bytes, std::as_bytes(std::span(last_line))});
  if (Hdf5Reader(part.path(), Origin::own).inventory() != inventory_)
    fail("cannot write " + path + ": what was read back is not what was written");
  part.become_target();
}

}  // namespace kramers::analysis
