#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/results/results_file.hpp"
#include "analysis/study/study.hpp"
#include "apps/process/claim.hpp"

namespace kramers::apps {

/// 2026-11-25T08:30:00Z
std::string utc_now();

/// What equal runs may differ in: version, compiler, machine, times. `more` adds to it or takes the place of what it
/// has.
std::map<std::string, std::string> provenance(const std::string& start, const std::map<std::string, std::string>& more);

/// The exit status that a decision means.
int status_of(analysis::Decision decision);

enum class Form { table, drawings, json };

/// Where statistics are whole: judges the runs, writes the results file, and then prints the answer on standard output:
/// whatever becomes of the one, the other is not lost. The file is written as write_or_beside does it.
Place conclude(const analysis::ExperimentFile& file, std::vector<analysis::StudiedRun>& runs, Form form,
               const std::map<std::string, std::string>& provenance, const std::string& output,
               const std::string& taken, analysis::Replace replace);

}  // namespace kramers::apps
