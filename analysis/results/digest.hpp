#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kramers::analysis {

/// What a file holds: for each dataset "/group/name", attribute "/group/name@attribute" and group "/group", its type,
/// its dimensions and the SHA-256 of its values.
using Inventory = std::map<std::string, std::string>;

/// An inventory's line: `type` such as "float64", `dimensions` such as "run=3 bin=200", raw little-endian values.
std::string inventory_line(std::string_view type, std::string_view dimensions, std::span<const std::byte> values);

/// Where everything lies in which two equal runs may differ.
inline constexpr std::string_view provenance_group = "/provenance";

/// SHA-256 over the sorted inventory outside /provenance: equal runs have equal digests.
std::string digest(const Inventory& inventory);

/// The verdict on a file: is it ours, is it whole, are its values those that were written?
struct FileReport {
  bool ours = false;   // a results file of kramers
  bool whole = false;  // carries the commit mark, and every checksum holds
  std::string digest;  // of what was read; empty if it could not be
  std::vector<std::string> problems;
  bool good() const { return ours && whole && problems.empty(); }
};

/// Reads the whole file. Never throws for what is wrong with the file: that is the report.
FileReport verify(const std::string& path);

}  // namespace kramers::analysis
