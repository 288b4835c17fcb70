#pragma once

namespace kramers::landscapes {

/// Starts a thread for every t < job.count on the current GPU; defined by kernel_double.cu and kernel_single.cu, which
/// nvcc compiles, for sde::StartWalkers, sde::GatherYield and the sde::Walk of every landscape, scheme and noise.
template <class Job>
void launch(const Job& job);

}  // namespace kramers::landscapes
