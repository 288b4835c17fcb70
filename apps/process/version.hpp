#pragma once

#include <string>

namespace kramers::apps {

/// What this program was made from and by: they go into every file's provenance.
extern const char* const version;   // "0.1.0"
extern const char* const commit;    // "unknown" outside a checkout; "-dirty": with changes
extern const char* const compiler;  // "GNU 12.2.0"
extern const char* const flags;     // of the compiler

/// Of --version: these, the instruction set, and what MPI and CUDA it knows, a line each.
std::string version_text();

}  // namespace kramers::apps
