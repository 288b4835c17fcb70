#include "apps/text/answer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <exception>

#include "analysis/study/results_of.hpp"
#include "apps/figures/terminal_density.hpp"
#include "apps/process/status.hpp"
#include "apps/process/streams.hpp"
#include "apps/process/version.hpp"
#include "apps/text/page.hpp"
#include "apps/text/summary.hpp"

namespace kramers::apps {
namespace {

/// The first one-dimensional density of every run, over its prediction.
std::string drawings(const std::vector<analysis::StudiedRun>& runs) {
  std::string text;
  for (const analysis::StudiedRun& studied : runs)
    for (std::size_t k = 0; k < studied.assessment.densities.size(); ++k) {
      const sde::DensityGrid& grid = studied.run.experiment.record.density[k];
      if (grid.axes.size() != 1) continue;
      TerminalDensity density;
      density.axis_label = fmt::format("theta_{}", grid.axes[0]);
      for (int i = 0; i <= grid.bins[0]; ++i) density.edges.push_back(grid.edge(0, i));
      for (int i = 0; i < grid.bins[0]; ++i)
        density.probability.push_back(studied.assessment.densities[k].cells[i].value);
      if (studied.theory.prediction && studied.theory.prediction->densities[k])
        density.prediction.assign(studied.theory.prediction->densities[k]->begin(),
                                  studied.theory.prediction->densities[k]->begin() + grid.bins[0]);
      text += fmt::format("{}\n{}\n", wrapped(label(studied)), draw(density, {.height = 8}));
      break;
    }
  return text;
}

}  // namespace

int status_of(analysis::Decision decision) {
  switch (decision) {
    case analysis::Decision::agrees:
      return status::done;
    case analysis::Decision::disagrees:
      return status::disagrees;
    case analysis::Decision::not_judged:
    case analysis::Decision::not_enough_data:
    case analysis::Decision::not_stationary:
      break;
  }
  return status::not_enough_data;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return text;
}

std::map<std::string, std::string> provenance(const std::string& start,
                                              const std::map<std::string, std::string>& more) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  std::map<std::string, std::string> all = more;
  all.merge(std::map<std::string, std::string>{{"version", version},
                                               {"commit", commit},
                                               {"compiler", compiler},
                                               {"flags", flags},
                                               {"host", host},
                                               {"start", start},
                                               {"end", utc_now()}});
  return all;
}

Place conclude(const analysis::ExperimentFile& file, std::vector<analysis::StudiedRun>& runs, Form form,
               const std::map<std::string, std::string>& provenance, const std::string& output,
               const std::string& taken, analysis::Replace replace) {
  const analysis::Decision decision = analysis::judge(runs);
  analysis::Results results = analysis::collect(file, runs);
  results.provenance = provenance;
  std::exception_ptr not_written;
  Place place;
  try {
    place = write_or_beside(output, taken, [&](const std::string& name) { analysis::write(results, name, replace); });
  } catch (const std::exception&) {
    not_written = std::current_exception();
  }
  if (form == Form::json)
    tell("{}\n", summary_json(runs, decision, not_written ? "" : place.name));
  else
    tell("{}{}\n", form == Form::drawings ? drawings(runs) : "", table(runs));
  if (not_written) std::rethrow_exception(not_written);
  if (form != Form::json) tell("results: {}\n", place.name);
  return place;
}

}  // namespace kramers::apps
