#include "analysis/experiment_file/requests_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>

#include "analysis/document/nearest_name.hpp"

namespace kramers::analysis {
namespace {

using sde::Quantity;

constexpr int default_coordinates = 4;  // of theta; more where they are named
constexpr double most_time_bins = 10'000;
constexpr std::size_t most_pairs = 100;
constexpr std::uint64_t default_followed = 256;

/// Every quantity that the landscape has.
std::vector<Quantity> quantities_of(const landscapes::Landscape& landscape) {
  std::vector<Quantity> all;
  for (int i = 0; i < landscape.dim(); ++i) all.push_back({Quantity::Kind::theta, i});
  all.push_back({Quantity::Kind::loss, 0});
  if (landscape.basins())
    for (int i = 0; i < int(landscape.minima().size()); ++i) all.push_back({Quantity::Kind::basin, i});
  return all;
}

/// `quantities = ["theta_0", "loss", "basin"]`: "theta" and "basin" stand for all of their kind.
std::vector<Quantity> read_quantities(Section& section, const landscapes::Landscape* landscape) {
  const Node* node = section.find("quantities");
  if (!landscape) return {};
  const std::vector<Quantity> all = quantities_of(*landscape);
  std::vector<Quantity> chosen;
  if (!node) {
    const bool several = landscape->minima().size() > 1;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const Quantity& quantity) {
      if (quantity.kind == Quantity::Kind::basin) return several;
      return quantity.kind != Quantity::Kind::theta || quantity.index < default_coordinates;
    });
    return chosen;
  }
  std::vector<std::string> names = {"theta"};
  for (const Quantity& quantity : all) names.push_back(quantity.name());
  if (all.back().kind == Quantity::Kind::basin) names.push_back("basin");
  const auto* list = node->as<Node::List>();
  if (!list || list->empty()) {
    section.refuse("quantities", "a list of some of " + join(names));
    return {};
  }
  for (const Node& element : *list) {
    const auto* name = element.as<std::string>();
    const std::size_t before = chosen.size();
    for (const Quantity& quantity : all)
      if (name && (*name == quantity.name() || (quantity.kind != Quantity::Kind::loss &&
                                                *name == quantity.name().substr(0, quantity.name().find('_')))))
        chosen.push_back(quantity);
    if (chosen.size() == before)
      section.problems().add(element.where,
                             fmt::format("key '{}' has {}, which is unknown{} allowed: {}", section.full("quantities"),
                                         element.text(), name ? did_you_mean(*name, names) : ";", join(names)));
    for (std::size_t i = before; i < chosen.size(); ++i)
      if (std::find(chosen.begin(), chosen.begin() + before, chosen[i]) != chosen.begin() + before)
        section.problems().add(element.where, fmt::format("key '{}' has {} twice; allowed: each once",
                                                          section.full("quantities"), chosen[i].name()));
  }
  return chosen;
}

std::string quantities_text(const std::vector<Quantity>& quantities) {
  std::vector<std::string> names;
  for (const Quantity& quantity : quantities) names.push_back(fmt::format("\"{}\"", quantity.name()));
  return fmt::format("quantities = [{}]", fmt::join(names, ", "));
}

void read_autocorrelation(Section section, Draft& draft) {
  const auto& ensemble = draft.experiment.ensemble;
  sde::AutocorrelationRequest request;
  request.quantities = read_quantities(section, draft.landscape.get());
  request.trajectories = section.count("trajectories", 1, double(ensemble.trajectories))
                             .value_or(std::min(ensemble.trajectories, default_followed));
  const std::uint64_t every = ensemble.sample_every, samples = ensemble.steps / every;
  request.longest_lag = std::max<std::uint64_t>(samples / 2, 1);
  if (const auto lag = section.count("longest_lag", 1, longest_run)) {
    if (*lag % every != 0 || *lag >= samples * every)
      section.refuse("longest_lag", fmt::format("a multiple of the {} steps from sample to sample, below the {} steps "
                                                "after burn-in",
                                                every, samples * every));
    request.longest_lag = *lag / every;
  } else if (samples < 2 && !section.has("longest_lag")) {
    section.missing(fmt::format("key '{}' needs at least 2 samples", section.full("longest_lag")));
  }
  section.finish();
  draft.experiment.record.requests.autocorrelation = request;
}

void read_time_series(Section section, Draft& draft) {
  const auto& ensemble = draft.experiment.ensemble;
  sde::TimeSeriesRequest request;
  request.quantities = read_quantities(section, draft.landscape.get());
  const double most = std::min(most_time_bins, double(ensemble.steps / ensemble.sample_every));
  request.bins = int(section.count("bins", 1, most).value_or(std::min(100.0, most)));
  section.finish();
  draft.experiment.record.requests.time_series = request;
}

