#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "apps/commands/flags.hpp"
#include "apps/text/json.hpp"
#include "apps/text/page.hpp"
#include "landscapes/catalogue.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/pearson.hpp"
#include "landscapes/model/quadratic_form.hpp"
#include "sde/ensemble.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/schemes/list.hpp"

// Trajectory-steps per second, and how near they come to what the random numbers alone allow. All rows are timed side
// by side, in turns, because machines are shared and clocks drift; a row's figures are medians over the turns.

namespace kramers {
namespace {

struct BenchOptions {
  int threads = 0;  // 0: one, then all cores
  bool json = false;
};

constexpr int turns = 15;
constexpr double seconds_per_turn = 0.02;
constexpr int trajectories_per_thread = 2048;
constexpr int noise_rows = 16;  // what the ensemble asks for at a time

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Something that does `work(n)` units and can be timed.
struct Row {
  std::string name, precision;
  int threads;
  std::function<void(std::uint64_t)> work;  // does this many units a trajectory
  double units;                             // trajectory-steps (or normals) per unit of work
  std::vector<double> rates = {};
  std::uint64_t amount = 64;

  void time_once() {
    const double begin = now();
    work(amount);
    const double seconds = now() - begin;
    rates.push_back(double(amount) * units / seconds);
    amount = std::max<std::uint64_t>(64, std::uint64_t(double(amount) * seconds_per_turn / seconds) / 64 * 64);
  }
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Cycles a second, from a chain of multiplications that take 3 cycles each (on x86-64 cores of the last 15 years).
double clock_rate() {
  constexpr int count = 3'000'000;
  std::uint64_t x = 1;
  const double begin = now();
  for (int i = 0; i < count; ++i) {
    x *= 6364136223846793005u;
    asm volatile("" : "+r"(x));
  }
  return 3.0 * count / (now() - begin);
}

/// Median over turns of the ratio within a turn.
double share(const Row& row, const Row& ceiling) {
  std::vector<double> ratios;
  for (int turn = 1; turn < turns; ++turn) ratios.push_back(row.rates[turn] / ceiling.rates[turn]);
  return median(ratios);
}

template <sde::Real R>
Row noise_row(int threads) {
  return {"noise alone", sizeof(R) == 4 ? "single" : "double", threads,
          [threads](std::uint64_t steps) {
            std::vector<std::jthread> team;
            for (int thread = 0; thread < threads; ++thread)
              team.emplace_back([steps, thread] {
                sde::AlignedVector<R> buffer(noise_rows * sde::block_lanes);
                for (int block = 0; block < trajectories_per_thread / sde::block_lanes; ++block)
                  for (std::uint64_t step = 0; step < steps; step += noise_rows)
                    sde::normals<R>({1}, (thread * 1000 + block) * sde::block_lanes, step, noise_rows, buffer.data());
              });
          },
          double(trajectories_per_thread) * threads};
}

/// What an ensemble does in a row.
struct Work {
  std::string name, landscape;
  std::string scheme = "euler-maruyama";
  std::string noise = "isotropic";
  landscapes::Parameters of_noise = {{"sigma", 1.0}};
  std::uint64_t sample_every = 0;  // steps; 0: the last state alone
};

template <sde::Real R>
void run_ensemble(const sde::BlockLandscape<R>& block, const sde::BlockScheme<R>& scheme, std::uint64_t steps,
                  int threads, std::uint64_t sample_every) {
  sde::EnsemblePlan plan;
  plan.trajectories = std::uint64_t(trajectories_per_thread) * threads;
  plan.sample_every = sample_every == 0 ? steps : sample_every;
  plan.steps = steps / plan.sample_every * plan.sample_every;
  plan.burn_in = steps - plan.steps;
  plan.threads = threads;
  std::vector<double> origin(block.dim(), 0.1);
  plan.start.at = {origin, origin};
  if (sample_every > 0) plan.densities = {{{0}, {200}, {{-3.0, 3.0}}}};
  sde::simulate<R>(block, scheme, plan);
}

template <sde::Real R>
Row ensemble_row(const Work& work, int threads) {
  std::shared_ptr<const landscapes::Landscape> landscape = landscapes::find(work.landscape).make({});
  const auto noise = landscapes::find_noise(work.noise).make(work.of_noise, landscape);
  const auto shape = landscapes::block_of<R>(*noise, {.reference = 1, .batch_size = 1});
  sde::SchemeParameters parameters{
      .time_step = 0.004, .temperature = 0.1, .friction = 1, .learning_rate = 0.004, .momentum = 0.9};
  if (sde::find_scheme(work.scheme)->quadratic_alone) parameters.quadratic = landscapes::quadratic_form(*landscape);
  std::shared_ptr<const sde::BlockScheme<R>> scheme = sde::make_scheme<R>(work.scheme, parameters, shape);
  return {work.name, sizeof(R) == 4 ? "single" : "double", threads,
          [=](std::uint64_t steps) {
            run_ensemble<R>(landscapes::block_of<R>(*landscape), *scheme, steps, threads, work.sample_every);
          },
          double(trajectories_per_thread) * threads};
}

/// d X_i = 1.5 X_i dt, without a loss.
template <sde::Real R>
struct Growth final : sde::BlockLandscape<R> {
  int dim() const override { return 3; }
  void gradient(const R* x, R* g) const override {
    for (int i = 0; i < 3 * sde::block_lanes; ++i) g[i] = R(-1.5) * x[i];
  }
  void value(const R*, R* loss) const override { std::fill_n(loss, sde::block_lanes, R(0)); }
};

/// d X_i = 1.5 X_i dt + 0.01 X_i dW_i in three components: the benchmark that DiffEqGPU.jl publishes.
template <sde::Real R>
Row geometric_brownian_row(int threads) {
  const landscapes::PearsonVariance variance{.constant = 0, .quadratic = 1e-4};
  // sqrt(2 T) = 1; the step is so small that nothing grows however long it runs
  std::shared_ptr<const sde::BlockScheme<R>> scheme = sde::make_scheme<R>(
      "euler-maruyama", {.time_step = 1e-9, .temperature = 0.5},
      std::make_shared<landscapes::DiagonalShape<landscapes::PearsonVariance, R>>(variance, 3, 1.0));
  return {"geometric Brownian motion (3 normals)", sizeof(R) == 4 ? "single" : "double", threads,
          [=](std::uint64_t steps) { run_ensemble<R>(Growth<R>(), *scheme, steps, threads, 0); },
          double(trajectories_per_thread) * threads};
}

Row boost_normals_row() {
  return {"Boost.Random normals (mt19937)", "double", 1,
          [](std::uint64_t count) {
            static boost::random::mt19937 engine(1);
            boost::random::normal_distribution<double> normal;
            double sum = 0;
            for (std::uint64_t i = 0; i < count * 64; ++i) sum += normal(engine);
            volatile double sink = sum;
            (void)sink;
          },
          64};
}

Row boost_loop_row() {
  return {"scalar Euler-Maruyama loop, Boost.Random", "double", 1,
          [](std::uint64_t count) {
            // The asymmetric double well as one would write it: a branch for each piece.
            static boost::random::mt19937 engine(1);
            boost::random::normal_distribution<double> normal;
            const double h = 0.004, amplitude = std::sqrt(2 * 0.1 * h);
            double x = 0.1;
            const auto side = [](double u, double well, double rise, double saddle) {
              return u * (1 - u) *
                     (well * (1 - u) * (1 - 2.5 * u) + 30 * rise * u * (1 - u) - saddle / 2 * u * (3 - 5 * u));
            };
            for (std::uint64_t i = 0; i < count * 64; ++i) {
              double gradient;
              if (x <= -1)
                gradient = 2 * (x + 1);
              else if (x <= 0)
                gradient = side(x + 1, 2, 0.4, 4);
              else if (x < 1)
                gradient = -side(1 - x, 12, 0.5, 4);
              else
                gradient = 12 * (x - 1);
              x += -h * gradient + amplitude * normal(engine);
            }
            volatile double sink = x;
            (void)sink;
          },
          64};
}

template <sde::Real R>
void add_rows(std::vector<Row>& rows, int threads) {
  rows.push_back(noise_row<R>(threads));
  const auto add = [&](const Work& work) { rows.push_back(ensemble_row<R>(work, threads)); };
  add({.name = "Euler-Maruyama, quartic", .landscape = "quartic"});
  add({.name = "Euler-Maruyama, double well", .landscape = "asymmetric-double-well"});
  add({.name = "  with a sample every 20 steps", .landscape = "asymmetric-double-well", .sample_every = 20});
  add({.name = "Euler-Maruyama, channel (2 normals)", .landscape = "channel"});
}

/// Every scheme, and every kind of noise, on one core.
template <sde::Real R>
void add_scheme_and_noise_rows(std::vector<Row>& rows) {
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    const std::string landscape = scheme.quadratic_alone ? "quadratic" : "asymmetric-double-well";
    const int numbers = scheme.numbers_per_step(1);  // both are lines
    const std::string normals = numbers == 1 ? "" : fmt::format(" ({} normals)", numbers);
    rows.push_back(ensemble_row<R>({.name = fmt::format("scheme {}{}", scheme.name, normals),
                                    .landscape = landscape,
                                    .scheme = std::string(scheme.name)},
                                   1));
  }
  const std::vector<std::pair<std::string, landscapes::Parameters>> noises = {
      {"covariance", {{"matrix", std::vector<std::vector<double>>{{1}}}}},
      {"two-basin", {}},
      {"pearson", {{"quadratic", 1.0}}},
      {"formula", {{"variance", std::string("1 + x^2")}}},
      {"hessian", {{"scale", 1.0}}},
      {"rademacher", {{"sigma", 1.0}}},
      {"stable", {{"alpha", 1.5}, {"scale", 1.0}}}};
  for (const auto& [kind, parameters] : noises)
    rows.push_back(ensemble_row<R>({.name = "noise " + kind + ", Euler-Maruyama",
                                    .landscape = "asymmetric-double-well",
                                    .noise = kind,
                                    .of_noise = parameters},
                                   1));
  rows.push_back(geometric_brownian_row<R>(1));
}

int bench(const BenchOptions& options) {
  std::vector<int> thread_counts{1};
  if (const int all = sde::thread_count(options.threads); all > 1) thread_counts.push_back(all);

  std::vector<Row> rows;
  for (int threads : thread_counts) {
    add_rows<double>(rows, threads);
    add_rows<float>(rows, threads);
  }
  add_scheme_and_noise_rows<double>(rows);
  rows.push_back(geometric_brownian_row<float>(thread_counts.back()));
  rows.push_back(boost_normals_row());
  rows.push_back(boost_loop_row());
  std::vector<double> clock_rates;
  for (int turn = 0; turn < turns; ++turn) {
    for (Row& row : rows) row.time_once();
    clock_rates.push_back(clock_rate());
  }
  const double clock = median(clock_rates);

  const auto ceiling = [&](const Row& row) -> const Row& {
    return *std::find_if(rows.begin(), rows.end(), [&](const Row& other) {
      return other.name == "noise alone" && other.precision == row.precision && other.threads == row.threads;
    });
  };

  if (options.json) {
    Json list = Json::array();
    for (const Row& row : rows)
      list.push_back({{"name", row.name.substr(row.name.find_first_not_of(' '))},
                      {"precision", row.precision},
                      {"threads", row.threads},
                      {"device", "cpu"},
                      {"rate", median(row.rates)},
                      {"noise_share", share(row, ceiling(row))}});
    fmt::print("{}\n", Json{{"clock", clock}, {"rows", list}}.dump(2));
    return 0;
  }
  using apps::Column;
  std::vector<Column> columns{{"", {}, Column::Kind::name},
                              {"precision", {}, Column::Kind::key},
                              {"threads", {}, Column::Kind::key},
                              {"steps/s", {}},
                              {"of noise", {}},
                              {"ns/step", {}},
                              {"cycles", {}}};
  for (const Row& row : rows) {
    const double seconds = row.threads / median(row.rates);
    const std::string cells[] = {row.name,
                                 row.precision,
                                 fmt::format("{}", row.threads),
                                 fmt::format("{:.3e}", median(row.rates)),
                                 fmt::format("{:.1f}%", 100 * share(row, ceiling(row))),
                                 fmt::format("{:.3f}", 1e9 * seconds),
                                 fmt::format("{:.2f}", clock * seconds)};
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
  }
  fmt::print("{}", apps::text_table(columns));
  fmt::print("\nns and cycles are of one core, a step or normal; the clock was {:.2f} GHz\n", clock / 1e9);
  return 0;
}

}  // namespace

Command bench_command() {
  return command_of<BenchOptions>("bench", "trajectory-steps per second", "  kramers bench --json", bench,
                                  [](Flags& flags, BenchOptions& o) {
                                    flags.threads(o.threads);
                                    flags.json(o.json);
                                  });
}

}  // namespace kramers
