#include <cmath>

#include "analysis/prediction/list.hpp"
#include "analysis/results/digest.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/sha256.hpp"
#include "tests/catch.hpp"
#include "tests/results_example.hpp"

using namespace kramers;
using namespace kramers::analysis;

namespace {

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return same(x, y); });
}
bool same(const Estimate& a, const Estimate& b) { return same(a.value, b.value) && same(a.error, b.error); }
bool same(const std::vector<Estimate>& a, const std::vector<Estimate>& b) {
  return std::ranges::equal(a, b, [](const Estimate& x, const Estimate& y) { return same(x, y); });
}
/// What a law that was not asked for says.
std::vector<double> by(const Law& law, const std::map<std::string, std::vector<double>>& all) {
  const auto found = all.find(key_of(law));
  return found == all.end() ? std::vector<double>{} : found->second;
}
bool same(const sde::Counts& a, const sde::Counts& b) {
  return a.groups == b.groups && a.replicates == b.replicates && a.cells == b.cells && a.at == b.at;
}

void check_same(const sde::Tally& a, const sde::Tally& b) {
  CHECK(a.shape == b.shape);
  CHECK(a.replicates == b.replicates);
  CHECK(same(a.sums, b.sums));
}

void check_same(const sde::RunStatistics& a, const sde::RunStatistics& b) {
  CHECK(a.trajectories == b.trajectories);
  CHECK(a.samples == b.samples);
  CHECK(a.dim == b.dim);
  CHECK(a.replicates == b.replicates);
  CHECK(a.groups == b.groups);
  CHECK(a.looks == b.looks);
  CHECK(a.full_covariance == b.full_covariance);
  CHECK(same(a.expected, b.expected));
  CHECK(same(a.counted, b.counted));
  CHECK(same(a.transitions, b.transitions));
  check_same(a.moments, b.moments);
  check_same(a.phases, b.phases);
  REQUIRE(a.densities.size() == b.densities.size());
  for (std::size_t k = 0; k < a.densities.size(); ++k) CHECK(same(a.densities[k], b.densities[k]));
  REQUIRE(a.passages.size() == b.passages.size());
  for (std::size_t k = 0; k < a.passages.size(); ++k) {
    CHECK(a.passages[k].steps_per_bin == b.passages[k].steps_per_bin);
    for (auto counts : sde::PassageCounts::all) CHECK(same(a.passages[k].*counts, b.passages[k].*counts));
  }
  CHECK(same(a.basins, b.basins));
  CHECK(same(a.phase_basins, b.phase_basins));
  CHECK(same(a.sums, b.sums));
  CHECK(a.sample_count == b.sample_count);
  CHECK(a.final_state_hash == b.final_state_hash);
  CHECK(a.diverged == b.diverged);
  REQUIRE(a.divergences.size() == b.divergences.size());
  for (std::size_t i = 0; i < a.divergences.size(); ++i) {
    CHECK(a.divergences[i].trajectory == b.divergences[i].trajectory);
    CHECK(a.divergences[i].step == b.divergences[i].step);
    CHECK(a.divergences[i].where == b.divergences[i].where);
  }
  REQUIRE(a.tallies.size() == b.tallies.size());
  for (std::size_t k = 0; k < a.tallies.size(); ++k) check_same(a.tallies[k], b.tallies[k]);
  CHECK(a.chains == b.chains);
  CHECK(a.draws == b.draws);
  CHECK(same(a.paths, b.paths));
}

void check_same(const Table& a, const Table& b) {
  CHECK(a.name == b.name);
  CHECK(a.meaning == b.meaning);
  CHECK(a.axes == b.axes);
  REQUIRE(a.fields.size() == b.fields.size());
  for (std::size_t k = 0; k < a.fields.size(); ++k) {
    CHECK(a.fields[k].name == b.fields[k].name);
    CHECK(a.fields[k].meaning == b.fields[k].meaning);
    CHECK(a.fields[k].axes == b.fields[k].axes);
    CHECK(same(a.fields[k].values, b.fields[k].values));
  }
}

