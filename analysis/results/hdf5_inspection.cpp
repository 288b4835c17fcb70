#include "analysis/results/hdf5_inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "analysis/document/plain_text.hpp"

namespace kramers::analysis::hdf5 {
namespace {

constexpr int deepest_group = 4;              // kramers has groups of the root alone
constexpr std::uint64_t gzip_at_best = 1032;  // bytes that gzip makes of one

class Inspection {
 public:
  Inspection(hid_t file, std::uint64_t size) : file_(file), size_(size) {}
  std::uint64_t largest() const { return largest_; }

  void object(const std::string& path, int depth) {
    Object object(H5Oopen(file_, path.c_str(), H5P_DEFAULT), "open " + path);
    H5O_info_t info;
    check(H5Oget_info2(object, &info, H5O_INFO_BASIC), "look at " + path);
    if (!seen_.insert(info.addr).second) fail(path + " is another object again");
    attributes(object, path);
    if (info.type == H5O_TYPE_DATASET)
      dataset(path);
    else if (info.type != H5O_TYPE_GROUP)
      fail(path + " is neither a group nor a dataset");
    else if (depth > deepest_group)
      fail("its groups lie too deep in one another");
    else
      for (const std::string& name : links(object, path)) this->object(child(path, name), depth + 1);
  }

 private:
  std::vector<std::string> links(hid_t group, const std::string& path) {
    struct Found {
      std::string name;
      H5L_type_t type;
    };
    std::vector<Found> found;
    const auto collect = [](hid_t, const char* name, const H5L_info_t* link, void* list) -> herr_t {
      static_cast<std::vector<Found>*>(list)->push_back({name, link->type});
      return 0;
    };
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &found), "list " + path);
    std::vector<std::string> names;
    for (const auto& [name, type] : found) {
      check_name(name);
      if (type == H5L_TYPE_EXTERNAL) fail(child(path, name) + " lies in another file");
      if (type != H5L_TYPE_HARD) fail(child(path, name) + " is a link, not an object");
      names.push_back(name);
    }
    return names;
  }

  void attributes(hid_t owner, const std::string& path) {
    struct Found {
      std::string name;
      std::uint64_t bytes;
    };
    std::vector<Found> found;
    const auto collect = [](hid_t, const char* name, const H5A_info_t* info, void* list) -> herr_t {
      static_cast<std::vector<Found>*>(list)->push_back({name, info->data_size});
      return 0;
    };
    check(H5Aiterate2(owner, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &found), "list the attributes of " + path);
    for (const auto& [name, bytes] : found) {
      check_name(name);
      AttributeId attribute(H5Aopen(owner, name.c_str(), H5P_DEFAULT), "open attribute " + name + " of " + path);
      Space space(H5Aget_space(attribute), "look at attribute " + name + " of " + path);
      const auto count = std::uint64_t(check(H5Sget_simple_extent_npoints(space), "count attribute " + name));
      if (bytes > size_ || count > bytes)  // an element has a byte in the file, or more
        fail(fmt::format("attribute {} of {} claims more than the file holds", name, path));
    }
  }

  static void check_name(const std::string& name) {
    if (fault_in(name, Lines::one)) fail("the name '" + printable(name) + "' in it has control characters");
  }

  void dataset(const std::string& path) {
    Dataset set(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), "open " + path);
    PropertyList list(H5Dget_create_plist(set), "look at " + path);
    const H5D_layout_t layout = H5Pget_layout(list);
    if (check(H5Pget_external_count(list), "look at " + path) > 0)
      fail("the values of " + path + " lie in another file");
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
      fail("the values of " + path + " are made of others");
    Space space(H5Dget_space(set), "look at " + path);
    Type type(H5Dget_type(set), "look at " + path);
    const auto rank = check(H5Sget_simple_extent_ndims(space), "count " + path);
    std::vector<hsize_t> extent(rank);
    check(H5Sget_simple_extent_dims(space, extent.data(), nullptr), "count " + path);
    const std::uint64_t stored = H5Dget_storage_size(set);
    const int filters = check(H5Pget_nfilters(list), "look at " + path);
    const std::uint64_t most = stored <= size_ ? stored * (filters > 0 ? gzip_at_best : 1) : 0;
    std::uint64_t bytes = H5Tget_size(type);
    for (const hsize_t n : extent)
      if (__builtin_mul_overflow(bytes, n, &bytes)) bytes = ~std::uint64_t(0);
    if (bytes > most)
      fail(fmt::format("{} claims {} bytes of values where the file holds {}", path,
                       bytes == ~std::uint64_t(0) ? "2^64" : std::to_string(bytes), stored));
    largest_ = std::max(largest_, bytes);
  }

  hid_t file_;
  std::uint64_t size_, largest_ = 0;
  std::set<haddr_t> seen_;
};

}  // namespace

std::uint64_t inspect(hid_t file, std::uint64_t size) {
  H5PLset_loading_state(0);  // no program of others is loaded because a file asks for it
  Inspection inspection(file, size);
  inspection.object("/", 0);
  return inspection.largest();
}

}  // namespace kramers::analysis::hdf5
