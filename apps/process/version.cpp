#include "apps/process/version.hpp"

#include <fmt/format.h>

#include "apps/process/ranks.hpp"
#include "commit.hpp"
#include "landscapes/device/cuda.hpp"

namespace kramers::apps {

const char* const version = KRAMERS_VERSION;
const char* const commit = KRAMERS_COMMIT;
const char* const compiler = KRAMERS_COMPILER;
const char* const flags = KRAMERS_FLAGS;

namespace {

constexpr const char* instruction_set =
#if defined(__AVX512F__)
    "AVX-512";
#elif defined(__AVX2__)
    "AVX2";
#else
    "no vectors beyond those that every machine of this kind has";
#endif

std::string or_none(const std::string& name) { return name.empty() ? "not built in" : name; }

}  // namespace

std::string version_text() {
  return fmt::format(
      "kramers {}\ncommit           {}\ncompiler         {}\ninstruction set  {}\nMPI              {}\nCUDA            "
      " {}\n",
      version, commit, compiler, instruction_set, or_none(mpi_name()), or_none(landscapes::cuda_name()));
}

}  // namespace kramers::apps
