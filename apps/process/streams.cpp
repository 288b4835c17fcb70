#include "apps/process/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "analysis/document/plain_text.hpp"

namespace kramers::apps {

void guard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // the same of a file that may not grow
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0)  // the lowest number that is free is this one
      ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void tell(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void warn(std::string_view text) {
  const std::string all = analysis::printable(text);
  std::fwrite(all.data(), 1, all.size(), stderr);
  std::fflush(stderr);
}

}  // namespace kramers::apps
