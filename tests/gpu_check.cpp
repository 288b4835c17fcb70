#include <chrono>
#include <cstdio>
#include <optional>

#include "landscapes/catalogue.hpp"
#include "landscapes/device/cuda.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/schemes/list.hpp"
#include "tests/difference.hpp"

// Run by apps/gpu_check where there is a GPU; without one it says so and is skipped (status 77). Needs nothing but
// sde/, landscapes/ and Eigen. Prints Markdown.
//
//     gpu_check bits     every landscape x scheme or noise x precision, 1 and many blocks, odd sizes: GPU against CPU
//
//     gpu_check few      the smallest of these, for the memory checker
//
//     gpu_check speed    trajectory-steps per second

namespace {

using namespace kramers;

struct Case {
  std::string landscape, scheme;
  landscapes::Parameters parameters;
  std::string noise = "isotropic";
  landscapes::Parameters of_noise = {{"sigma", 1.0}};
  double time_step = 1e-4, temperature = 0.3;
  sde::EnsemblePlan plan;

  sde::SchemeParameters scheme_parameters() const {
    return {
        .time_step = time_step, .temperature = temperature, .friction = 1, .learning_rate = time_step, .momentum = 0.9};
  }
};

using Landscape = std::shared_ptr<const landscapes::Landscape>;

template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> noise_of(const Case& c, const Landscape& landscape) {
  return landscapes::block_of<R>(*landscapes::find_noise(c.noise).make(c.of_noise, landscape),
                                 {.reference = 1, .batch_size = 1});
}

template <sde::Real R>
std::optional<sde::RunStatistics> on_gpu(const Case& c, const Landscape& landscape, const sde::Monitor& monitor,
                                         const sde::Restart& restart, const landscapes::GpuShare& share = {}) {
  const landscapes::DeviceDynamics<R> dynamics{c.landscape, c.parameters, c.scheme, c.scheme_parameters(),
                                               noise_of<R>(c, landscape)};
  return sde::simulate<R>(landscapes::cuda_programs<R>(dynamics, share), c.plan, monitor, restart);
}

template <sde::Real R>
sde::RunStatistics on_gpu(const Case& c, const Landscape& landscape) {
  return *on_gpu<R>(c, landscape, {}, {});
}

/// In chunks of some ten thousand trajectories; cut in the first of them, and again where that went on.
template <sde::Real R>
sde::RunStatistics on_gpu_in_pieces(const Case& c, const Landscape& landscape) {
  const landscapes::GpuShare small_share{.process = 0, .processes = 100'000};
  std::optional<sde::SavedState> state;
  for (int cut = 0; cut < 2; ++cut) {
    std::optional<sde::SavedState> next;
    on_gpu<R>(
        c, landscape, [&](auto...) { return !next; },
        {.from = state ? &*state : nullptr,
         .wants = [&] { return !next; },
         .take = [&](const sde::EnsembleState& now) { next.emplace(now); },
         .longest_slab = 64},
        small_share);
    state = std::move(next);
  }
  return *on_gpu<R>(c, landscape, {}, {.from = state ? &*state : nullptr}, small_share);
}

template <sde::Real R>
sde::RunStatistics on_cpu(const Case& c, const Landscape& landscape) {
  const auto scheme = sde::make_scheme<R>(c.scheme, c.scheme_parameters(), noise_of<R>(c, landscape));
  return *sde::simulate<R>(landscapes::block_of<R>(*landscape), *scheme, c.plan);
}

/// Prints a row; how many of its comparisons failed. Of each size the whole, and the middle of three parts; each at
/// once and in pieces.
template <sde::Real R>
int compare(Case c, const Landscape& landscape, const std::vector<std::uint64_t>& sizes) {
  int failures = 0;
  std::string differing;
  for (std::uint64_t trajectories : sizes)
    for (const sde::Part part : {sde::Part{}, sde::Part{1, 3}}) {
      c.plan.trajectories = trajectories;
      c.plan.part = part;
      const sde::RunStatistics expected = on_cpu<R>(c, landscape);
      for (const sde::RunStatistics& s : {on_gpu<R>(c, landscape), on_gpu_in_pieces<R>(c, landscape)}) {
        const std::string found = tests::difference(s, expected);
        if (found.empty()) continue;
        ++failures;
        differing += " in " + found + " of " + std::to_string(trajectories);
      }
    }
  std::printf("| %s | %d | %s | %s | %s | %s%s |\n", c.landscape.c_str(), landscape->dim(), c.scheme.c_str(),
              c.noise.c_str(), sizeof(R) == 8 ? "double" : "single", failures == 0 ? "equal" : "DIFFERENT",
              differing.c_str());
  return failures;
}

/// One of each shape that kernels have.
std::vector<std::pair<std::string, landscapes::Parameters>> shaped_noise(int dim) {
  std::vector<std::vector<double>> matrix(dim, std::vector<double>(dim, 0.1));
  for (int i = 0; i < dim; ++i) matrix[i][i] = 2 + 0.1 * i;
  return {{"covariance", {{"matrix", matrix}}},
          {"two-basin", {{"variance_left", 2.0}}},
          {"pearson", {{"constant", 0.5}, {"linear", 0.3}, {"quadratic", 0.2}}}};
}

int bits(const std::vector<std::uint64_t>& sizes) {
  std::printf("| landscape | dimension | scheme | noise | precision | GPU and CPU |\n|---|---|---|---|---|---|\n");
  int failures = 0;
  for (const landscapes::Entry& entry : landscapes::catalogue())
    for (const landscapes::Parameters& parameters : entry.examples) {
      const Landscape landscape = entry.make(parameters);
      const int dim = landscape->dim();
      std::vector<Case> cases;
      for (const std::string& scheme : sde::device_scheme_names())
        cases.push_back({.landscape = entry.name, .scheme = scheme, .parameters = parameters});
      for (const auto& [noise, of_noise] : shaped_noise(dim))
        for (const std::string& scheme : sde::device_scheme_names(true))
          cases.push_back({entry.name, scheme, parameters, noise, of_noise});
      for (Case& c : cases) {
        c.plan = {.seed = 77,
                  .run = 3,
                  .burn_in = 37,
                  .steps = 360,
                  .sample_every = 18,
                  .densities = {{{0}, {40}, {{-1.5, 1.5}}}},
                  .minima = landscape->basins() ? int(landscape->minima().size()) : 0,
                  .path_count = 150,
                  .path_every = 36,
                  .origin = std::vector<double>(dim, 0.25)};
        if (dim > 1) c.plan.densities.push_back({{dim - 1, 0}, {9, 7}, {{-1.0, 1.0}, {-1.0, 1.0}}});
        for (double x : {-0.9, 0.1, 0.8}) c.plan.start.at.emplace_back(dim, x);
        failures += compare<double>(c, landscape, sizes) + compare<float>(c, landscape, sizes);
      }
    }
  // Beyond h k = 2 some trajectories leave, and must leave at the same step.
  Case c{.landscape = "quartic", .scheme = "euler-maruyama", .time_step = 0.35, .temperature = 0.4};
  c.plan = {.seed = 5, .steps = 1800, .sample_every = 18, .guard_radius = 50};
  c.plan.start.at = {{-0.9}, {0.8}};
  std::printf("\nwith trajectories that diverge:\n\n");
  const Landscape quartic = landscapes::find("quartic").make({});
  failures += compare<double>(c, quartic, sizes) + compare<float>(c, quartic, sizes);
  std::printf("\nwith starts that are drawn, Gaussian and uniform:\n\n");
  Case drawn{.landscape = "mueller-brown", .scheme = "baoab"};
  drawn.plan = {.seed = 6, .steps = 180, .sample_every = 18};
  const Landscape mueller_brown = landscapes::find("mueller-brown").make({});
  for (const sde::Start& start :
       {sde::Start{.kind = sde::Start::Kind::gaussian, .mean = {0.1, 0.2}, .deviation = {0.3, 0.4}},
        sde::Start{.kind = sde::Start::Kind::uniform, .low = {-0.5, 0.25}, .high = {0.5, 1.5}}}) {
    drawn.plan.start = start;
    failures += compare<double>(drawn, mueller_brown, sizes) + compare<float>(drawn, mueller_brown, sizes);
  }
  std::printf("\n%s\n", failures == 0 ? "all equal" : "NOT ALL EQUAL");
  return failures == 0 ? 0 : 1;
}

/// Of the second of two runs, with what it takes to begin and end: the first brings the kernels to the GPU.
template <sde::Real R>
void measure(const char* name, Case c) {
  const Landscape landscape = landscapes::find(c.landscape).make(c.parameters);
  double seconds = 0;
  for (int again = 0; again < 2; ++again) {
    const auto begin = std::chrono::steady_clock::now();
    on_gpu<R>(c, landscape);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  std::printf("| %s | %s | %.3g | %.3g |\n", name, sizeof(R) == 8 ? "double" : "single", double(c.plan.trajectories),
              double(c.plan.trajectories) * double(c.plan.total_steps()) / seconds);
  std::fflush(stdout);
}

int speed() {
  std::printf("| workload | precision | trajectories | trajectory-steps/s |\n|---|---|---|---|\n");
  Case well{.landscape = "asymmetric-double-well", .scheme = "euler-maruyama", .time_step = 0.004, .temperature = 0.1};
  well.plan.start.at = {{-1.0}, {1.0}};
  well.plan.minima = 2;
  for (std::uint64_t trajectories : {std::uint64_t(1) << 14, std::uint64_t(1) << 20}) {
    well.plan.trajectories = trajectories;
    well.plan.steps = (std::uint64_t(1) << 36) / trajectories / 20 * 20;
    well.plan.sample_every = well.plan.steps;
    measure<float>("double well, Euler-Maruyama, last state only", well);
    measure<double>("double well, Euler-Maruyama, last state only", well);
    well.plan.sample_every = 20;
    well.plan.densities = {{{0}, {200}, {{-3.0, 3.0}}}};
    measure<float>("the same, all statistics every 20 steps", well);
    measure<double>("the same, all statistics every 20 steps", well);
    well.plan.densities.clear();
  }
  // What DiffEqGPU.jl publishes, d X = 1.5 X dt + 0.01 X dW in 3 components, but for the sign of the drift, with which
  // there would be no landscape: sqrt(2 T) = 1, h = 1 / 256.
  Case linear{.landscape = "quadratic",
              .scheme = "euler-maruyama",
              .parameters = {{"curvatures", std::vector<double>(3, 1.5)}},
              .noise = "pearson",
              .of_noise = {{"constant", 0.0}, {"quadratic", 1e-4}},
              .time_step = 1.0 / 256,
              .temperature = 0.5};
  linear.plan = {.trajectories = 8'388'608, .steps = 256, .sample_every = 256};
  linear.plan.start.at = {{0.1, 0.1, 0.1}};
  measure<float>("geometric Brownian motion, 3 components, 256 steps, last state only", linear);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const landscapes::CudaSurvey survey = landscapes::survey_cuda();
  if (survey.devices.empty()) {
    std::printf("skipped: %s\n", survey.problem.c_str());
    return 77;
  }
  const std::string task = argc == 2 ? argv[1] : "";
  std::printf("GPU: %s\n\n", survey.devices.front().name.c_str());
  try {
    if (task == "bits") return bits({1, 128, 203, 40'001});
    if (task == "few") return bits({203});
    if (task == "speed") return speed();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gpu_check: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: gpu_check bits|few|speed\n");
  return 2;
}
