#include "sde/tally.hpp"

#include <numeric>
#include <stdexcept>

namespace kramers::sde {

TallyAxis::TallyAxis(std::string name, std::string meaning, std::vector<double> at)
    : name(std::move(name)), meaning(std::move(meaning)), at(std::move(at)) {}

TallyAxis::TallyAxis(std::string name, std::string meaning, std::vector<std::string> words)
    : name(std::move(name)), meaning(std::move(meaning)), at(words.size()), words(std::move(words)) {
  std::iota(at.begin(), at.end(), 0.0);
}

TallyAxis TallyAxis::counted(std::string name, std::string meaning, std::size_t size) {
  TallyAxis axis(std::move(name), std::move(meaning), std::vector<double>(size));
  std::iota(axis.at.begin(), axis.at.end(), 0.0);
  return axis;
}

std::size_t TallyShape::size() const {
  std::size_t size = 1;
  for (const TallyAxis& axis : axes) size *= axis.at.size();
  return size;
}

Tally::Tally(TallyShape given, int replicates)
    : shape(std::move(given)), replicates(replicates), exact(shape.size() * std::size_t(replicates)) {}

void Tally::merge(const Tally& other) {
  if (shape != other.shape || replicates != other.replicates)
    throw std::invalid_argument("sums of '" + other.shape.name + "' that do not belong to those of '" + shape.name +
                                "'");
  for (std::size_t i = 0; i < exact.size(); ++i) exact[i].add(other.exact[i]);
  round();
}

void Tally::round() {
  sums.clear();
  sums.reserve(exact.size());
  for (const ExactSum& sum : exact) sums.push_back(sum.value());
}

}  // namespace kramers::sde
