#include "sde/noise.hpp"

#include <algorithm>

#include "sde/box_muller.hpp"
#include "sde/pack.hpp"
#include "sde/philox.hpp"

namespace kramers::sde {
namespace {

using Words = Pack<std::uint64_t>;

/// The part of a block's calls that does not depend on the call. Within a block only word 2 differs between lanes, and
/// between calls only words 0 and 1 do, so one product of each of the first two rounds is common to all calls and the
/// other to all lanes.
struct LaneConstants {
  Words key[philox_rounds][2];
  // after two rounds: word 0 = scalar ^ zero, 2 = scalar ^ two, 3 = three
  static constexpr int packs = block_lanes / Words::lanes;
  Words zero[packs], two[packs], three[packs];
};

}  // namespace
}  // namespace kramers::sde
