# One program for every x86-64 machine. All of it but main is a shared library, built once for each level of the
# instruction set; the loader takes the best that the machine has: glibc >= 2.33 looks into glibc-hwcaps/LEVEL of a
# library's folder. The same bits come from each.
include(ExternalProject)
include(GNUInstallDirs)

set(libraries ${CMAKE_INSTALL_LIBDIR}/kramers)
function(program_for level folder)
  ExternalProject_Add(${level}
    SOURCE_DIR ${PROJECT_SOURCE_DIR}
    BINARY_DIR ${CMAKE_BINARY_DIR}/${level}
    CMAKE_ARGS -DKRAMERS_ARCH=${level} -DKRAMERS_SHARED_PROGRAM=ON -DBUILD_TESTING=OFF
      -DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${CMAKE_BINARY_DIR}/${folder} -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
      -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}
      -DCMAKE_UNITY_BUILD=${CMAKE_UNITY_BUILD} -DKRAMERS_CUDA=${KRAMERS_CUDA} -DKRAMERS_WERROR=${KRAMERS_WERROR}
    BUILD_COMMAND ${CMAKE_COMMAND} --build . --target kramers_program
    BUILD_BYPRODUCTS ${CMAKE_BINARY_DIR}/${folder}/libkramers_program.so
    BUILD_ALWAYS ON
    USES_TERMINAL_BUILD ON  # one at a time: each takes all cores
    INSTALL_COMMAND "")
endfunction()
program_for(x86-64 ${libraries})
program_for(x86-64-v3 ${libraries}/glibc-hwcaps/x86-64-v3)
program_for(x86-64-v4 ${libraries}/glibc-hwcaps/x86-64-v4)

add_executable(kramers apps/main.cpp)
target_include_directories(kramers PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(kramers PRIVATE ${CMAKE_BINARY_DIR}/${libraries}/libkramers_program.so)
add_dependencies(kramers x86-64 x86-64-v3 x86-64-v4)
# The build folder is laid out as what is installed.
file(RELATIVE_PATH from_program ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/kramers)
set_target_properties(kramers PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${CMAKE_INSTALL_BINDIR}
  BUILD_RPATH_USE_ORIGIN ON BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/${from_program}")
install(TARGETS kramers)
install(DIRECTORY ${CMAKE_BINARY_DIR}/${libraries}/ DESTINATION ${libraries} USE_SOURCE_PERMISSIONS)
