#include <Eigen/Eigenvalues>
#include <algorithm>
#include <random>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/study/basins.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/study.hpp"
#include "landscapes/basins/gradient_flow.hpp"
#include "landscapes/basins/with_raster.hpp"
#include "landscapes/model/evaluate.hpp"
#include "landscapes/mueller_brown.hpp"
#include "tests/ensemble_run.hpp"

namespace kramers {
namespace {

using landscapes::BasinRaster, landscapes::Landscape, landscapes::Point;
using sde::block_lanes;
using Ranges = std::vector<std::array<double, 2>>;

std::shared_ptr<const Landscape> make(const std::string& name, const landscapes::Parameters& parameters = {}) {
  return landscapes::find(name).make(parameters);
}

/// The minima with half their spread and 1 around them.
Ranges around_minima(const Landscape& landscape) {
  Ranges ranges;
  for (int i = 0; i < landscape.dim(); ++i) {
    double low = landscape.minima()[0].at[i], high = low;
    for (const auto& minimum : landscape.minima()) {
      low = std::min(low, minimum.at[i]);
      high = std::max(high, minimum.at[i]);
    }
    const double margin = 1 + (high - low) / 2;
    ranges.push_back({low - margin, high + margin});
  }
  return ranges;
}

/// Where the gradient flow from one point leads.
int end_of_flow(const Landscape& landscape, const Point& from) {
  std::vector<double> theta(landscape.dim() * block_lanes);
  for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = from[Eigen::Index(i / block_lanes)];
  std::int32_t minimum[block_lanes];
  landscapes::follow_gradient_flow(landscape, theta.data(), minimum);
  CHECK(std::count(minimum, minimum + block_lanes, minimum[0]) == block_lanes);
  return minimum[0];
}

const Ranges mueller_brown_ranges = {{-2.2, 1.8}, {-1, 2.6}};

}  // namespace

TEST_CASE("where coordinates are independent, the raster has the stated basins up to a cell", "[basins]") {
  int tried = 0;
  for (const landscapes::Entry& entry : landscapes::catalogue())
    for (const landscapes::Parameters& example : entry.examples) {
      const auto landscape = std::shared_ptr<const Landscape>(entry.make(example));
      if (!landscape->basins() || !landscapes::raster_obstacle(*landscape).empty()) continue;
      if (!landscape->separable()) continue;
      INFO(entry.name << " in " << landscape->dim() << " dimensions");
      ++tried;
      const auto raster = landscapes::basin_raster(*landscape, around_minima(*landscape));
      std::mt19937_64 engine(11);
      int wrong = 0;
      for (int k = 0; k < 20000; ++k) {
        Point theta(landscape->dim());
        for (int i = 0; i < theta.size(); ++i) {
          const BasinRaster::Axis& axis = raster->axes[i];
          theta[i] = axis.edge(0) + (axis.edge(axis.cells) - axis.edge(0)) * double(engine() >> 11) * 0x1p-53;
        }
        // Of the points a cell to either side along each axis one has the label in truth.
        bool right = false;
        for (int corner = 0; corner < 1 << theta.size(); ++corner) {
          Point moved = theta;
          for (int i = 0; i < theta.size(); ++i) moved[i] += (corner >> i & 1 ? 1 : -1) * raster->axes[i].width;
          right = right || analysis::basin_of(*landscape->basins(), moved) == raster->label(theta);
        }
        wrong += !right;
      }
      CHECK(wrong == 0);

      if (landscape->dim() > 2 || !landscape->confining()) continue;
      const auto stated = *analysis::gibbs_basin_weights(*landscape, 1);
      const auto by_raster = *analysis::gibbs_basin_weights(*landscapes::with_raster(landscape, raster), 1);
      for (std::size_t m = 0; m < stated.size(); ++m) CHECK(std::abs(stated[m] - by_raster[m]) < 2e-3);
    }
  CHECK(tried >= 5);
}

TEST_CASE("from either side of a saddle the flow leads to the minima that it joins", "[basins]") {
  const auto landscape = make("mueller-brown");  // minima: deep, middle, right
  const auto step_off = [&](double x, double y, double sign) {
    const Point saddle = landscapes::stationary_point(landscapes::MuellerBrown(), landscapes::point({x, y}));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> curvature(landscape->hessian(saddle));
    CHECK(curvature.eigenvalues()[0] < 0);
    Point way = curvature.eigenvectors().col(0);
    if (way[0] < 0) way = -way;
    return end_of_flow(*landscape, saddle + sign * 1e-4 * way);
  };
  CHECK(step_off(-0.822, 0.624, -1) == 0);
  CHECK(step_off(-0.822, 0.624, +1) == 1);
  CHECK(step_off(0.212, 0.293, -1) == 1);
  CHECK(step_off(0.212, 0.293, +1) == 2);
  for (int m = 0; m < 3; ++m) CHECK(end_of_flow(*landscape, landscape->minima()[m].at) == m);
}

TEST_CASE("a flow that ends on a saddle or nowhere reaches no minimum", "[basins]") {
  const auto symmetric = make("quartic");
  CHECK(end_of_flow(*symmetric, landscapes::point({0})) == -1);
  CHECK(end_of_flow(*symmetric, landscapes::point({1e-8})) == 1);
  CHECK(end_of_flow(*symmetric, landscapes::point({-1e-8})) == 0);
  CHECK(end_of_flow(*symmetric, landscapes::point({1e150})) != 0);
}

TEST_CASE("beyond the raster a point has the label of the nearest cell, in both precisions", "[basins]") {
  const auto landscape = make("mueller-brown");
  const auto raster = landscapes::basin_raster(*landscape, mueller_brown_ranges);
  const auto rastered = landscapes::with_raster(landscape, raster);
  CHECK(raster->label(landscapes::point({-9, 2})) == raster->label(landscapes::point({-2.19, 2})));
  CHECK(raster->label(landscapes::point({9, 9})) == raster->label(landscapes::point({1.79, 2.59})));
  CHECK(raster->label(landscapes::point({std::nan(""), 2})) == raster->label(landscapes::point({-2.19, 2})));

  std::vector<double> theta(2 * block_lanes);
  std::vector<float> single(2 * block_lanes);
  std::mt19937_64 engine(3);
  for (std::size_t i = 0; i < theta.size(); ++i) single[i] = float(theta[i] = -4 + double(engine() % 8000) / 1000);
  std::int32_t minimum[block_lanes], in_single[block_lanes];
  rastered->block_double().basins()->of(theta.data(), minimum);
  rastered->block_single().basins()->of(single.data(), in_single);
  int different = 0;
  for (int lane = 0; lane < block_lanes; ++lane) {
    CHECK(minimum[lane] == raster->label(landscapes::point({theta[lane], theta[block_lanes + lane]})));
    different += minimum[lane] != in_single[lane];
  }
  CHECK(different <= 1);
}

TEST_CASE("the Gibbs weights of a raster's basins are the sums over its cells", "[basins]") {
  const auto landscape = make("mueller-brown");
  const double temperature = 40;
  const auto raster = landscapes::basin_raster(*landscape, mueller_brown_ranges);
  const auto weights = *analysis::gibbs_basin_weights(*landscapes::with_raster(landscape, raster), temperature);
  // The same by the midpoint rule on a grid four times as fine and wider than the raster: an error of 1e-4.
  std::vector<double> sums(3);
  double total = 0;
  const double width = raster->axes[0].width / 4, height = raster->axes[1].width / 4;
  for (double x = -5 + width / 2; x < 5; x += width)
    for (double y = -5 + height / 2; y < 5; y += height) {
      const Point theta = landscapes::point({x, y});
      const double mass = std::exp(-landscape->value(theta) / temperature);
      if (!(mass > 1e-30)) continue;
      total += mass;
      sums[raster->label(theta)] += mass;
    }
  for (int m = 0; m < 3; ++m) CHECK(std::abs(weights[m] - sums[m] / total) < 5e-4);
}

TEST_CASE("Mueller-Brown is sampled into its basins of attraction as Gibbs has it", "[basins]") {
  const auto landscape = make("mueller-brown");
  const double temperature = 40;
  const auto rastered = landscapes::with_raster(landscape, landscapes::basin_raster(*landscape, mueller_brown_ranges));
  const auto weights = *analysis::gibbs_basin_weights(*rastered, temperature);
  // Relaxation takes about 0.05, the burn-in ten times that; the bias of the step is a tenth of a standard error.
  const auto scheme = sde::make_scheme<double>("leimkuhler-matthews", {.time_step = 5e-5, .temperature = temperature});
  sde::EnsemblePlan plan{.seed = 5, .trajectories = 1024, .burn_in = 10'000, .steps = 30'000, .sample_every = 100};
  for (const auto& minimum : landscape->minima()) plan.start.at.emplace_back(minimum.at.begin(), minimum.at.end());
  plan.minima = 3;
  const auto statistics = *sde::simulate<double>(rastered->block_double(), *scheme, plan);
  CHECK(statistics.diverged == 0);
  for (int m = 0; m < 3; ++m) CHECK_ESTIMATE(tests::occupancy(statistics, m), weights[m], 0.005);
}

TEST_CASE("an experiment counts in the basins of attraction where it asks for them", "[basins]") {
  const auto experiment = [](const std::string& landscape, const std::string& basins) {
    return analysis::read_experiment(
        "landscape = " + landscape +
            "\ndynamics = { temperature = 1, time_step = 0.001 }\nensemble = { trajectories = 64, steps = 10 }\n"
            "[record]\ndensity = []\n" +
            basins,
        "x.toml");
  };
  const auto stated = analysis::prepare(experiment("{ name = 'channel' }", ""));
  CHECK_FALSE(stated[0].landscape->basins()->raster);
  CHECK(analysis::device_obstacle(stated).empty());

  const auto file = experiment("{ name = 'styblinski-tang', dim = 1 }", "basins = 'gradient-flow'");
  auto by_flow = analysis::prepare(file);
  REQUIRE(by_flow[0].landscape->basins()->raster);
  CHECK(analysis::device_obstacle(by_flow).find("basins are those by gradient flow") != std::string::npos);
  CHECK(file.text_resolved.find("basins = \"gradient-flow\"") != std::string::npos);
  const auto& axis = by_flow[0].landscape->basins()->raster->axes[0];
  for (const auto& minimum : by_flow[0].landscape->minima()) {
    CHECK(axis.edge(0) < minimum.at[0]);
    CHECK(axis.edge(axis.cells) > minimum.at[0]);
  }
  REQUIRE(analysis::simulate(by_flow[0], {.threads = 1}, {}));
  CHECK(by_flow[0].statistics.basins.cells == 3);

  const auto complaint = [&](const std::string& landscape, const std::string& basins) -> std::string {
    try {
      experiment(landscape, basins);
    } catch (const analysis::ExperimentError& error) {
      return error.problems.at(0);
    }
    return "";
  };
  CHECK(complaint("{ name = 'styblinski-tang', dim = 4 }", "basins = 'gradient-flow'").find("up to 3") !=
        std::string::npos);
  CHECK(complaint("{ name = 'channel' }", "basins = 'flow'").find("stated, gradient-flow") != std::string::npos);
}

}  // namespace kramers
