#include "apps/process/ranks.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "analysis/results/lock_file.hpp"
#include "apps/process/streams.hpp"
#include "sde/ensemble.hpp"
#include "sde/statistics_bytes.hpp"

#ifdef KRAMERS_MPI
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>
#endif

namespace kramers::apps {
namespace {

int number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text ? std::max(1, std::atoi(text)) : 0;
}

/// Processes that a launcher of MPI says it has started; 0 without one.
int launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE", "MPI_LOCALNRANKS"})
    if (const int size = number_in(name)) return size;
  // srun starts its steps with a process number; a batch script has a step of its own, without PMI
  for (const char* name : {"PMIX_RANK", "PMI_RANK"})
    if (std::getenv(name)) return number_in("SLURM_STEP_NUM_TASKS");
  return 0;
}

#ifdef KRAMERS_MPI
/// Cores of this rank, by what its launcher bound it to: a core that k ranks of the machine may use counts 1/k.
int cores_of_rank(MPI_Comm machine, int ranks) {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return std::max(1, sde::thread_count(0) / ranks);
  std::vector<int> users(CPU_SETSIZE);
  for (int core = 0; core < CPU_SETSIZE; ++core) users[core] = CPU_ISSET(core, &mask) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, users.data(), CPU_SETSIZE, MPI_INT, MPI_SUM, machine);
  double cores = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &mask)) cores += 1.0 / users[core];
  return std::max(1, int(cores + 1e-6));
}

constexpr std::uint64_t largest_message = std::uint64_t(1) << 30;  // MPI counts in int

/// What a message is; none is mistaken for another.
enum Tag : int { statistics, question, state, word, release };

