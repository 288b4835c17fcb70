#include "analysis/digest.hpp"

#include <stdexcept>

#include "analysis/hdf5_file.hpp"
#include "analysis/sha256.hpp"

namespace kramers::analysis {
namespace {

bool in_provenance(std::string_view name) { return name.starts_with(provenance_group); }

template <class Chosen>
std::string digest_of(const Inventory& inventory, Chosen chosen) {
  Sha256 sha;
  for (const auto& [name, line] : inventory)
    if (chosen(name)) sha.add(name).add("\n").add(line).add("\n");
  return sha.hex();
}

}  // namespace

std::string inventory_line(std::string_view type, std::string_view dimensions, std::span<const std::byte> values) {
  return std::string(type) + " [" + std::string(dimensions) + "] " + Sha256().add(values).hex();
}

std::string digest(const Inventory& inventory) {
  return digest_of(inventory, [](const std::string& name) { return !in_provenance(name); });
}

std::string provenance_digest(const Inventory& inventory, std::string_view without) {
  const std::string skipped = std::string(provenance_group) + "@" + std::string(without);
  return digest_of(inventory, [&](const std::string& name) { return in_provenance(name) && name != skipped; });
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
    const auto stored = [&](const char* name) { return file.text(std::string(provenance_group), name); };
    if (file.text("/", commit_mark::name) != commit_mark::complete)
      report.problems.push_back(path + " lacks the mark of a finished file");
    if (stored(commit_mark::digest) != report.digest)
      report.problems.push_back("the results in " + path + " are not those that were written: their checksum differs");
    if (stored(commit_mark::provenance_digest) != provenance_digest(inventory, commit_mark::provenance_digest))
      report.problems.push_back("the provenance in " + path + " is not what was written: its checksum differs");
    report.whole = report.problems.empty();
  } catch (const std::exception& error) {
    report.problems.push_back(error.what());
  }
  return report;
}

}  // namespace kramers::analysis
