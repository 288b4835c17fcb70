#pragma once

namespace kramers {

/// All that the program does. Returns its exit status.
int program(int argc, char** argv);

}  // namespace kramers
