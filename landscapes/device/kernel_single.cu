#include "landscapes/device/kernel.cuh"

template std::uintptr_t kramers::landscapes::instantiate_all<float>();