void read_split_r_hat(Section section, Draft& draft) {
  const auto& ensemble = draft.experiment.ensemble;
  draft.experiment.record.requests.split_r_hat = {read_quantities(section, draft.landscape.get())};
  if (const std::uint64_t samples = ensemble.steps / ensemble.sample_every; samples < 4)
    section.missing(
        fmt::format("key 'record.split_r_hat' needs halves of at least 2 samples; here a trajectory has {}", samples));
  section.finish();
}

void read_area_rate(Section& record, Draft& draft) {
  const Node* node = record.find("area_rate");
  if (!node || !draft.landscape) return;
  const auto* list = node->as<Node::List>();
  const int dim = draft.landscape->dim();
  std::vector<std::array<int, 2>> pairs;
  const auto is_axis = [&](double a) { return a >= 0 && a < dim && a == std::floor(a); };
  for (std::size_t k = 0; list && k < list->size(); ++k)
    if (const auto pair = numbers_in((*list)[k]);
        pair && pair->size() == 2 && is_axis(pair->front()) && is_axis(pair->back()) && pair->front() != pair->back())
      pairs.push_back({int(pair->front()), int(pair->back())});
  if (!list || list->empty() || pairs.size() != list->size() || pairs.size() > most_pairs) {
    record.refuse("area_rate", dim < 2 ? "a landscape of two dimensions or more"
                                       : fmt::format("a list of 1 to {} pairs of different axes from 0 to {}, such as "
                                                     "[[0, 1]]",
                                                     most_pairs, dim - 1));
    return;
  }
  if (const auto& ensemble = draft.experiment.ensemble; ensemble.steps < 2 * ensemble.sample_every)
    record.refuse("area_rate", "two samples or more of a trajectory");
  draft.experiment.record.requests.area_rate = pairs;
}

void read_fluctuation_dissipation(Section& record, Draft& draft) {
  if (!record.truth("fluctuation_dissipation").value_or(false) || !draft.landscape) return;
  const auto& dynamics = draft.experiment.dynamics;
  if (dynamics.learning_rate_schedule || dynamics.batch_size_schedule || dynamics.temperature_schedule)
    record.refuse("fluctuation_dissipation", "false under a schedule: the relation is one of a stationary law");
  draft.experiment.record.requests.fluctuation_dissipation = draft.landscape->dim();
}

void read_quantiles(Section& record, Draft& draft) {
  const auto levels = record.numbers("quantiles");
  if (!levels) return;
  const bool rising = std::is_sorted(levels->begin(), levels->end(), std::less_equal<>());
  if (levels->empty() || levels->size() > 100 || !rising || levels->front() <= 0 || levels->back() >= 1)
    record.refuse("quantiles", "a list of 1 to 100 rising numbers > 0 and < 1, such as [0.05, 0.5, 0.95]");
  const auto& densities = draft.experiment.record.density;
  if (std::none_of(densities.begin(), densities.end(), [](const auto& grid) { return grid.axes.size() == 1; }))
    record.refuse("quantiles", "beside a density along one axis");
  draft.experiment.record.quantiles = *levels;
}

}  // namespace

void read_requests(Section& record, Draft& draft) {
  if (record.find("autocorrelation")) read_autocorrelation(record.section("autocorrelation"), draft);
  if (record.find("time_series")) read_time_series(record.section("time_series"), draft);
  if (record.find("split_r_hat")) read_split_r_hat(record.section("split_r_hat"), draft);
  read_area_rate(record, draft);
  read_fluctuation_dissipation(record, draft);
  read_quantiles(record, draft);
}

std::string autocorrelation_text(const Experiment& experiment) {
  const auto& request = experiment.record.requests.autocorrelation;
  if (!request) return "";
  return fmt::format("{{ {}, trajectories = {}, longest_lag = {} }}", quantities_text(request->quantities),
                     request->trajectories, request->longest_lag * experiment.ensemble.sample_every);
}

std::string time_series_text(const Experiment& experiment) {
  const auto& request = experiment.record.requests.time_series;
  return request ? fmt::format("{{ {}, bins = {} }}", quantities_text(request->quantities), request->bins) : "";
}

std::string split_r_hat_text(const Experiment& experiment) {
  const auto& request = experiment.record.requests.split_r_hat;
  return request ? fmt::format("{{ {} }}", quantities_text(request->quantities)) : "";
}

std::string area_rate_text(const Experiment& experiment) {
  const auto& pairs = experiment.record.requests.area_rate;
  return pairs ? fmt::format("{}", *pairs) : "";
}

std::string quantiles_text(const Experiment& experiment) {
  const auto& levels = experiment.record.quantiles;
  return levels.empty() ? "" : fmt::format("[{}]", fmt::join(levels, ", "));
}

std::string unequal_request(const Experiment& one, const Experiment& other) {
  const auto lengths = [](const Experiment& e) {
    return std::array{e.ensemble.burn_in, e.ensemble.steps, e.ensemble.sample_every};
  };
  if (one.record.requests != other.record.requests || lengths(one) != lengths(other)) {
    if (one.record.requests.autocorrelation) return "autocorrelation";
    if (one.record.requests.time_series) return "time_series";
  }
  return "";
}

}  // namespace kramers::analysis
