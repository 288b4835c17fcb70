#pragma once

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// The keys of [record] that ask for more than densities and paths.
void read_requests(Section& record, Draft& draft);

/// The values of those keys as TOML; "" where nothing was asked for.
std::string autocorrelation_text(const Experiment& experiment);
std::string time_series_text(const Experiment& experiment);
std::string split_r_hat_text(const Experiment& experiment);
std::string area_rate_text(const Experiment& experiment);
std::string quantiles_text(const Experiment& experiment);

/// Which of those keys cannot be the same for two runs, since the lengths of the runs differ; "": none.
std::string unequal_request(const Experiment& one, const Experiment& other);

}  // namespace kramers::analysis
