#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/results/digest.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/seal.hpp"

/// HDF5 that is also valid netCDF-4. Only hdf5_*.cpp and hdf5_calls.hpp know HDF5.
///
/// Names are paths: "/moments/mean". A dimension belongs to a group and has coordinate values; a variable names the
/// dimensions of its own group. All errors are std::runtime_error.
namespace kramers::analysis {

struct Dimension {
  std::string name;
  std::uint64_t size;
  bool operator==(const Dimension&) const = default;
};
using Shape = std::vector<Dimension>;

using Values = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::uint64_t>,
                            std::vector<std::int8_t>, std::vector<std::string>>;
using Attribute = std::variant<std::string, std::vector<std::string>, double, std::int64_t, std::vector<std::int8_t>>;
using Attributes = std::vector<std::pair<std::string, Attribute>>;

/// What marks a finished file of kramers.
namespace commit_mark {
inline constexpr const char* source = "source";  // attribute of the root
inline constexpr const char* kramers = "kramers";
inline constexpr const char* name = "status";  // attribute of the root
inline constexpr const char* complete = "complete";
inline constexpr const char* digest = "results_sha256";  // attribute of /provenance
}  // namespace commit_mark

/// Attributes that are lists of texts, be it of one: netCDF's own tools make a list of every text.
inline constexpr const char* text_lists[] = {
    "names", "meanings", "reasons",      "more",        "tables",           "fields",
    "over",  "warnings", "stationarity", "sample_dims", "sampled_variables"};

/// Throws unless a results file can be put at `path`: the folder exists and can be written, and what may lie there
/// already is a results file of kramers, or may be replaced all the same. For use before a long run.
void check_writable(const std::string& path, Replace replace = Replace::ours);

enum class Storage { plain, compressed };  // compressed: shuffle and gzip, for counts

/// Builds a file in memory; nothing touches the disk before commit().
class Hdf5Writer {
 public:
  Hdf5Writer();
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;

  void group(const std::string& path);
  void dimension(const std::string& path, const Values& coordinates, const Attributes& attributes);
  /// `dimensions` are names of dimensions of the variable's group. NaN is the fill value of doubles.
  void variable(const std::string& path, const std::vector<std::string>& dimensions, const Values& values,
                const Attributes& attributes, Storage storage = Storage::plain);
  /// `object`: "/", a group or a dataset. Texts are variable-length UTF-8 and may not hold a zero byte.
  void attribute(const std::string& object, const std::string& name, const Attribute& value);

  bool has(const std::string& path) const { return inventory_.contains(path); }

  /// Marks the file as complete; its bytes, without the seal. The writer is spent.
  std::span<const std::byte> finish();

  /// The same, and puts it at `path`, replacing an earlier results file: written beside under a name
  /// of its own, flushed to disk, read back and compared, renamed. On an error what lay at `path` is untouched and
  /// nothing is left beside it.
  void commit(const std::string& path, Replace replace = Replace::ours);

 private:
  struct Image;  // the bytes of the file
  std::unique_ptr<Image> image_;
  std::int64_t file_;
  Inventory inventory_;
};

/// Who made a file that is read: this process just now, or anybody.
enum class Origin { own, foreign };

class Hdf5Reader {
 public:
  /// Refuses a file whose seal is broken before HDF5 sees it. What is foreign is first read in a process of its own,
  /// which may crash, and holds only what kramers writes (hdf5_inspection.hpp).
  explicit Hdf5Reader(const std::string& path, Origin origin = Origin::foreign);
  ~Hdf5Reader();
  Hdf5Reader(const Hdf5Reader&) = delete;

  /// Holds, or is missing: then another program has copied or changed the file.
  SealState seal() const { return seal_; }
  /// Whether all that it holds is what was written, by its own digest: reads every value.
  bool is_unchanged() const;

  /// Written by kramers (whole or not).
  bool is_ours() const;

  bool has(const std::string& path) const;
  /// Names of the groups and datasets in a group, sorted.
  std::vector<std::string> children(const std::string& group) const;
  std::vector<std::string> attributes(const std::string& object) const;

  Shape shape(const std::string& dataset) const;
  Values values(const std::string& dataset) const;
  template <class T>
  std::vector<T> read(const std::string& dataset) const;
  /// Of that shape; it is looked at first.
  template <class T>
  std::vector<T> read(const std::string& dataset, const std::vector<std::uint64_t>& sizes) const;
  std::vector<std::uint64_t> sizes(const std::string& dataset) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  Attribute attribute(const std::string& object, const std::string& name) const;
  std::string text(const std::string& object, const std::string& name) const;
  std::vector<std::string> texts(const std::string& object, const std::string& name) const;  // none: it is missing
  std::int64_t integer(const std::string& object, const std::string& name) const;

  /// Of the whole file: reads every value in it.
  Inventory inventory() const;

 private:
  bool is_dataset(const std::string& path) const;
  void take_inventory(const std::string& object, Inventory& inventory) const;
  void check_sizes(const std::string& dataset, const std::vector<std::uint64_t>& sizes) const;
  [[noreturn]] void refuse(const std::string& what) const;
  std::string path_;
  SealState seal_;
  std::int64_t file_ = -1;
};

template <class T>
std::vector<T> Hdf5Reader::read(const std::string& dataset) const {
  auto all = values(dataset);
  if (auto* typed = std::get_if<std::vector<T>>(&all)) return std::move(*typed);
  refuse(dataset + " has another type than expected");
}

template <class T>
std::vector<T> Hdf5Reader::read(const std::string& dataset, const std::vector<std::uint64_t>& sizes) const {
  check_sizes(dataset, sizes);
  return read<T>(dataset);
}

}  // namespace kramers::analysis
