#include <fmt/format.h>

#include <array>
#include <cmath>
#include <stdexcept>

#include "apps/commands/flags.hpp"
#include "apps/text/json.hpp"
#include "apps/text/page.hpp"
#include "landscapes/catalogue.hpp"
#include "landscapes/device/cuda.hpp"
#include "landscapes/model/quadratic_form.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/ensemble.hpp"
#include "sde/random/philox.hpp"
#include "sde/schemes/list.hpp"

// Seconds, not minutes: what a user wants to know of a build on a new machine. The laws themselves are in tests/.

namespace kramers {
namespace {

struct SelftestOptions {
  std::string device = "cpu";
  bool json = false;
};

struct Check {
  std::string name;
  bool passed;
  std::string detail;
};

/// Random123's published answer for counter and key all ones.
Check generator() {
  const auto words = sde::philox(std::array<std::uint32_t, 4>{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                                 sde::PhiloxKey::of_seed(0xffffffffffffffff));
  const std::array<std::uint32_t, 4> published{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  return {"the generator gives its published answer", words == published,
          fmt::format("{:08x} {:08x} {:08x} {:08x}", words[0], words[1], words[2], words[3])};
}

sde::EnsemblePlan small_plan(int threads) {
  sde::EnsemblePlan plan;
  plan.trajectories = 4096;
  plan.burn_in = 200;
  plan.steps = 4000;
  plan.sample_every = 10;
  plan.threads = threads;
  return plan;
}

/// Variance (T / k) / (1 - k h / 2) of Euler-Maruyama on a quadratic, within five standard errors.
Check ornstein_uhlenbeck() {
  const double k = 2, h = 0.1, temperature = 0.0125, exact = temperature / k / (1 - k * h / 2);
  const auto landscape = landscapes::find("quadratic").make({{"curvatures", std::vector<double>{k}}});
  const auto scheme = sde::make_scheme<double>("euler-maruyama", {h, temperature});
  sde::EnsemblePlan plan = small_plan(0);
  plan.start.at = {{0.0}};
  const auto s = *sde::simulate<double>(landscape->block_double(), *scheme, plan);
  double sum = 0, sum_of_squares = 0;
  for (int g = 0; g < s.replicates; ++g) {
    const double square = s.sums[g * s.quantities() + 1] / double(s.sample_count[g]);
    sum += square;
    sum_of_squares += square * square;
  }
  const double mean = sum / s.replicates;
  const double error = std::sqrt((sum_of_squares / s.replicates - mean * mean) / (s.replicates - 1));
  return {"a quadratic has the variance of Euler-Maruyama", std::abs(mean - exact) < 5 * error && error < 0.01 * exact,
          fmt::format("{:.8f} +- {:.8f}, exactly {:.8f}", mean, error, exact)};
}

/// Every landscape by each of `schemes`, once in blocks by one thread and once by `other`: the same states and sums?
template <sde::Real R, class Other>
Check same_bits(const std::string& name, const std::vector<std::string>& schemes, Other other) {
  std::string differing;
  int pairs = 0;
  for (const landscapes::Entry& entry : landscapes::catalogue()) {
    const auto landscape = entry.make({});
    const auto& blocks = landscapes::block_of<R>(*landscape);
    for (const std::string& scheme : schemes) {
      const bool quadratic_alone = sde::find_scheme(scheme)->quadratic_alone;
      if (quadratic_alone && entry.name != "quadratic") continue;
      sde::EnsemblePlan plan = small_plan(1);
      plan.trajectories = 300;
      plan.steps = 100;
      plan.start.at = {std::vector<double>(landscape->dim(), 0.1)};
      sde::SchemeParameters parameters{
          .time_step = 1e-4, .temperature = 0.1, .friction = 1, .learning_rate = 1e-4, .momentum = 0.9};
      if (quadratic_alone) parameters.quadratic = landscapes::quadratic_form(*landscape);
      const auto one = *sde::simulate<R>(blocks, *sde::make_scheme<R>(scheme, parameters), plan);
      const sde::RunStatistics two = other(entry.name, blocks, scheme, parameters, plan);
      ++pairs;
      if (one.final_state_hash != two.final_state_hash || one.sums != two.sums)
        differing += " " + entry.name + "/" + scheme;
    }
  }
  return {fmt::format("{} the same bits, {} precision", name, sizeof(R) == 4 ? "single" : "double"), differing.empty(),
          differing.empty() ? fmt::format("{} landscapes x schemes", pairs) : "differing:" + differing};
}

template <sde::Real R>
Check threads_agree() {
  return same_bits<R>("one thread and all give", sde::scheme_names(),
                      [](const std::string&, const sde::BlockLandscape<R>& landscape, const std::string& scheme,
                         const sde::SchemeParameters& parameters, sde::EnsemblePlan plan) {
                        plan.threads = 0;
                        return *sde::simulate<R>(landscape, *sde::make_scheme<R>(scheme, parameters), plan);
                      });
}

template <sde::Real R>
Check gpus_agree() {
  return same_bits<R>(
      "CPU and GPU give", sde::device_scheme_names(),
      [](const std::string& landscape, const sde::BlockLandscape<R>&, const std::string& scheme,
         const sde::SchemeParameters& parameters, const sde::EnsemblePlan& plan) {
        return *sde::simulate<R>(landscapes::cuda_programs<R>({landscape, {}, scheme, parameters}), plan);
      });
}

int selftest(const SelftestOptions& options) {
  if (const auto survey = landscapes::survey_cuda(); options.device == "cuda" && survey.devices.empty())
    throw std::invalid_argument("--device cuda: " + survey.problem + "; allowed here: cpu");
  std::vector<Check> checks{generator(), ornstein_uhlenbeck(), threads_agree<double>(), threads_agree<float>()};
  if (options.device == "cuda") {
    checks.push_back(gpus_agree<double>());
    checks.push_back(gpus_agree<float>());
  }
  bool passed = true;
  Json list = Json::array();
  for (const Check& check : checks) {
    passed = passed && check.passed;
    if (!options.json)
      fmt::print("{}", apps::wrapped(fmt::format("{:<6} {}: {}\n", check.passed ? "passed" : "FAILED", check.name,
                                                 check.detail)));
    list.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  if (options.json) fmt::print("{}\n", Json{{"checks", list}, {"passed", passed}}.dump(2));
  return passed ? status::done : status::failure;
}

}  // namespace

Command selftest_command() {
  return command_of<SelftestOptions>("selftest", "does this build compute what it should?", "  kramers selftest",
                                     selftest, [](Flags& flags, SelftestOptions& o) {
                                       flags.add({.name = "--device",
                                                  .value = &o.device,
                                                  .what = "cpu, or cuda: holds every GPU here against the CPU, too",
                                                  .one_of = {"cpu", "cuda"}});
                                       flags.json(o.json);
                                     });
}

}  // namespace kramers
