#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace kramers::analysis {

/// The last line of a file, which holds the SHA-256 of all before it. HDF5 knows where its part of a file ends and
/// leaves it alone; a program that changes the file through HDF5 cuts it off. It is looked at before HDF5 sees the
/// file, since HDF5 can crash on a damaged one.
std::string seal(std::span<const std::byte> bytes);

enum class SealState { holds, broken, missing };

/// Bytes of a file that is to be read. Throws std::runtime_error for what is no regular file: a folder, or a pipe or
/// device, which might never end.
std::uint64_t size_of_file(const std::string& path);

/// Throws std::runtime_error if the file cannot be read.
SealState check_seal(const std::string& path);

}  // namespace kramers::analysis
