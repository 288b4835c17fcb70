#include "analysis/results/hdf5_calls.hpp"

#include <algorithm>

namespace kramers::analysis::hdf5 {

std::string complaint() {
  std::string last;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* error, void* text) -> herr_t {
        if (error->desc) *static_cast<std::string*>(text) = error->desc;
        return 0;
      },
      &last);
  H5Eclear2(H5E_DEFAULT);
  return last.substr(0, last.find('\n'));
}

Type text_type() {
  Type type(H5Tcopy(H5T_C_S1), "make a text type");
  check(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "make a text type");
  return type;
}

Element element(std::size_t index) {
  const Element all[] = {
      {"float64", H5T_IEEE_F64LE}, {"int64", H5T_STD_I64LE}, {"uint64", H5T_STD_U64LE}, {"int8", H5T_STD_I8LE}};
  return all[index];
}

namespace {

/// Texts one after the other, each with a zero byte behind it.
std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + '\0';
  return all;
}

}  // namespace

std::string line(const Values& values, const Shape& shape) {
  std::string dimensions;
  for (const auto& d : shape) dimensions += (dimensions.empty() ? "" : " ") + d.name + "=" + std::to_string(d.size);
  return std::visit(
      [&]<class T>(const std::vector<T>& v) {
        if constexpr (std::is_same_v<T, std::string>)
          return inventory_line("text", dimensions, std::as_bytes(std::span<const char>(joined(v))));
        else
          return inventory_line(element(values.index()).name, dimensions, std::as_bytes(std::span(v)));
      },
      values);
}

std::string line(const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute))
    return inventory_line("text", "", std::as_bytes(std::span(*text)));
  if (const auto* texts = std::get_if<std::vector<std::string>>(&attribute))
    return inventory_line("text", std::to_string(texts->size()), std::as_bytes(std::span<const char>(joined(*texts))));
  if (const auto* number = std::get_if<double>(&attribute))
    return inventory_line("float64", "1", std::as_bytes(std::span(number, 1)));
  if (const auto* number = std::get_if<std::int64_t>(&attribute))
    return inventory_line("int64", "1", std::as_bytes(std::span(number, 1)));
  const auto& numbers = std::get<std::vector<std::int8_t>>(attribute);
  return inventory_line("int8", std::to_string(numbers.size()), std::as_bytes(std::span(numbers)));
}

std::string child(const std::string& group, const std::string& name) {
  return group == "/" ? "/" + name : group + "/" + name;
}
std::string parent(const std::string& path) { return path.substr(0, std::max<std::size_t>(1, path.rfind('/'))); }
std::string leaf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace kramers::analysis::hdf5
