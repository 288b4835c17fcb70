#pragma once

#include <hdf5.h>

#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "analysis/results/hdf5_file.hpp"

/// What Hdf5Writer and Hdf5Reader have in common: HDF5's ids and errors, and how its objects stand in the inventory.
namespace kramers::analysis::hdf5 {

[[noreturn]] inline void fail(const std::string& what) { throw std::runtime_error(what); }

/// The innermost of HDF5's complaints.
std::string complaint();

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

Type text_type();

/// The stored types of numbers, in the order of Values.
struct Element {
  const char* name;
  hid_t stored;
};
Element element(std::size_t index);

/// A dataset and an attribute in the inventory.
std::string line(const Values& values, const Shape& shape);
std::string line(const Attribute& attribute);

std::string child(const std::string& group, const std::string& name);
std::string parent(const std::string& path);
std::string leaf(const std::string& path);

}  // namespace kramers::analysis::hdf5
