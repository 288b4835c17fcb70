#include "apps/commands/program.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>

#include "apps/commands/complaint.hpp"
#include "apps/commands/flags.hpp"
#include "apps/process/streams.hpp"

namespace kramers {

int program(int argc, char** argv) {
  apps::guard_streams();
  try {
    const int exit_status = dispatch(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) throw std::runtime_error("cannot write to standard output");
    return exit_status;
  } catch (const std::exception&) {
    const Complaint complaint = current_complaint();
    apps::warn("{}\n", complaint.words);
    return complaint.status;
  }
}

}  // namespace kramers
