#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/entry.hpp"
#include "landscapes/gradient_noise/formula_variance.hpp"

namespace kramers::landscapes {
namespace {

MadeNoise make(const Parameters& given, const OfLandscape& landscape) {
  const int d = landscape->dim();
  const std::string allowed = "a formula such as \"1 + x^2\", or a list of " + std::to_string(d);
  const ParameterValue& value = required(given, "variance", allowed);
  std::vector<std::string> texts;
  if (const auto* one = std::get_if<std::string>(&value)) texts = {*one};
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) texts = *list;
  if (texts.size() != 1 && int(texts.size()) != d) throw ParameterError("variance", text(value), allowed);
  FormulaVariance variance;
  for (const std::string& typed : texts) try {
      variance.formulas.emplace_back(typed, d);
    } catch (const std::invalid_argument& error) {
      throw ParameterError("variance", text(value), std::string(error.what()));
    }
  return std::make_unique<DiagonalNoise<FormulaVariance>>(variance, d);
}

}  // namespace

NoiseEntry formula_entry() {
  return {"formula",
          "a variance that depends on theta as typed",
          "C = variance(theta) I, or C = diag(variance_i(theta))",
          "Pearson diffusions: Forman & Sorensen, Scand. J. Stat. 2008, 35, 438",
          {{"variance", "of x[0], x[1], ... (x, y, z)", "gradient^2", "formula or list of formulas", "",
            "positive where trajectories go"}},
          make};
}

}  // namespace kramers::landscapes
