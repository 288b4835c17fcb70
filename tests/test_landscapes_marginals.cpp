#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers::landscapes;

namespace {

/// Integral of f over the line, for the widths and temperatures of this file: panels of Gauss points that end at
/// `kinks`, out to `reach` beyond them.
template <class F>
double integral(F f, std::vector<double> ends, double low, double high) {
  ends.insert(ends.begin(), low);
  ends.push_back(high);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const int panels = 1 + int((ends[i + 1] - ends[i]) / 0.2);
    const double width = (ends[i + 1] - ends[i]) / panels;
    for (int p = 0; p < panels; ++p)
      sum += boost::math::quadrature::gauss<double, 30>::integrate(f, ends[i] + p * width, ends[i] + (p + 1) * width);
  }
  return sum;
}

double partition_function(const Marginal& marginal, double low = -10, double high = 10) {
  return integral([&](double x) { return std::exp(-marginal.minus_log_density(&x)); }, marginal.kinks[0], low, high);
}

}  // namespace

TEST_CASE("a pair's marginal with one coordinate integrated out is the marginal of the other", "[landscapes]") {
  // Exact but for quadrature (1e-13 here), wherever a landscape states both.
  for (const Entry& entry : catalogue())
    for (const Parameters& parameters : entry.examples) {
      const auto landscape = entry.make(parameters);
      if (landscape->dim() > 4) continue;
      const double temperature = 0.7;
      for (int a = 0; a < landscape->dim(); ++a)
        for (int b = 0; b < landscape->dim(); ++b) {
          if (a == b) continue;
          const auto pair = landscape->marginal({a, b}, temperature), one = landscape->marginal({a}, temperature);
          if (!pair || !one) continue;
          INFO(entry.name << " axes " << a << ", " << b);
          CHECK(pair->kinks.size() == 2);
          CHECK(pair->landmarks.size() == 2);
          for (double x : {-1.3, -0.4, 0.2, 0.9}) {
            const auto density = [&](double y) {
              const double at[2] = {x, y};
              return std::exp(one->minus_log_density(&x) - pair->minus_log_density(at));
            };
            CHECK(integral(density, pair->kinks[1], -14, 14) == Approx(1).epsilon(1e-10));
          }
        }
    }
}

TEST_CASE("in one and two dimensions the marginal of all axes is the loss over the temperature, in the order asked for",
          "[landscapes]") {
  for (const Entry& entry : catalogue()) {
    const auto landscape = entry.make({});
    if (landscape->dim() > 2) continue;
    INFO(entry.name);
    const double swapped[2] = {0.4, -0.3};
    if (landscape->dim() == 1) {
      CHECK(landscape->marginal({0}, 0.3)->minus_log_density(swapped) ==
            Approx(landscape->value(Point::Constant(1, 0.4)) / 0.3));
    } else {
      const double expected = landscape->value(Eigen::Vector2d(-0.3, 0.4)) / 0.3;
      CHECK(landscape->marginal({1, 0}, 0.3)->minus_log_density(swapped) == Approx(expected));
    }
    CHECK_THROWS_AS(landscape->marginal({0, 0}, 1), std::invalid_argument);
    CHECK_THROWS_AS(landscape->marginal({-1}, 1), std::invalid_argument);
    CHECK_THROWS_AS(landscape->marginal({landscape->dim()}, 1), std::invalid_argument);
    CHECK_THROWS_AS(landscape->marginal({}, 1), std::invalid_argument);
  }
}

TEST_CASE("marginals have the partition functions that are known", "[landscapes]") {
  const auto log_z = [](const char* name, const Parameters& parameters, double temperature) {
    return std::log(partition_function(*find(name).make(parameters)->marginal({0}, temperature)));
  };
  // Reference values to 12 digits, from independent quadrature.
  CHECK(log_z("asymmetric-double-well", {}, 0.05) == Approx(std::log(0.23409245270608)).epsilon(1e-11));
  CHECK(log_z("asymmetric-double-well", {}, 0.1) == Approx(std::log(0.49830315993239)).epsilon(1e-11));
  CHECK(log_z("asymmetric-double-well", {}, 0.4) == Approx(std::log(1.6797788114739)).epsilon(1e-11));
  CHECK(log_z("quartic", {}, 0.1) == Approx(std::log(15.1701961737)).epsilon(1e-11));
  CHECK(log_z("channel", {}, 0.1) == Approx(-1.626918672269).epsilon(1e-11));
  CHECK(log_z("channel", {}, 0.3) == Approx(-0.5281279861049).epsilon(1e-11));
  CHECK(log_z("styblinski-tang", {{"dim", std::int64_t(1)}}, 10) == Approx(4.526615578491).epsilon(1e-11));
  CHECK(log_z("styblinski-tang", {{"dim", std::int64_t(10)}}, 20) == Approx(31.53465718306).epsilon(1e-11));
  const std::vector<double> curvatures{4, 1, 0.25};
  CHECK(log_z("quadratic", {{"curvatures", curvatures}}, 0.2) ==
        Approx(1.5 * std::log(2 * std::numbers::pi * 0.2)).epsilon(1e-11));
}

TEST_CASE("a channel of m dimensions has the known share left of its saddle", "[landscapes]") {
  const auto share = [](int transverse) {
    const auto channel = find("channel").make({{"stiffness_right", 8.0}, {"transverse_dim", std::int64_t(transverse)}});
    const auto marginal = channel->marginal({0}, 0.2);
    return partition_function(*marginal, -10, 0) / partition_function(*marginal);
  };
  CHECK(share(2) == Approx(0.6048105958919).epsilon(1e-11));
  CHECK(share(4) == Approx(0.8583900219674).epsilon(1e-11));
  CHECK(share(8) == Approx(0.9896081531783).epsilon(1e-11));
}

TEST_CASE("a marginal without a closed form is absent", "[landscapes]") {
  CHECK_FALSE(find("mueller-brown").make({})->marginal({0}, 20));
  CHECK_FALSE(find("channel").make({})->marginal({1}, 0.1));
  CHECK_FALSE(find("channel").make({{"transverse_dim", std::int64_t(3)}})->marginal({1, 2}, 0.1));
}
