#include "apps/text/page.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace kramers::apps {
namespace {

constexpr int without_terminal = 80, least = 40;

/// Where a line goes on below itself.
std::size_t hanging_indent(std::string_view line) {
  const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = line.find("  ", first);
  const std::size_t words = gap == line.npos ? line.npos : line.find_first_not_of(' ', gap);
  constexpr std::size_t furthest = 32;
  if (words != line.npos && words <= furthest) return words;
  return first >= furthest / 2 ? first : first + 2;
}

void wrap_line(std::string_view line, std::size_t width, std::string& into) {
  std::size_t indent = hanging_indent(line);
  if (indent + least / 2 > width) indent = 2;
  bool first = true;
  while (std::size_t(characters(line)) + (first ? 0 : indent) > width) {
    const std::size_t room = first ? width : width - indent, from = first ? indent : 0;
    // The last space within the room, or else the first beyond it.
    std::size_t end = line.npos;
    int seen = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == ' ' && i > from && (seen <= int(room) || end == line.npos)) end = i;
      if (seen > int(room) && end != line.npos) break;
      seen += (static_cast<unsigned char>(line[i]) & 0xc0) != 0x80;
    }
    if (end == line.npos) break;
    into += std::string(first ? 0 : indent, ' ') + std::string(line.substr(0, end)) + "\n";
    line.remove_prefix(std::min(line.find_first_not_of(' ', end), line.size()));
    first = false;
  }
  into += std::string(first ? 0 : indent, ' ') + std::string(line);
}

bool says_nothing(const Column& column) {
  return std::ranges::all_of(column.cells, [](const std::string& cell) { return cell == "-"; });
}

int width_of(const Column& column) {
  int width = characters(column.heading);
  for (const std::string& cell : column.cells) width = std::max(width, characters(cell));
  return width;
}

bool begins_left(const Column& column) {
  return column.kind == Column::Kind::name || column.kind == Column::Kind::words;
}

std::string block(const std::vector<const Column*>& columns) {
  std::string text;
  for (std::size_t row = 0; row <= columns.front()->cells.size(); ++row) {
    std::string line;
    for (const Column* column : columns) {
      const std::string& cell = row == 0 ? column->heading : column->cells[row - 1];
      const std::string room(width_of(*column) - characters(cell), ' ');
      line += "  " + (begins_left(*column) ? cell + room : room + cell);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

int page_width() {
  winsize size{};
  const bool is_terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_terminal ? std::max<int>(least, size.ws_col) : without_terminal;
}

int characters(std::string_view text) {
  return int(std::ranges::count_if(text, [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string wrapped(std::string_view text, int width) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    wrap_line(text.substr(0, end), std::size_t(width), all);
    if (end < text.size()) all += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::string text_table(const std::vector<Column>& columns, int width) {
  std::vector<const Column*> keys, rest;
  for (const Column& column : columns)
    if (column.kind == Column::Kind::key || column.kind == Column::Kind::name)
      keys.push_back(&column);
    else if (!says_nothing(column))
      rest.push_back(&column);
  std::string text;
  std::size_t next = 0;
  do {
    std::vector<const Column*> shown = keys;
    int used = 0;
    for (const Column* column : keys) used += 2 + width_of(*column);
    while (next < rest.size() && (shown.size() == keys.size() || used + 2 + width_of(*rest[next]) <= width)) {
      used += 2 + width_of(*rest[next]);
      shown.push_back(rest[next++]);
    }
    if (shown.empty()) break;
    text += (text.empty() ? "" : "\n") + block(shown);
  } while (next < rest.size());
  return text;
}

}  // namespace kramers::apps
