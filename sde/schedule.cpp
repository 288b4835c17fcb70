#include "sde/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sde/numbers/elementary.hpp"

namespace kramers::sde {
namespace {

std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) {
  return a > Schedule::forever - b ? Schedule::forever : a + b;
}

int bins_of(const Schedule::Part& part, int bins) { return part.shape == Schedule::Shape::constant ? 1 : bins; }

/// The offset at which a bin of a part begins.
std::uint64_t begin_of_bin(const Schedule::Part& part, int bins, int bin) {
  return std::uint64_t(((unsigned __int128)(part.length) * unsigned(bin) + unsigned(bins) - 1) / unsigned(bins));
}

int bin_at(const Schedule::Part& part, int bins, std::uint64_t offset) {
  return int((unsigned __int128)(offset) * unsigned(bins) / part.length);
}

}  // namespace

Schedule::Schedule(std::vector<Part> parts, std::size_t repeat_from, bool whole)
    : parts_(std::move(parts)), repeat_from_(repeat_from), whole_(whole), begins_{0} {
  if (parts_.empty()) throw std::invalid_argument("a schedule without parts");
  for (const Part& part : parts_) {
    if (part.length == 0) throw std::invalid_argument("a schedule with a part of no length");
    if (begins_.back() == forever) throw std::invalid_argument("a schedule with a part after one that lasts for ever");
    begins_.push_back(saturated_sum(begins_.back(), part.length));
  }
  if (repeats() && begins_.back() == forever) throw std::invalid_argument("a cycle that lasts for ever");
}

Schedule::Place Schedule::place(std::uint64_t tick) const {
  if (tick >= begins_.back()) {
    if (!repeats()) return {parts_.size() - 1, parts_.back().length - 1};  // the last value; asked for beyond the end
    const std::uint64_t first = begins_[repeat_from_], cycle = begins_.back() - first;
    tick = first + (tick - first) % cycle;
  }
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), tick);
  const auto part = std::size_t(after - begins_.begin()) - 1;
  return {part, tick - begins_[part]};
}

double Schedule::value(std::uint64_t tick) const {
  const auto [index, offset] = place(tick);
  const Part& part = parts_[index];
  const double u = double(offset) / double(part.length);
  double value = part.from;
  if (part.shape == Shape::linear) value = part.from + (part.to - part.from) * u;
  if (part.shape == Shape::cosine) value = part.to + (part.from - part.to) * (1 + cos(M_PI * u)) / 2;
  return whole_ ? std::round(value) : value;
}

std::uint64_t Schedule::length() const { return repeats() ? forever : begins_.back(); }

std::uint64_t Schedule::next_change(std::uint64_t tick) const {
  return parts_[place(tick).part].shape == Shape::constant ? next_part(tick) : tick + 1;
}

std::uint64_t Schedule::next_part(std::uint64_t tick) const {
  const auto [index, offset] = place(tick);
  return saturated_sum(tick, parts_[index].length - offset);
}

std::uint64_t Schedule::earliest_like(std::uint64_t tick) const {
  const auto [index, offset] = place(tick);
  return begins_[index] + (parts_[index].length == forever ? 0 : offset);
}

bool Schedule::stepwise() const {
  return std::ranges::all_of(parts_, [](const Part& part) { return part.shape == Shape::constant; });
}

std::uint64_t Schedule::sum(std::uint64_t tick) const {
  const auto up_to = [&](std::uint64_t end) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < parts_.size() && begins_[i] < end; ++i)
      sum += (std::min(begins_[i + 1], end) - begins_[i]) * std::uint64_t(parts_[i].from);
    return sum;
  };
  if (tick <= begins_.back() || !repeats()) return up_to(tick);
  const std::uint64_t first = begins_[repeat_from_], cycle = begins_.back() - first;
  const std::uint64_t before = up_to(first), of_cycle = up_to(begins_.back()) - before;
  return (tick - first) / cycle * of_cycle + up_to(first + (tick - first) % cycle);
}

int Schedule::first_phase(std::size_t part, int bins) const {
  int count = 0;
  for (std::size_t i = 0; i < part; ++i)
    if (!parts_[i].again) count += bins_of(parts_[i], bins);
  return count;
}

int Schedule::phases(int bins) const { return first_phase(parts_.size(), bins); }

int Schedule::phase(std::uint64_t tick, int bins) const {
  const auto [index, offset] = place(tick);
  const Part& part = parts_[index];
  return first_phase(part.again.value_or(index), bins) + bin_at(part, bins_of(part, bins), offset);
}

std::uint64_t Schedule::next_phase(std::uint64_t tick, int bins) const {
  const auto [index, offset] = place(tick);
  const Part& part = parts_[index];
  const int of_part = bins_of(part, bins), bin = bin_at(part, of_part, offset);
  return saturated_sum(tick, begin_of_bin(part, of_part, bin + 1) - offset);
}

}  // namespace kramers::sde