void check_same(const Results& a, const Results& b) {
  CHECK(a.title == b.title);
  CHECK(a.seed == b.seed);
  CHECK(a.experiment_as_given == b.experiment_as_given);
  CHECK(a.experiment_resolved == b.experiment_resolved);
  CHECK(a.grids == b.grids);
  CHECK(a.minima == b.minima);
  CHECK(a.events == b.events);
  CHECK(a.provenance == b.provenance);
  REQUIRE(a.runs.size() == b.runs.size());
  for (std::size_t r = 0; r < a.runs.size(); ++r) {
    const RunResults &x = a.runs[r], &y = b.runs[r];
    CHECK(x.swept == y.swept);
    CHECK(x.derived == y.derived);
    check_same(x.statistics, y.statistics);
    for (auto field : {&Moments::mean, &Moments::variance, &Moments::covariance})
      CHECK(same(x.moments.*field, y.moments.*field));
    CHECK(same(x.moments.loss_mean, y.moments.loss_mean));
    CHECK(same(x.temperature_measured, y.temperature_measured));
    CHECK(same(x.occupancy, y.occupancy));
    CHECK(same(x.basin_prediction, y.basin_prediction));
    for (const analysis::Law& law : analysis::laws()) CHECK(same(by(law, x.basins_by), by(law, y.basins_by)));
    using Phases = RunResults::Phases;
    for (auto field : {&Phases::learning_rate, &Phases::batch_size, &Phases::temperature})
      CHECK(same(x.phases.*field, y.phases.*field));
    REQUIRE(x.phases.sampled.size() == y.phases.sampled.size());
    for (std::size_t k = 0; k < x.phases.sampled.size(); ++k) {
      const PhaseEstimates &p = x.phases.sampled[k], &q = y.phases.sampled[k];
      for (auto field : {&PhaseEstimates::mean, &PhaseEstimates::variance, &PhaseEstimates::basins})
        CHECK(same(p.*field, q.*field));
      for (auto field : {&PhaseEstimates::loss_mean, &PhaseEstimates::loss_variance}) CHECK(same(p.*field, q.*field));
    }
    REQUIRE(x.events.size() == y.events.size());
    for (std::size_t k = 0; k < x.events.size(); ++k) {
      for (auto field :
           {&EventResult::bin_start, &EventResult::mean_prediction, &EventResult::mean_prediction_at_steps})
        CHECK(same(x.events[k].*field, y.events[k].*field));
      REQUIRE(x.events[k].origins.size() == y.events[k].origins.size());
      for (std::size_t origin = 0; origin < x.events[k].origins.size(); ++origin) {
        const PassageEstimates &p = x.events[k].origins[origin], &q = y.events[k].origins[origin];
        CHECK(same(p.survival, q.survival));
        for (auto field : {&PassageEstimates::rate, &PassageEstimates::mean_time, &PassageEstimates::restricted_mean})
          CHECK(same(p.*field, q.*field));
        CHECK(same(p.rate_interval.lower, q.rate_interval.lower));
        CHECK(same(p.rate_interval.upper, q.rate_interval.upper));
      }
    }
    REQUIRE(x.tables.size() == y.tables.size());
    for (std::size_t k = 0; k < x.tables.size(); ++k) check_same(x.tables[k], y.tables[k]);
    REQUIRE(x.densities.size() == y.densities.size());
    for (std::size_t k = 0; k < x.densities.size(); ++k) {
      const DensityResult &p = x.densities[k], &q = y.densities[k];
      CHECK(same(p.probability, q.probability));
      for (auto field : {&DensityResult::prediction, &DensityResult::integrator_law}) CHECK(same(p.*field, q.*field));
      for (const analysis::Law& law : analysis::laws()) CHECK(same(by(law, p.by), by(law, q.by)));
      for (auto field :
           {&DensityResult::total_variation, &DensityResult::lower, &DensityResult::upper, &DensityResult::tolerance})
        CHECK(same(p.*field, q.*field));
      CHECK(p.more == q.more);
      CHECK(p.verdict == q.verdict);
      CHECK(p.reason == q.reason);
    }
  }
}

}  // namespace

TEST_CASE("every number that is written is read again", "[results]") {
  const ScratchFolder folder;
  for (int runs : {1, 2}) {
    const auto results = example_results(runs);
    write(results, folder / "a.h5");
    check_same(results, read(folder / "a.h5"));
  }
  auto bare = example_results(1);  // only what every experiment has
  bare.events.clear(), bare.runs[0].events.clear(), bare.runs[0].statistics.passages.clear();
  bare.grids.clear(), bare.minima.clear(), bare.runs[0].densities.clear(), bare.runs[0].swept.clear();
  auto& s = bare.runs[0].statistics;
  s.densities.clear(), s.basins = {}, s.transitions = {}, s.phases = {}, s.phase_basins = {}, s.divergences.clear(),
                       s.paths.clear(), s.chains = s.draws = 0;
  s.tallies.clear(), bare.runs[0].tables.clear();
  bare.runs[0].occupancy.clear();
  bare.runs[0].phases = {};
  bare.runs[0].basin_prediction.clear(), bare.runs[0].basins_by.clear();
  write(bare, folder / "b.h5");
  check_same(bare, read(folder / "b.h5"));
}

