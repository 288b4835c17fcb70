#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/results/part_file.hpp"
#include "sde/ensemble.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// What one machine of several has simulated of an experiment: its part of every run. Waits in a file to be merged.
struct Shard {
  std::string experiment_as_given, experiment_resolved;
  sde::Part part;
  std::vector<sde::RunStatistics> runs;
  std::map<std::string, std::string> provenance;  // as in a results file
};

/// `wide.0003-of-0064.part`: where the shard of an experiment file of that stem lies in its folder.
std::string shard_name(const std::string& stem, const sde::Part& part);

/// Throws std::runtime_error unless a shard can be put at `path`; for use before a long run.
void check_shard_writable(const std::string& path, Replace replace = Replace::ours);

/// The file appears under its name only when it is whole; a shard may replace a shard, nothing else.
void write_shard(const Shard& shard, const std::string& path, Replace replace = Replace::ours);

/// Throws std::runtime_error: no shard, damaged (a checksum is looked at first), or of another layout.
Shard read_shard(const std::string& path);

/// All shards of an experiment as the shard of the whole, with what their provenances say: the first start, the last
/// end, and else each value that there is. Throws std::invalid_argument that names the files which are foreign (of
/// another experiment, number of parts or version of kramers) or doubled, and the parts that are missing.
Shard merge_shards(const std::vector<std::string>& paths);

}  // namespace kramers::analysis
