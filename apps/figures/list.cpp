#include "apps/figures/list.hpp"

#define KRAMERS_EACH_FIGURE(is) is(density) is(residual)

namespace kramers::apps {

#define KRAMERS_DECLARE(name) Figure name##_figure();
KRAMERS_EACH_FIGURE(KRAMERS_DECLARE)

std::vector<Figure> figures() {
#define KRAMERS_MAKE(name) name##_figure(),
  return {KRAMERS_EACH_FIGURE(KRAMERS_MAKE)};
}

}  // namespace kramers::apps
