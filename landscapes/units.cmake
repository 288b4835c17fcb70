# What takes its time to compile is compiled landscape by landscape of the list: in parallel, and one that changes by
# itself. landscapes/double_well.hpp has the struct DoubleWell.
set(list ${PROJECT_SOURCE_DIR}/landscapes/list.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
file(STRINGS ${list} headers REGEX "^#include \"landscapes/[a-z0-9_]+\\.hpp\"$")
foreach(header ${headers})
  string(REGEX REPLACE ".*/(.*)\\.hpp\"" "\\1" name ${header})
  string(REPLACE "_" ";" words ${name})
  set(struct)
  foreach(word ${words})
    string(SUBSTRING ${word} 0 1 first)
    string(SUBSTRING ${word} 1 -1 rest)
    string(TOUPPER ${first} first)
    string(APPEND struct ${first}${rest})
  endforeach()
  set(unit ${CMAKE_BINARY_DIR}/landscapes/${name}.cpp)
  file(CONFIGURE OUTPUT ${unit} CONTENT [[
@header@

#include "landscapes/catalogue_entry.hpp"

template kramers::landscapes::Entry kramers::landscapes::entry_of<kramers::landscapes::@struct@>();
]] @ONLY)
  set(emulated ${CMAKE_BINARY_DIR}/landscapes/device/emulated_${name}.cpp)
  file(CONFIGURE OUTPUT ${emulated} CONTENT [[
#include "landscapes/device/device_model.hpp"
@header@
#include "sde/device/host_device.hpp"

namespace kramers::landscapes {

template std::unique_ptr<sde::DeviceProgram<float>> program_of<@struct@>(const std::shared_ptr<sde::HostDevice>&,
                                                                         const DeviceDynamics<float>&);
template std::unique_ptr<sde::DeviceProgram<double>> program_of<@struct@>(const std::shared_ptr<sde::HostDevice>&,
                                                                          const DeviceDynamics<double>&);

}  // namespace kramers::landscapes
]] @ONLY)
  list(APPEND units ${unit})
  list(APPEND emulations ${emulated})
endforeach()
set_source_files_properties(${units} PROPERTIES UNITY_GROUP units)
add_library(kramers_emulated OBJECT ${emulations})
target_link_libraries(kramers_emulated PRIVATE kramers_sde)
target_compile_options(kramers_emulated PRIVATE -O1)  # for checking: not fast, soon compiled
set_target_properties(kramers_emulated PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD_BATCH_SIZE 4)
set_target_properties(kramers_landscapes PROPERTIES UNITY_BUILD "${CMAKE_UNITY_BUILD}" UNITY_BUILD_MODE GROUP)
target_sources(kramers_landscapes PRIVATE ${units} $<TARGET_OBJECTS:kramers_emulated>)
