#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "apps/command.hpp"
#include "apps/json.hpp"
#include "landscapes/catalogue.hpp"
#include "sde/aligned.hpp"
#include "sde/ensemble.hpp"
#include "sde/schemes/list.hpp"

// Trajectory-steps per second, and how near they come to what the random numbers alone allow. All rows are timed side
// by side, in turns, because machines are shared and clocks drift; a row's figures are medians over the turns.

namespace kramers {
namespace {

constexpr int turns = 15;
constexpr double seconds_per_turn = 0.04;
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

template <sde::Real R>
Row ensemble_row(const std::string& name, const std::string& landscape_name, int threads, std::uint64_t sample_every) {
  std::shared_ptr<const landscapes::Landscape> landscape = landscapes::find(landscape_name).make({});
  return {name, sizeof(R) == 4 ? "single" : "double", threads,
          [landscape, threads, sample_every](std::uint64_t steps) {
            const sde::BlockLandscape<R>* block;
            if constexpr (sizeof(R) == 4)
              block = &landscape->block_single();
            else
              block = &landscape->block_double();
            const auto scheme = sde::make_scheme<R>("euler-maruyama", {.time_step = 0.004, .temperature = 0.1});
            sde::EnsemblePlan plan;
            plan.trajectories = std::uint64_t(trajectories_per_thread) * threads;
            plan.sample_every = sample_every == 0 ? steps : sample_every;
            plan.steps = steps / plan.sample_every * plan.sample_every;
            plan.burn_in = steps - plan.steps;
            plan.threads = threads;
            std::vector<double> origin(landscape->dim(), 0.1);
            plan.start.at = {origin, origin};
            if (sample_every > 0) plan.densities = {{{0}, {200}, {{-3.0, 3.0}}}};
            sde::simulate<R>(*block, *scheme, plan);
          },
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
  rows.push_back(ensemble_row<R>("Euler-Maruyama, quartic", "quartic", threads, 0));
  rows.push_back(ensemble_row<R>("Euler-Maruyama, double well", "asymmetric-double-well", threads, 0));
  rows.push_back(ensemble_row<R>("  with a sample every 20 steps", "asymmetric-double-well", threads, 20));
  rows.push_back(ensemble_row<R>("Euler-Maruyama, channel (2 normals)", "channel", threads, 0));
}

}  // namespace

int bench(const BenchOptions& options) {
  std::vector<int> thread_counts{1};
  if (const int all = sde::thread_count(options.threads); all > 1) thread_counts.push_back(all);

  std::vector<Row> rows;
  for (int threads : thread_counts) {
    add_rows<double>(rows, threads);
    add_rows<float>(rows, threads);
  }
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
  fmt::print("{:<42} {:>9} {:>7} {:>10} {:>9} {:>8} {:>7}\n", "", "precision", "threads", "steps/s", "of noise",
             "ns/step", "cycles");
  for (const Row& row : rows) {
    const double seconds = row.threads / median(row.rates);
    fmt::print("{:<42} {:>9} {:>7} {:>10.3e} {:>8.1f}% {:>8.3f} {:>7.2f}\n", row.name, row.precision, row.threads,
               median(row.rates), 100 * share(row, ceiling(row)), 1e9 * seconds, clock * seconds);
  }
  fmt::print("\nns and cycles are of one core, a step or normal; the clock was {:.2f} GHz\n", clock / 1e9);
  return 0;
}

}  // namespace kramers
