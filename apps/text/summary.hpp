#pragma once

#include <string>
#include <vector>

#include "analysis/study/study.hpp"

namespace kramers::apps {

/// "T = 0.1, batch_size = 32": what tells a run from the others of its sweep.
std::string label(const analysis::StudiedRun& studied);

/// Before a run: what was derived, and what to expect.
std::string prologue(const analysis::StudiedRun& studied);

/// The same in one line, and its warnings: of the second and later runs of a sweep.
std::string brief_prologue(const analysis::StudiedRun& studied);

/// Warnings before a run, a line each: instability, short burn-in, bias beyond the tolerance.
std::vector<std::string> warnings(const analysis::StudiedRun& studied);

/// After it: one row a run (a temperature), the verdicts with their reasons; as wide as a line may be.
std::string table(const std::vector<analysis::StudiedRun>& runs);

/// {"runs": [...], "verdict": ..., "file": ...}; `file`: where the results are; empty: nowhere.
std::string summary_json(const std::vector<analysis::StudiedRun>& runs, analysis::Decision verdict,
                         const std::string& file);

}  // namespace kramers::apps
