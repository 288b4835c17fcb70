#include "analysis/results/digest.hpp"

#include <stdexcept>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/seal.hpp"
#include "analysis/results/sha256.hpp"

namespace kramers::analysis {

std::string inventory_line(std::string_view type, std::string_view dimensions, std::span<const std::byte> values) {
  return std::string(type) + " [" + std::string(dimensions) + "] " + Sha256().add(values).hex();
}

std::string digest(const Inventory& inventory) {
  Sha256 sha;
  for (const auto& [name, line] : inventory)
    if (!name.starts_with(provenance_group)) sha.add(name).add("\n").add(line).add("\n");
  return sha.hex();
}

FileReport verify(const std::string& path) {
  FileReport report;
  try {
    const Hdf5Reader file(path);
    report.ours = file.is_ours();
    if (!report.ours) {
      report.problems.push_back(path + " is HDF5, but not a results file of kramers");
      return report;
    }
    const Inventory inventory = file.inventory();
    report.digest = digest(inventory);
    if (file.text("/", commit_mark::name) != commit_mark::complete)
      report.problems.push_back(path + " lacks the mark of a finished file");
    else if (file.text(std::string(provenance_group), commit_mark::digest) != report.digest)
      report.problems.push_back("the results in " + path + " are not those that were written: their checksum differs");
    else if (file.seal() == SealState::missing)
      report.problems.push_back(path + " lacks its last line: it was cut short or changed by another program");
    report.whole = report.problems.empty();
  } catch (const std::exception& error) {
    report.problems.push_back(error.what());
  }
  return report;
}

}  // namespace kramers::analysis
