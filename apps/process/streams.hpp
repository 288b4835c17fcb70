#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace kramers::apps {

/// Standard output and error as they may be: closed, full, or a pipe that nobody reads to its end. Nothing that is
/// printed by the functions here can end the program.

/// Before anything is opened: a stream that is closed fails when it is written to, and no file that is opened later
/// gets its number; a pipe that has ended is an error of writing, not a signal.
void guard_streams();

/// On standard output. What could not be printed shows in std::ferror(stdout), and makes the exit status 1.
void tell(std::string_view text);

/// On standard error, whether or not somebody reads it; control characters but for the end of a line as \x1b.
void warn(std::string_view text);

template <class First, class... More>
void tell(fmt::format_string<First, More...> format, First&& first, More&&... more) {
  tell(std::string_view(fmt::format(format, std::forward<First>(first), std::forward<More>(more)...)));
}
template <class First, class... More>
void warn(fmt::format_string<First, More...> format, First&& first, More&&... more) {
  warn(std::string_view(fmt::format(format, std::forward<First>(first), std::forward<More>(more)...)));
}

}  // namespace kramers::apps
