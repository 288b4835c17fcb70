#include <sys/wait.h>

#include <cstdlib>
#include <iostream>

#include "tests/catch.hpp"
#include "tests/results_example.hpp"

namespace {

int exit_status(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// Runs read_results.py with a python3 that has the readers. 77: none has; it says what is missing.
int read_with_python() {
  const ScratchFolder folder;
  write(example_results(2), folder / "results.h5");
  const bool ncdump = exit_status("command -v ncdump > /dev/null") == 0;
  if (!ncdump) std::cout << "not installed: ncdump\n";
  for (const std::string python : {"/usr/bin/python3", "python3"}) {
    const int status = exit_status(python + " " KRAMERS_SOURCE_DIR "/tests/read_results.py '" +
                                   (folder / "results.h5") + (ncdump ? "' ncdump" : "'"));
    if (status != 77 && status != 126 && status != 127) return status;
  }
  return 77;
}

}  // namespace

TEST_CASE("h5py, xarray with both engines and ncdump read a results file as it is", "[results]") {
  const int status = read_with_python();
  if (status == 77) std::exit(77);
  CHECK(status == 0);
}
