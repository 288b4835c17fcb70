#include "apps/process/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kramers::apps {
namespace {

constexpr double redraw_interval = 0.1, line_interval = 10;  // seconds

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The first `columns` characters of UTF-8 text.
std::string cut(const std::string& text, int columns) {
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xc0) != 0x80 && columns-- == 0) break;
  return text.substr(0, end);
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds > 1e9) return "unknown";
  const long s = std::max(1l, std::lround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  const long minutes = s / 60;
  if (minutes < 24 * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {:02} h", minutes / (24 * 60), minutes / 60 % 24);
}

Progress::Mode Progress::for_standard_error(bool quiet) {
  return quiet ? Mode::quiet : isatty(STDERR_FILENO) ? Mode::live : Mode::lines;
}

Progress::Progress(Mode mode, std::ostream& out, std::function<double()> clock)
    : mode_(mode), out_(out), clock_(std::move(clock)), begin_(clock_()) {
  next_ = begin_ + (mode == Mode::live ? redraw_interval : line_interval);
}

Progress::~Progress() { clear(); }

void Progress::run(int index, int runs) {
  run_ = index;
  runs_ = runs;
}

void Progress::update(double done, double total, const std::string& text) {
  done_ = done;
  if (mode_ == Mode::quiet) return;
  const double now = clock_();
  if (now < next_) return;
  // From the last due time, not from now, lest lines drift; but none is made up for.
  next_ = mode_ == Mode::live ? now + redraw_interval
                              : next_ + line_interval * std::ceil((now - next_) / line_interval + 1e-9);
  const double rate = (done - done_before_) / (now - begin_);
  std::string line = fmt::format("{:3.0f} %", std::floor(100 * std::min(1.0, done / total)));
  if (runs_ > 1) line += fmt::format("  run {}/{}", run_, runs_);
  line += fmt::format("  {:.2e} steps/s  {} left", rate, rate > 0 ? duration_text((total - done) / rate) : "unknown");
  if (!text.empty()) line += "  " + text;
  say(line);
}

void Progress::say(const std::string& line) {
  if (mode_ == Mode::live)
    out_ << '\r' << cut(line, terminal_columns() - 1) << "\033[K" << std::flush;
  else
    out_ << line << std::endl;
  said_ = true;
  on_screen_ = mode_ == Mode::live;
}

void Progress::clear() {
  if (on_screen_) out_ << "\r\033[K" << std::flush;
  on_screen_ = false;
}

void Progress::finish() {
  clear();
  if (!said_) return;
  const double seconds = clock_() - begin_;
  const double done = done_ - done_before_;
  out_ << fmt::format("{:.3g} trajectory-steps in {}, {:.2e} a second", done, duration_text(seconds), done / seconds)
       << std::endl;
  said_ = false;
}

}  // namespace kramers::apps
