#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "analysis/statistics/passage_estimates.hpp"
#include "tests/catch.hpp"

namespace kramers::tests {

/// How often an exact value lay within an error, within two, or within an interval.
class Coverage {
 public:
  void add(const std::string& name, const analysis::Estimate& found, double exact) {
    Count& count = of(name, false);
    const double off = std::abs(found.value - exact);
    count.one += off <= found.error;
    count.two += off <= 2 * found.error;
    count.exact = exact;
    ++count.all;
  }
  void add(const std::string& name, const analysis::Bounds& found, double exact) {
    Count& count = of(name, true);
    count.one += found.lower <= exact && exact <= found.upper;
    count.exact = exact;
    ++count.all;
  }

  /// Shares may be off from those asked for by what so few seeds explain: `deviations` of a binomial law.
  void check(double deviations) const {
    for (const Count& count : counts_) {
      const auto inside = [&](int seen, double low, double high) {
        const double slack = deviations * std::sqrt(low * (1 - low) / count.all);
        INFO(count.name << ": " << seen << " of " << count.all << ", exactly " << count.exact);
        CHECK(seen >= (low - slack) * count.all);
        CHECK(seen <= (high + deviations * std::sqrt(high * (1 - high) / count.all)) * count.all);
      };
      if (count.is_interval) {
        inside(count.one, 0.95, 1);
      } else {
        inside(count.one, 0.60, 0.76);
        inside(count.two, 0.91, 0.99);
      }
    }
  }
  /// All quantities together whose names begin so: what each alone is too few for.
  void check_together(const std::string& words, double low_one, double high_one, double low_two) const {
    double one = 0, two = 0, all = 0;
    for (const Count& count : counts_)
      if (!count.is_interval && count.name.starts_with(words)) one += count.one, two += count.two, all += count.all;
    INFO(words << " ...: " << one / all << " within one error, " << two / all << " within two");
    CHECK(one >= low_one * all);
    CHECK(one <= high_one * all);
    CHECK(two >= low_two * all);
  }

  void print() const {
    fmt::print(
        "| quantity | exact | seeds | within 1 error (60 to 76 %) | within 2 (91 to 99 %) |\n|---|---|---|---|---|\n");
    for (const Count& count : counts_) {
      const double percent = 100.0 / count.all;
      if (count.is_interval)
        fmt::print("| {}, interval of 95 % | {:.5g} | {} | | {:.1f} % within (95 to 100 %) |\n", count.name,
                   count.exact, count.all, percent * count.one);
      else
        fmt::print("| {} | {:.5g} | {} | {:.1f} % | {:.1f} % |\n", count.name, count.exact, count.all,
                   percent * count.one, percent * count.two);
    }
    std::fflush(stdout);
  }

 private:
  struct Count {
    std::string name;
    bool is_interval;
    double exact = 0;
    int all = 0, one = 0, two = 0;
  };
  Count& of(const std::string& name, bool is_interval) {
    for (Count& count : counts_)
      if (count.name == name && count.is_interval == is_interval) return count;
    return counts_.emplace_back(Count{name, is_interval});
  }
  std::vector<Count> counts_;
};

}  // namespace kramers::tests
