#include <numeric>
#include <set>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/prediction/laplace.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/results/results_layout.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::Law, analysis::laws;

namespace {

double sum(const std::vector<double>& shares) { return std::accumulate(shares.begin(), shares.end(), 0.0); }

const auto well = landscapes::find("asymmetric-double-well").make({});
const std::vector<sde::DensityGrid> grids = {{{0}, {40}, {{-2.0, 2.0}}}};

}  // namespace

TEST_CASE("each law has a name of its own, in results files too, and says where it is from", "[laws]") {
  std::set<std::string> names;
  for (const auto& field : analysis::layout::basins) names.insert(field.name);
  for (const auto& field : analysis::layout::cells) names.insert(field.name);
  for (const Law& law : laws()) {
    INFO(law.name);
    CHECK(names.insert(analysis::key_of(law)).second);
    CHECK(analysis::layout::is_taken(analysis::key_of(law)));
    for (const char* words : {law.title, law.heading, law.summary, law.source}) CHECK(std::string(words) != "");
  }
}

TEST_CASE("what a law says are probabilities, and a law of theta says them of a density", "[laws]") {
  for (const Law& law : laws()) {
    INFO(law.name);
    const auto said = law.predict({*well, 0.1, grids});
    REQUIRE(said);
    if (said->basins) CHECK(sum(*said->basins) == Approx(1).epsilon(1e-9));
    for (const auto& cells : said->densities)
      if (cells) CHECK(sum(*cells) == Approx(1).epsilon(1e-9));
    if (law.is_whole) CHECK(said->densities.at(0));
  }
}

TEST_CASE("laws of theta, and \"none\", are what a comparison can ask for", "[laws]") {
  std::vector<std::string> whole;
  for (const Law& law : laws())
    if (law.predict({*well, 0.1, grids})->densities.size() == 1) whole.push_back(law.name);
  whole.push_back("none");
  CHECK(analysis::prediction_names() == whole);
}

TEST_CASE("the law that is asked for is apart from the others, each under its name", "[laws]") {
  analysis::Experiment experiment = analysis::read_experiment(R"(
[landscape]
name = "asymmetric-double-well"
[dynamics]
temperature = 0.1
time_step = 0.01
[ensemble]
trajectories = 64
steps = 100
)",
                                                              "e.toml")
                                        .runs.front()
                                        .experiment;
  for (const Law& law : laws()) {
    INFO(law.name);
    experiment.compare.prediction = law.name;
    const analysis::Theory theory = analysis::theory_of(experiment, *well);
    REQUIRE(theory.prediction);
    CHECK(theory.prediction->name == law.name);
    CHECK(theory.others.size() == laws().size() - 1);
    CHECK(theory.basins_by("laplace") == analysis::laplace_basin_weights(*well, 0.1));
    CHECK(theory.basins_by(law.name) == theory.prediction->basins);
    // Euler-Maruyama's own law tends to Boltzmann-Gibbs: what it is off by excuses no other.
    CHECK(theory.integrator.has_value() == (law.name == std::string("boltzmann-gibbs")));
  }
  experiment.compare.prediction = "none";
  const analysis::Theory nothing = analysis::theory_of(experiment, *well);
  CHECK_FALSE(nothing.prediction);
  CHECK(nothing.others.empty());
  CHECK_FALSE(nothing.basins_by("laplace"));
}