void send(std::span<const std::byte> bytes, int to, Tag tag) {
  const std::uint64_t size = bytes.size();
  MPI_Send(&size, 1, MPI_UINT64_T, to, tag, MPI_COMM_WORLD);
  for (std::uint64_t at = 0; at < size; at += largest_message)
    MPI_Send(bytes.data() + at, int(std::min(largest_message, size - at)), MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

std::vector<std::byte> receive(int from, Tag tag) {
  std::uint64_t size = 0;
  MPI_Recv(&size, 1, MPI_UINT64_T, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  std::vector<std::byte> bytes(size);
  for (std::uint64_t at = 0; at < size; at += largest_message)
    MPI_Recv(bytes.data() + at, int(std::min(largest_message, size - at)), MPI_BYTE, from, tag, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
  return bytes;
}

void send_number(int number, int to, Tag tag) { MPI_Send(&number, 1, MPI_INT, to, tag, MPI_COMM_WORLD); }

/// The number in a message that waits, if one does.
std::optional<int> waiting_number(int from, Tag tag) {
  int waits = 0, number = 0;
  MPI_Status status;
  MPI_Iprobe(from, tag, MPI_COMM_WORLD, &waits, &status);
  if (!waits) return std::nullopt;
  MPI_Recv(&number, 1, MPI_INT, status.MPI_SOURCE, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return number;
}
#endif

}  // namespace

std::string mpi_name() {
#ifdef KRAMERS_MPI
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);  // allowed before MPI_Init
  const std::string all(text, std::size_t(length));
  return all.substr(0, all.find_first_of(",\n"));
#else
  return "";
#endif
}

Ranks::Ranks(bool is_shard) {
  const int processes = launched();
  if (const int tasks = number_in("SLURM_STEP_NUM_TASKS"); processes == 0 && tasks > 1 && !is_shard)
    throw std::runtime_error(fmt::format(
        "srun has started {} processes that know nothing of each other; use srun --mpi=pmix (what there is: "
        "srun --mpi=list), or a --shard of its own for each",
        tasks));
#ifdef KRAMERS_MPI
  if (processes == 0) return;
  int provided;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &index_);
  MPI_Comm_size(MPI_COMM_WORLD, &count_);
  if (count_ == 1 && processes > 1) {
    MPI_Finalize();
    throw std::runtime_error(fmt::format(
        "a launcher has started {} processes, but this MPI sees one: launch with the mpirun of the MPI that "
        "kramers was built with",
        processes));
  }
  MPI_Comm machine;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_rank(machine, &index_on_machine_);
  MPI_Comm_size(machine, &count_on_machine_);
  cores_ = cores_of_rank(machine, count_on_machine_);
  MPI_Comm_free(&machine);
#else
  if (processes > 1)
    throw std::runtime_error(fmt::format(
        "a launcher has started {} processes, and this kramers was built without MPI; build it where CMake finds MPI "
        "(Debian: libopenmpi-dev), or use --shard",
        processes));
#endif
}

Ranks::~Ranks() {
#ifdef KRAMERS_MPI
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised) MPI_Finalize();
#endif
}

int Ranks::threads(int setting) const { return sde::thread_count(setting > 0 ? setting : cores_); }

std::uint64_t Ranks::merge([[maybe_unused]] std::vector<sde::RunStatistics>& runs) const {
  std::uint64_t sent_by_all = 0;
#ifdef KRAMERS_MPI
  std::uint64_t sent = 0;
  for (int distance = 1; distance < count_; distance *= 2) {
    if (index_ % (2 * distance) != 0) {
      for (const sde::RunStatistics& run : runs) {
        const auto bytes = sde::to_bytes(run);
        send(bytes, index_ - distance, statistics);
        sent += bytes.size();
      }
      break;
    }
    if (index_ + distance >= count_) continue;
    for (sde::RunStatistics& run : runs) run.merge(sde::from_bytes(receive(index_ + distance, statistics)));
  }
  if (count_ > 1) MPI_Reduce(&sent, &sent_by_all, 1, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
#endif
  return sent_by_all;
}

#ifdef KRAMERS_MPI
void Ranks::check_agreed(const std::string& does) const {
  if (count_ == 1) return;
  std::uint64_t size = does.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  std::string first = does;
  first.resize(size);
  MPI_Bcast(first.data(), int(size), MPI_CHAR, 0, MPI_COMM_WORLD);
  int differs = first != does;
  MPI_Allreduce(MPI_IN_PLACE, &differs, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  if (differs)
    throw std::invalid_argument(
        "the ranks of one MPI job were told to run different experiments, shards or files; "
        "allowed: the same command for all, or for each shard a job of its own");
}
void Ranks::meet() const {
  if (count_ > 1) MPI_Barrier(MPI_COMM_WORLD);
}
void Ranks::ask_all() const {
  for (int rank = 1; rank < count_; ++rank) send_number(0, rank, question);
}
bool Ranks::asked() const { return !is_first() && waiting_number(0, question); }
void Ranks::answer(std::span<const std::byte> part) const { send(part, 0, state); }
std::vector<std::byte> Ranks::take_answer(int rank) const { return receive(rank, state); }
void Ranks::tell_first(Word told) const { send_number(int(told), 0, word); }
std::optional<Ranks::Word> Ranks::heard() const {
  if (count_ == 1) return std::nullopt;
  const std::optional<int> number = waiting_number(MPI_ANY_SOURCE, word);
  return number ? std::optional(Word(*number)) : std::nullopt;
}
void Ranks::release_all() const {
  for (int rank = 1; rank < count_; ++rank) send_number(0, rank, release);
}
bool Ranks::released() const { return waiting_number(0, release).has_value(); }
#else  // there is one rank, which has nobody to talk to
void Ranks::check_agreed(const std::string&) const {}
void Ranks::meet() const {}
void Ranks::ask_all() const {}
bool Ranks::asked() const { return false; }
void Ranks::answer(std::span<const std::byte>) const {}
std::vector<std::byte> Ranks::take_answer(int) const { return {}; }
void Ranks::tell_first(Word) const {}
std::optional<Ranks::Word> Ranks::heard() const { return std::nullopt; }
void Ranks::release_all() const {}
bool Ranks::released() const { return true; }
#endif

void Ranks::abort(int status, const std::string& why) const {
  if (!is_first()) std::this_thread::sleep_for(std::chrono::seconds(1));
  constexpr std::string_view name = "kramers: ";
  if (count_ > 1 && !is_first())
    warn("kramers: rank {} of {}: {}\n", index_, count_, why.starts_with(name) ? why.substr(name.size()) : why);
  else
    warn("{}\n", why);
  std::fflush(nullptr);
  analysis::release_lock();
#ifdef KRAMERS_MPI
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised) MPI_Abort(MPI_COMM_WORLD, status);
#endif
  std::_Exit(status);
}

}  // namespace kramers::apps
