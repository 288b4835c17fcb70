#include "analysis/statistics/uncertain.hpp"
#include "tests/catch.hpp"

using kramers::analysis::uncertain;

TEST_CASE("a value is told to the digits that its error leaves", "[uncertain]") {
  CHECK(uncertain(0.45602, 0.0015) == "0.4560(15)");
  CHECK(uncertain(123456.7, 34) == "123457(34)");
  CHECK(uncertain(2.08e8, 2e7) == "2.08e+08(2e+07)");
  CHECK(uncertain(-3e-13, 2e-13) == "-3.0(20)e-13");
  CHECK(uncertain(1.2345e-30, 4e-32) == "1.234(40)e-30");
  CHECK(uncertain(5e-310, 1e-311) == "5.000(100)e-310");
  CHECK(uncertain(1, 1e-13) == "1.00000000000000(10)");
  CHECK(uncertain(0.5, 0) == "0.5");
}

TEST_CASE("what is not known is said to be", "[uncertain]") {
  const double unknown = std::nan(""), infinite = 1 / 0.0;
  CHECK(uncertain(0.456, unknown) == "0.456(?)");
  CHECK(uncertain(0.456, infinite) == "0.456(?)");
  CHECK(uncertain(unknown, 1) == "-");
  CHECK(uncertain(unknown, unknown) == "-");
  CHECK(uncertain(-infinite, 1) == "-");
}
