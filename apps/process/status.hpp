#pragma once

/// Exit statuses. Of a sweep: the worst.
namespace kramers::status {

inline constexpr int done = 0;  // compare: agrees
inline constexpr int failure = 1;
inline constexpr int usage = 2;
inline constexpr int disagrees = 3;
inline constexpr int not_enough_data = 4;
inline constexpr int interrupted = 130;

}  // namespace kramers::status
