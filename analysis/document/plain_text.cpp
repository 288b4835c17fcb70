#include "analysis/document/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace kramers::analysis {
namespace {

/// The character that begins there; bytes 0: none does.
struct Character {
  std::uint32_t code;
  std::size_t bytes;
};
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return std::uint32_t(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first > 0xf4 || at + bytes > text.size()) return {first, 0};
  std::uint32_t code = first & (0xffu >> (bytes + 1));
  for (std::size_t i = at + 1; i < at + bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {first, 0};
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool shortest = code >= (bytes == 4 ? 0x10000u : bytes == 3 ? 0x800u : 0x80u);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return shortest && !surrogate && code <= 0x10ffff ? Character{code, bytes} : Character{first, 0};
}

}  // namespace

std::optional<TextFault> fault_in(std::string_view text, Lines lines) {
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, bytes] = character_at(text, at);
    if (bytes == 0) return TextFault{at, fmt::format("the byte 0x{:02x}, which is no UTF-8", code)};
    const bool line_end = lines == Lines::many && (code == '\n' || text.substr(at).starts_with("\r\n"));
    const bool control = (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0);
    if (control && !line_end) return TextFault{at, fmt::format("the control character U+{:04X}", code)};
    if (code == 0xfffe || code == 0xffff) return TextFault{at, fmt::format("U+{:04X}, which is no character", code)};
    at += bytes;
  }
  return std::nullopt;
}

std::string printable(std::string_view text) {
  std::string all;
  while (const auto fault = fault_in(text, Lines::many)) {
    all += text.substr(0, fault->at);
    all += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[fault->at]));
    text.remove_prefix(fault->at + 1);
  }
  return all += text;
}

std::string place_in(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return fmt::format("{}:{}", line, at - (before.rfind('\n') + 1) + 1);
}

}  // namespace kramers::analysis
