#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kramers::analysis {

/// Plain text is UTF-8 that can be stored in HDF5, drawn in XML and printed on a terminal: no control character but the
/// tab and, in text of several lines, their ends; none that XML has no way to write.
enum class Lines { one, many };

struct TextFault {
  std::size_t at;    // byte
  std::string what;  // "the control character U+0007", "the byte 0xff, which is no UTF-8"
};

/// The first thing in it that is not plain.
std::optional<TextFault> fault_in(std::string_view text, Lines lines);

/// The same text with \x1b in place of what is not plain: for messages about it.
std::string printable(std::string_view text);

/// "line:column" of a byte, both from 1, columns in bytes.
std::string place_in(std::string_view text, std::size_t at);

}  // namespace kramers::analysis