TEST_CASE("counts of cells are what the groups and replicates add up to", "[results]") {
  const ScratchFolder folder;
  const auto results = example_results();
  write(results, folder / "a.h5");
  const Hdf5Reader file(folder / "a.h5");
  CHECK(file.shape("/density_0/counts") == Shape{{"run", 2}, {"bin_0", 20}});
  CHECK(file.shape("/density_0/replicate_counts") == Shape{{"run", 2}, {"replicate", 5}, {"bin_0", 20}});
  CHECK(file.shape("/density_0/edges_0") == Shape{{"edges_0", 21}});
  CHECK(file.shape("/density_1/outside") == Shape{{"run", 2}, {"side", 1}});
  CHECK(file.shape("/density_1/probability") == Shape{{"run", 2}, {"bin_0", 6}, {"bin_1", 4}});
  CHECK(file.shape("/posterior/theta") == Shape{{"chain", 3}, {"draw", 7}, {"run", 2}, {"param", 2}});
  CHECK(file.shape("/verdict/verdict") == Shape{{"run", 2}, {"density", 2}});

  const auto counts = file.read<std::int64_t>("/density_0/counts"),
             outside = file.read<std::int64_t>("/density_0/outside");
  const auto of_replicates = file.read<std::int64_t>("/density_0/replicate_counts");
  for (int r = 0; r < 2; ++r)
    for (int cell = 0; cell < 22; ++cell) {
      std::uint64_t sum = 0;
      for (int replicate = 0; replicate < 5; ++replicate) {
        const auto& c = results.runs[r].statistics.densities[0];
        std::uint64_t of_replicate = 0;
        for (int group = 0; group < c.groups; ++group) of_replicate += c(group, replicate, cell);
        sum += of_replicate;
        if (cell < 20) CHECK(std::uint64_t(of_replicates[(r * 5 + replicate) * 20 + cell]) == of_replicate);
      }
      CHECK(sum == std::uint64_t(cell < 20 ? counts[r * 20 + cell] : outside[r * 2 + cell - 20]));
    }
}

TEST_CASE("equal results make equal files; provenance is not in the digest, everything else is", "[results]") {
  const ScratchFolder folder;
  auto results = example_results();
  write(results, folder / "a.h5");
  write(results, folder / "b.h5");
  CHECK(bytes_of_file(folder / "a.h5") == bytes_of_file(folder / "b.h5"));
  const auto digest = verify(folder / "a.h5").digest;
  CHECK(digest.size() == 64);

  results.provenance["host"] = "elsewhere";
  write(results, folder / "b.h5");
  CHECK(bytes_of_file(folder / "a.h5") != bytes_of_file(folder / "b.h5"));
  CHECK(verify(folder / "b.h5").good());
  CHECK(verify(folder / "b.h5").digest == digest);

  const auto differs = [&](auto change) {
    auto other = results;
    change(other);
    write(other, folder / "b.h5");
    return verify(folder / "b.h5").good() && verify(folder / "b.h5").digest != digest;
  };
  CHECK(differs([](Results& r) { r.seed ^= 1; }));
  CHECK(differs([](Results& r) { r.title += "!"; }));
  CHECK(differs([](Results& r) { ++r.runs[1].statistics.densities[1](1, 4, 24); }));
  CHECK(differs([](Results& r) { r.runs[1].statistics.final_state_hash ^= 1; }));
  CHECK(differs([](Results& r) {
    double& x = r.runs[0].moments.mean[0].value;
    x = std::nextafter(x, 2);
  }));
  CHECK(differs([](Results& r) {
    double& x = r.runs[0].moments.mean[0].error;
    x = std::nextafter(x, 2);
  }));
  CHECK(differs([](Results& r) { r.runs[0].derived["new"] = 1; }));
}

TEST_CASE("runs of different shape are refused before anything is written", "[results]") {
  const ScratchFolder folder;
  auto results = example_results();
  results.runs[1].statistics.dim = 3;
  CHECK_THROWS_AS(write(results, folder / "a.h5"), std::invalid_argument);
  results.runs.clear();
  CHECK_THROWS_AS(write(results, folder / "a.h5"), std::invalid_argument);
  CHECK(folder.files() == 0);
}

TEST_CASE("SHA-256 has the published answers", "[results]") {
  // FIPS 180-4 examples and the million "a" of NIST's vectors.
  CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256().add("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256().add("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const std::string million(1000000, 'a');
  CHECK(Sha256().add(million).hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  Sha256 pieces;
  for (std::size_t at = 0, length = 1; at < million.size(); at += length, length = length % 200 + 1)
    pieces.add(std::string_view(million).substr(at, length));
  CHECK(pieces.hex() == Sha256().add(million).hex());
}
