#include "apps/commands/list.hpp"

// The order is that of --help.
#define KRAMERS_EACH_COMMAND(is)                                                                                 \
  is(run) is(plan) is(merge) is(slurm) is(compare) is(convergence) is(plot) is(landscapes) is(schemes) is(noise) \
      is(replay) is(show) is(verify) is(selftest) is(bench)

namespace kramers {

#define KRAMERS_DECLARE(name) Command name##_command();
KRAMERS_EACH_COMMAND(KRAMERS_DECLARE)

std::vector<Command> commands() {
#define KRAMERS_MAKE(name) name##_command(),
  return {KRAMERS_EACH_COMMAND(KRAMERS_MAKE)};
}

}  // namespace kramers
