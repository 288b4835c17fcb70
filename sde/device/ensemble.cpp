#include "sde/device/ensemble.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "sde/device/chunks.hpp"

namespace kramers::sde {
namespace {

/// The chunk's steps; false if the monitor stopped it.
template <Real R>
bool run_chunk(Chunks<R>& chunks, const EnsemblePlan& plan, const Monitor& monitor, const Restart& restart) {
  using Clock = std::chrono::steady_clock;
  constexpr double slab_seconds = 0.05;    // what progress, Ctrl-C and a display on the same device wait for
  double steps_per_slab = guard_interval;  // doubling makes 10^5 of it in a dozen slabs
  for (Slab<R> slab = chunks.slab(); slab.last_step < plan.total_steps();) {
    slab.first_step = slab.last_step;
    const double most = std::min(steps_per_slab, double(restart.longest_slab));
    const auto looks = std::uint64_t(std::clamp(most / guard_interval, 1.0, 1e15));
    slab.last_step =
        std::min(plan.total_steps(), slab.first_step / guard_interval * guard_interval + looks * guard_interval);
    const auto begin = Clock::now();
    chunks.advance(slab);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    steps_per_slab =
        std::min(2 * steps_per_slab, double(slab.last_step - slab.first_step) * slab_seconds / std::max(seconds, 1e-6));
    if (restart.wants && restart.wants()) restart.take(chunks);
    const bool go_on = !monitor || monitor(chunks.average_step(), chunks.diverged());
    if (!go_on && (slab.last_step < plan.total_steps() || !chunks.is_last())) return false;
  }
  return true;
}

}  // namespace

std::string plan_obstacle(const EnsemblePlan& plan) {
  const std::string recorded = "; allowed on a GPU: density, paths, quantiles";
  if (plan.course)
    return "the dynamics follow a schedule; allowed on a GPU: a learning_rate, batch_size and temperature that stay";
  if (!plan.passages.empty()) return "record.events asks for a look after every step" + recorded;
  if (const auto planned = planned_tallies(plan); !planned.empty())
    return "record." + planned.front().shape.name + " is asked for" + recorded;
  if (plan.noise_per_step != 1)
    return "compare.step_bias asks for runs at other time steps on the same noise; allowed on a GPU: false";
  return "";
}

template <Real R>
std::optional<RunStatistics> simulate(const DeviceProgram<R>& program, const EnsemblePlan& plan, const Monitor& monitor,
                                      const Restart& restart) {
  if (const std::string obstacle = plan_obstacle(plan); !obstacle.empty()) throw std::invalid_argument(obstacle);
  Chunks<R> chunks(program, plan, restart);
  while (chunks.begin()) {
    if (!run_chunk(chunks, plan, monitor, restart)) return std::nullopt;
    chunks.end();
  }
  if (plan.trajectories_here() == 0 && monitor && !monitor(plan.total_steps(), 0)) return std::nullopt;
  if (restart.last) restart.last(chunks);
  return chunks.finish();
}

template std::optional<RunStatistics> simulate(const DeviceProgram<float>&, const EnsemblePlan&, const Monitor&,
                                               const Restart&);
template std::optional<RunStatistics> simulate(const DeviceProgram<double>&, const EnsemblePlan&, const Monitor&,
                                               const Restart&);

}  // namespace kramers::sde
