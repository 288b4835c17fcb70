#include <fmt/format.h>

#include "apps/commands/flags.hpp"

namespace kramers {

namespace {

struct GreetOptions {
  std::string name;
};

int greet(const GreetOptions& options) {
  fmt::print("hello {}\n", options.name);
  return status::done;
}

}  // namespace

Command greet_command() {
  return command_of<GreetOptions>(
      "greet", "says hello", "  kramers greet --name world", greet,
      [](Flags& flags, GreetOptions& o) { flags.add({.name = "--name", .value = &o.name, .what = "whom"}); });
}

}  // namespace kramers
