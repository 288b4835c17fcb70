#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "apps/process/status.hpp"

namespace CLI {
class App;
}

namespace kramers {

/// What may stand on the command line of one command, as the command itself declares it. What is said goes where
/// `value` points.
class Flags {
 public:
  using Value =
      std::variant<bool*, int*, std::uint64_t*, std::string*, std::vector<std::string>*, std::vector<std::size_t>*,
                   std::optional<int>*, std::optional<double>*, std::optional<std::string>*>;
  struct Flag {
    std::string name;  // "-o,--output", or of what stands by its place alone: "file"
    Value value;
    std::string what;  // for --help
    bool required = false;
    std::string type = "";                 // as --help calls a value; "": by its type
    int most_words = 0;                    // of one to so many values; 0: as many as the type takes
    bool one_each = false;                 // many values, each after the name said again
    std::vector<std::string> one_of = {};  // what is allowed; empty: anything, or
    std::optional<std::array<int, 2>> whole_range = {};
    std::optional<std::array<double, 2>> range = {};
    bool ends_too = true;                                             // of the range
    std::function<std::string(const std::string& word)> refuse = {};  // why not; "": why not
  };

  explicit Flags(CLI::App& app) : app_(app) {}
  void add(const Flag& flag);

  // What several commands have.
  void experiment(std::string& path);
  void results(std::string& path);
  void set(std::vector<std::string>& assignments, const std::string& type = "KEY=VALUE");
  void threads(int& count);
  void overwrite(bool& overwrite);
  void json(bool& json);

 private:
  CLI::App& app_;
};

/// A subcommand: a file of its name in this folder, and a line in list.cpp. Results go to standard output, progress and
/// warnings to standard error.
struct Command {
  const char *name, *what, *example;
  /// Declares what may be said, and tells what runs the command when it has been said and gives an exit status.
  std::function<std::function<int()>(Flags&)> declare;
};

template <class Options>
Command command_of(const char* name, const char* what, const char* example, int (*run)(const Options&),
                   void (*declare)(Flags&, Options&)) {
  return {name, what, example, [=](Flags& flags) -> std::function<int()> {
            const auto options = std::make_shared<Options>();
            declare(flags, *options);
            return [=] { return run(*options); };
          }};
}

/// Runs the command of the list that these words ask for. Returns an exit status.
int dispatch(int argc, char** argv);

}  // namespace kramers
