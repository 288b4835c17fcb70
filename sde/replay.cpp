#include "sde/replay.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "sde/numbers/aligned.hpp"
#include "sde/random/coarse_normals.hpp"
#include "sde/random/step_numbers.hpp"
#include "sde/requirements.hpp"
#include "sde/scheme_window.hpp"

namespace kramers::sde {
namespace {

/// The block of one trajectory, which is read out after every step.
template <Real R>
class Replay {
 public:
  Replay(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme, const EnsemblePlan& plan,
         std::uint64_t trajectory)
      : landscape_(landscape),
        scheme_(scheme),
        plan_(plan),
        guard_(R(plan.guard_radius)),
        increments_{plan.seed, plan.run, Purpose::increments},
        first_trajectory_(trajectory / block_lanes * block_lanes),
        lane_(int(trajectory % block_lanes)),
        dim_(landscape.dim()),
        normal_rows_(scheme.facts().numbers_per_step(dim_)),
        theta_(std::size_t(dim_ + scheme.extra_rows(dim_)) * block_lanes),
        extra_(theta_.data() + dim_ * block_lanes),
        scratch_(std::size_t(dim_) * block_lanes * scheme.scratch_rows()),
        normals_(plan.noise_per_step * noise_steps * normal_rows_ * block_lanes) {
    require_parts(landscape, scheme.facts(), plan);
    InitialStates(plan.start, plan.seed, plan.run, dim_, scheme.extra_rows(dim_))
        .fill_block(first_trajectory_, theta_.data(), extra_);
    scheme.start(landscape, theta_.data(), extra_, scratch_.data());
  }

  void advance() {
    const std::uint64_t ahead = step_ % noise_steps;
    if (ahead == 0) {
      const std::uint64_t rows = plan_.noise_per_step * normal_rows_;  // a step
      step_numbers<R>(scheme_.noise(), increments_, first_trajectory_, step_ * rows, int(noise_steps * rows),
                      normals_.data());
      coarsen_by<R>(plan_.noise_per_step, scheme_.facts(), dim_, noise_steps, normals_.data());
    }
    scheme_of_step().advance(landscape_, 1, normals_.data() + ahead * normal_rows_ * block_lanes, theta_.data(), extra_,
                             scratch_.data());
    ++step_;
  }

  Moment moment() const {
    alignas(64) R loss[block_lanes];
    landscape_.value(theta_.data(), loss);
    Moment now{step_, std::vector<double>(dim_), double(loss[lane_])};
    for (int i = 0; i < dim_; ++i) now.theta[i] = double(theta_[i * block_lanes + lane_]);
    return now;
  }

  bool is_bad(const Moment& moment) const {
    return std::ranges::any_of(moment.theta, [&](double x) { return !(abs(R(x)) < guard_); });
  }

 private:
  const BlockScheme<R>& scheme_of_step() {
    if (!plan_.course) return scheme_;
    if (step_ % SchemeWindow<R>::longest == 0)
      window_.emplace(*plan_.course, scheme_, step_, std::min(step_ + SchemeWindow<R>::longest, plan_.total_steps()));
    return *window_->at(step_).scheme;
  }

  static constexpr std::uint64_t noise_steps = 4;  // at a time: whole generator calls with any number of rows

  const BlockLandscape<R>& landscape_;
  const BlockScheme<R>& scheme_;
  std::optional<SchemeWindow<R>> window_;
  const EnsemblePlan& plan_;
  const R guard_;
  const Stream increments_;
  const std::uint64_t first_trajectory_;
  const int lane_, dim_, normal_rows_;
  std::uint64_t step_ = 0;
  AlignedVector<R> theta_;
  R* const extra_;
  AlignedVector<R> scratch_, normals_;
};

}  // namespace

template <Real R>
std::optional<Divergence> replay(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme,
                                 const EnsemblePlan& plan, std::uint64_t trajectory, std::uint64_t last,
                                 const std::function<void(const Moment&)>& show) {
  if (trajectory >= plan.trajectories)
    throw std::invalid_argument("trajectory " + std::to_string(trajectory) + ": there are those from 0 to " +
                                std::to_string(plan.trajectories - 1));
  if (last > plan.total_steps())
    throw std::invalid_argument("step " + std::to_string(last) + ": there are those from 0 to " +
                                std::to_string(plan.total_steps()));
  Replay<R> block(landscape, scheme, plan, trajectory);
  Moment good = block.moment();  // at the last event, or at the start
  show(good);
  for (const Events events = plan.events(); good.step < last;) {
    // A trajectory is known to be good up to the next event, which may lie beyond `last`.
    std::vector<Moment> until_event;
    for (std::uint64_t event = std::min(events.next(good.step), plan.total_steps()), step = good.step; step < event;
         ++step) {
      block.advance();
      until_event.push_back(block.moment());
    }
    auto end = until_event.end();
    if (block.is_bad(until_event.back()))
      end = std::ranges::find_if(until_event, [&](const Moment& moment) { return block.is_bad(moment); });
    for (const Moment& moment : std::span(until_event.begin(), end))
      if (moment.step <= last) show(moment);
    if (end != until_event.end()) {
      if (end->step > last) return std::nullopt;
      return Divergence{trajectory, end->step, end == until_event.begin() ? good.theta : std::prev(end)->theta};
    }
    good = std::move(until_event.back());
  }
  return std::nullopt;
}

template std::optional<Divergence> replay(const BlockLandscape<float>&, const BlockScheme<float>&, const EnsemblePlan&,
                                          std::uint64_t, std::uint64_t, const std::function<void(const Moment&)>&);
template std::optional<Divergence> replay(const BlockLandscape<double>&, const BlockScheme<double>&,
                                          const EnsemblePlan&, std::uint64_t, std::uint64_t,
                                          const std::function<void(const Moment&)>&);

}  // namespace kramers::sde
