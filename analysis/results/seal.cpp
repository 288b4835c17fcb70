#include "analysis/results/seal.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "analysis/results/sha256.hpp"

namespace kramers::analysis {
namespace {

const std::string opening = "\nkramers sha256 ";

std::string line(Sha256& sha) { return opening + sha.hex() + "\n"; }

}  // namespace

std::string seal(std::span<const std::byte> bytes) {
  Sha256 sha;
  return line(sha.add(bytes));
}

std::uint64_t size_of_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw std::runtime_error("cannot read " + path + ": " + error.message());
  if (fs::is_directory(status)) throw std::runtime_error("cannot read " + path + ": it is a folder");
  if (!fs::is_regular_file(status)) throw std::runtime_error("cannot read " + path + ": it is no regular file");
  const std::uint64_t size = fs::file_size(path, error);
  if (error) throw std::runtime_error("cannot read " + path + ": " + error.message());
  return size;
}

SealState check_seal(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
  const auto length = opening.size() + 65;
  const auto size = std::uint64_t(file.tellg());
  if (size < length) return SealState::missing;

  file.seekg(0);
  Sha256 sha;
  std::string buffer;
  const auto next = [&](std::uint64_t count) {
    buffer.resize(count);
    if (!file.read(buffer.data(), std::streamsize(count))) throw std::runtime_error("cannot read " + path);
  };
  for (std::uint64_t left = size - length; left > 0; left -= buffer.size()) {
    next(std::min<std::uint64_t>(left, 1 << 20));
    sha.add(buffer);
  }
  next(length);
  if (!buffer.starts_with(opening)) return SealState::missing;
  return buffer == line(sha) ? SealState::holds : SealState::broken;
}

}  // namespace kramers::analysis
