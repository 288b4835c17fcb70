#pragma once

#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "tests/catch.hpp"

/// Experiments with one mistake, and what is said of it.
namespace kramers::tests {

/// Nine lines that are right, to be spoilt one at a time.
inline const std::string good = R"([landscape]
name = "asymmetric-double-well"
[dynamics]
learning_rate = 0.004
batch_size = 32
noise = { sigma = 40.0 }
[ensemble]
steps = 1000
sample_every = 10
)";

inline std::vector<std::string> problems_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    analysis::read_experiment(text, "e.toml", overrides);
  } catch (const analysis::ExperimentError& error) {
    return error.problems;
  }
  return {};
}

struct Spoilt {
  std::string replace, by;             // in `good`; an empty `replace` appends
  std::vector<std::string> fragments;  // all in the one complaint
};

/// One complaint of each, with these fragments.
inline void check_complaints(const std::vector<Spoilt>& table) {
  for (const Spoilt& spoilt : table) {
    std::string text = good;
    const auto at = spoilt.replace.empty() ? text.size() : text.find(spoilt.replace);
    REQUIRE(at != std::string::npos);
    text.replace(at, spoilt.replace.size(), spoilt.by);
    CAPTURE(text);
    const auto problems = problems_of(text);
    std::string all;
    for (const auto& problem : problems) all += problem + "\n";
    CAPTURE(all);
    CHECK(problems.size() == 1);
    if (problems.empty()) continue;
    for (const std::string& fragment : spoilt.fragments) {
      CAPTURE(fragment);
      CHECK(problems[0].find(fragment) != std::string::npos);
    }
  }
}

}  // namespace kramers::tests
