#include <bit>
#include <cmath>

#include "sde/replay.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

using namespace kramers;
using namespace kramers::tests;

namespace {

struct Replayed {
  std::vector<sde::Moment> moments;
  std::optional<sde::Divergence> divergence;
};

template <sde::Real R>
Replayed replay(const Run& run, std::uint64_t trajectory, std::uint64_t last) {
  const std::shared_ptr<const landscapes::Landscape> landscape = landscapes::find(run.landscape).make(run.parameters);
  const auto scheme = scheme_of<R>(run, landscape);
  Replayed r;
  const auto show = [&](const sde::Moment& moment) { r.moments.push_back(moment); };
  if constexpr (sizeof(R) == 4)
    r.divergence = sde::replay<R>(landscape->block_single(), *scheme, run.plan, trajectory, last, show);
  else
    r.divergence = sde::replay<R>(landscape->block_double(), *scheme, run.plan, trajectory, last, show);
  return r;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

/// Some trajectories diverge early, some late; samples, looks for divergence and generator calls are out of step.
Run varied(const std::string& scheme) {
  return {.landscape = "quartic",
          .scheme = scheme,
          .time_step = 0.35,
          .temperature = 0.4,
          .plan = {.seed = 5,
                   .run = 2,
                   .trajectories = 300,
                   .burn_in = 37,
                   .steps = 900,
                   .sample_every = 18,
                   .start = {.at = {{-0.5}, {0.25}, {0.5}}},
                   .minima = 1,
                   .path_count = 300,
                   .path_every = 36,
                   .guard_radius = 50}};
}

/// Where `s` has the trajectory: the divergence, if it has one.
const sde::Divergence* divergence_of(const sde::RunStatistics& s, std::uint64_t trajectory) {
  for (const sde::Divergence& d : s.divergences)
    if (d.trajectory == trajectory) return &d;
  return nullptr;
}

/// The replayed trajectory is the one whose path was kept, and ends where that ended.
template <sde::Real R>
void check_replay(const Run& run, const sde::RunStatistics& s, std::uint64_t trajectory) {
  INFO(run.scheme << ", trajectory " << trajectory << ", " << 8 * sizeof(R) << " bits");
  const Replayed r = replay<R>(run, trajectory, run.plan.total_steps());
  for (std::size_t i = 0; i < r.moments.size(); ++i) REQUIRE(r.moments[i].step == i);
  int different = 0;
  for (std::uint64_t draw = 0; draw < s.draws; ++draw)
    for (int i = 0; i < s.dim; ++i) {
      const std::uint64_t step = run.plan.burn_in + (draw + 1) * run.plan.path_every;
      const double kept = s.paths[(trajectory * s.draws + draw) * s.dim + i];
      // Of a trajectory that diverged before the next look, the ensemble keeps no more; the replay shows all good
      // steps.
      if (std::isnan(kept))
        CHECK(r.divergence);
      else
        different += step >= r.moments.size() || !same_bits(kept, r.moments[step].theta[i]);
    }
  CHECK(different == 0);
  if (const sde::Divergence* told = divergence_of(s, trajectory)) {
    REQUIRE(r.divergence);
    CHECK(r.divergence->step == told->step);
    CHECK(r.divergence->where == told->where);
    CHECK(r.moments.size() == told->step);
    CHECK(r.moments.back().theta == told->where);
  } else if (s.diverged == s.divergences.size()) {
    CHECK_FALSE(r.divergence);
    CHECK(r.moments.size() == run.plan.total_steps() + 1);
  }
}

template <sde::Real R>
void check_scheme(const Run& run) {
  const sde::RunStatistics s = simulate<R>(run);
  for (const std::uint64_t trajectory : {0, 1, 64, 127, 128, 299}) check_replay<R>(run, s, trajectory);
  for (std::size_t d = 0; d < std::min<std::size_t>(4, s.divergences.size()); ++d)
    check_replay<R>(run, s, s.divergences[d].trajectory);
}

}  // namespace

TEST_CASE("a replayed trajectory has the bits of its kept path and of its divergence, by every scheme", "[replay]") {
  for (const std::string& scheme : sde::scheme_names()) {
    if (sde::find_scheme(scheme)->quadratic_alone) continue;
    check_scheme<double>(varied(scheme));
    check_scheme<float>(varied(scheme));
  }
  CHECK(simulate<double>(varied("euler-maruyama")).diverged > 10);
  Run coarse = varied("sra1");
  coarse.plan.noise_per_step = 4;
  check_scheme<double>(coarse);
  check_scheme<float>(coarse);
}

TEMPLATE_TEST_CASE("all replayed trajectories together end in the states of the ensemble", "[replay]", double, float) {
  Run run = varied("leimkuhler-matthews");
  run.landscape = "channel";
  run.parameters = {{"transverse_dim", std::int64_t(2)}};
  run.time_step = 0.01;
  run.plan.start = {.kind = sde::Start::Kind::gaussian, .mean = {1, 0, 0}, .deviation = {1, 0.1, 0.1}};
  run.plan.trajectories = 130;
  run.plan.path_count = 130;
  const sde::RunStatistics s = simulate<TestType>(run);
  REQUIRE(s.diverged == 0);
  std::uint64_t hash = 0;
  for (std::uint64_t trajectory = 0; trajectory < run.plan.trajectories; ++trajectory) {
    const Replayed r = replay<TestType>(run, trajectory, run.plan.total_steps());
    hash += sde::state_hash(trajectory, 3, [&](int i) { return TestType(r.moments.back().theta[i]); });
  }
  CHECK(hash == s.final_state_hash);
  check_replay<TestType>(run, s, 129);
}

TEST_CASE("a replay up to an earlier step shows the beginning of the whole, with the loss of each state", "[replay]") {
  const Run run = varied("euler-maruyama");
  const auto landscape = landscapes::find(run.landscape).make(run.parameters);
  const std::uint64_t diverging = simulate<double>(run).divergences.front().trajectory;
  for (const std::uint64_t trajectory : {std::uint64_t(3), diverging}) {
    const Replayed whole = replay<double>(run, trajectory, run.plan.total_steps());
    for (const std::uint64_t last :
         {std::uint64_t(0), std::uint64_t(1), std::uint64_t(33), whole.moments.back().step}) {
      const Replayed part = replay<double>(run, trajectory, last);
      CHECK_FALSE(part.divergence);
      REQUIRE(part.moments.size() == std::min<std::size_t>(last + 1, whole.moments.size()));
      for (std::size_t i = 0; i < part.moments.size(); ++i) {
        const sde::Moment& moment = part.moments[i];
        REQUIRE(moment.theta == whole.moments[i].theta);
        REQUIRE(moment.loss == landscape->value(Eigen::VectorXd::Constant(1, moment.theta[0])));
      }
    }
  }
}

TEST_CASE("a trajectory or a step that the run does not have is refused", "[replay]") {
  const Run run = varied("euler-maruyama");
  CHECK_THROWS_WITH(replay<double>(run, 300, 1), "trajectory 300: there are those from 0 to 299");
  CHECK_THROWS_WITH(replay<double>(run, 0, 938), "step 938: there are those from 0 to 937");
}
