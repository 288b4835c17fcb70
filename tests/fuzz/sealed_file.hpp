#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>

#include "analysis/results/sha256.hpp"

/// A file in memory, with a name that it can be opened by.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes) : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (file_ < 0 || ::write(file_, bytes.data(), bytes.size()) != ssize_t(bytes.size()))
      throw std::logic_error("no file in memory");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// As shards and checkpoints end: mutated bytes are to come beyond the checksum.
inline std::string with_seal(std::string bytes) {
  const std::string hex = kramers::analysis::Sha256().add(bytes).hex();
  return bytes + hex;
}

/// The first line of what write(path) writes.
template <class Write>
std::string first_line_of(Write write) {
  const std::string path = std::filesystem::temp_directory_path() / ("kramers-fuzz-" + std::to_string(::getpid()));
  write(path);
  std::string line;
  std::getline(std::ifstream(path, std::ios::binary), line);
  std::filesystem::remove(path);
  return line + "\n";
}

inline std::string bytes_of(std::uint64_t number) {
  return std::string(reinterpret_cast<const char*>(&number), sizeof number);
}

/// What the shards and checkpoints are of. (Of another experiment they could claim as much memory as that needs.)
inline const std::string experiment_of_corpus = R"(title = "Small"
seed = 3

[landscape]
name = "asymmetric-double-well"

[dynamics]
scheme = "euler-maruyama"
temperature = 0.3
time_step = 0.02

[ensemble]
trajectories = 2
burn_in = 5
steps = 40
sample_every = 20
start = { kind = "points", at = [[-1.0], [1.0]] }

[record]
density = [{ axes = [0], bins = 3, range = [[-3.0, 3.0]] }]
paths = { count = 2, every = 20 }
events = [{ name = "up", axis = 0, above = 0.0, bins = 2 }, { name = "escape", basin = "leaves", bins = 2 }]
autocorrelation = { quantities = ["loss"], trajectories = 2, longest_lag = 20 }

[checkpoint]
keep = true
)";
