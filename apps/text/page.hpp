#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kramers::apps {

/// Characters that a line of standard output has room for: what its terminal says, and 80 where it is none.
int page_width();

/// Characters of UTF-8 text.
int characters(std::string_view text);

/// Lines longer than `width` are broken at spaces; they go on below their words, where a name and two spaces stand
/// before them, or else a little further to the right. A word that is longer stays whole.
std::string wrapped(std::string_view text, int width = page_width());

/// A column of a table: a heading and a cell a row. Where all cells are "-" it says nothing, and is left out.
struct Column {
  std::string heading;
  std::vector<std::string> cells;
  /// A key, or a name, says what the row is of; names and words begin at the left.
  enum class Kind { key, name, number, words } kind = Kind::number;
};

/// Columns side by side, two spaces between them and before the first. Where they are wider than `width` the rest
/// follow below, beside the keys again.
std::string text_table(const std::vector<Column>& columns, int width = page_width());

}  // namespace kramers::apps
