#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers::landscapes;

namespace {

/// What is said of parameters that cannot be.
ParameterError refusal(const char* name, const Parameters& parameters) {
  try {
    find(name).make(parameters);
  } catch (const ParameterError& error) {
    return error;
  }
  return {"nothing", "", ""};
}

using List = std::vector<double>;
using Matrix = std::vector<List>;

}  // namespace

TEST_CASE("the catalogue describes every landscape and parameter, each name once", "[landscapes]") {
  for (const Entry& entry : catalogue()) {
    INFO(entry.name);
    CHECK(&find(entry.name) == &entry);
    CHECK_FALSE(entry.summary.empty());
    CHECK_FALSE(entry.formula.empty());
    CHECK_FALSE(entry.source.empty());
    for (const ParameterDescription& parameter : entry.parameters) {
      INFO(parameter.name);
      CHECK_FALSE(parameter.meaning.empty());
      CHECK_FALSE(parameter.unit.empty());
      CHECK_FALSE(parameter.default_text.empty());
      CHECK_FALSE(parameter.allowed.empty());
      const bool numeric = parameter.type == "number" || parameter.type == "integer";
      // A list where a number is wanted, or the other way round, is refused, by name.
      const ParameterValue wrong = numeric ? ParameterValue(List{1, 2}) : ParameterValue(1.5);
      const ParameterError error = refusal(entry.name.c_str(), {{parameter.name, wrong}});
      CHECK(error.key == parameter.name);
      CHECK(error.given == text(wrong));
    }
    const ParameterError unknown = refusal(entry.name.c_str(), {{"no_such_key", 1.0}});
    CHECK(unknown.key == "no_such_key");
    for (const ParameterDescription& parameter : entry.parameters)
      CHECK(unknown.allowed.find(parameter.name) != std::string::npos);
  }
}

TEST_CASE("an unknown landscape is refused with the names that there are", "[landscapes]") {
  try {
    find("double-well");
    FAIL("found");
  } catch (const ParameterError& error) {
    CHECK(error.key == "landscape");
    CHECK(error.given == "double-well");
    CHECK(error.allowed.find("asymmetric-double-well") != std::string::npos);
  }
}

TEST_CASE("integers are numbers, numbers are not integers", "[landscapes]") {
  CHECK(find("tilted-quartic").make({{"barrier", std::int64_t(2)}})->minima()[0].way_out == 2);
  CHECK(refusal("styblinski-tang", {{"dim", 2.0}}).key == "dim");
  CHECK(refusal("styblinski-tang", {{"dim", std::int64_t(0)}}).allowed == "an integer from 1 to 100000");
}

TEST_CASE("impossible values are refused", "[landscapes]") {
  CHECK(refusal("tilted-quartic", {{"barrier", -1.0}}).key == "barrier");
  CHECK(refusal("tilted-quartic", {{"barrier", -1.0}}).what() ==
        std::string("barrier = -1 is not possible; allowed: a number > 0"));
  CHECK(refusal("tilted-quartic", {{"tilt", std::numeric_limits<double>::infinity()}}).key == "tilt");
  CHECK(refusal("channel", {{"width", 0.0}}).key == "width");
  CHECK(refusal("asymmetric-double-well", {{"left", 0.0}}).key == "left");
  CHECK(refusal("asymmetric-double-well", {{"right", -0.5}}).key == "right");
  CHECK(refusal("asymmetric-double-well", {{"loss_saddle", 0.1}}).key == "loss_saddle");
  CHECK(refusal("quadratic", {{"curvatures", List{1, 0}}}).key == "curvatures");
  CHECK(refusal("quadratic", {{"curvatures", List{}}}).key == "curvatures");
  CHECK(refusal("quadratic", {{"center", List{1, 2}}}).key == "center");
  CHECK(refusal("quadratic", {{"curvatures", List{1}}, {"hessian", Matrix{{1}}}}).key == "hessian");
  CHECK(refusal("quadratic", {{"hessian", Matrix{{1, 0.1}, {0.2, 1}}}}).key == "hessian");
  CHECK(refusal("quadratic", {{"hessian", Matrix{{1, 2}, {2, 1}}}}).key == "hessian");
  CHECK(refusal("quadratic", {{"hessian", Matrix{{1, 2}}}}).key == "hessian");
}

TEST_CASE("a double well is refused exactly when its slope changes sign between saddle and minimum", "[landscapes]") {
  // Default distances 1 and height 0.5 on the right: the slope is (v - 1) v P(v), P = S + (15 - 1.5 K - 3.5 S) v +
  // (2.5 K - 15 + 2.5 S) v^2 with K the curvature at the minimum and S = 4 at the saddle. Brute force decides.
  for (double k = 1; k < 60; k += 0.37) {
    double lowest = 1;
    for (double v = 0; v <= 1; v += 1e-4)
      lowest = std::min(lowest, 4 + (15 - 1.5 * k - 14) * v + (2.5 * k - 15 + 10) * v * v);
    INFO("curvature_right = " << k);
    CHECK((refusal("asymmetric-double-well", {{"curvature_right", k}}).key == "curvature_right") == (lowest <= 0));
  }
}

TEST_CASE("a double well is not flatter at its minima than single precision tells", "[landscapes]") {
  const auto flat = [](double curvature) {
    return refusal(
        "asymmetric-double-well",
        {{"loss_right", 0.0}, {"loss_saddle", 1.0}, {"curvature_saddle", 1.0}, {"curvature_right", curvature}});
  };
  CHECK(flat(1e-3).key == "nothing");
  const ParameterError error = flat(1e-5);
  CHECK(error.key == "curvature_right");
  CHECK(error.allowed == "curvature * distance^2 of at least 1e-4 * height, here 1e-04");
}
