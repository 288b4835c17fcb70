# The kernels, compiled by nvcc >= 12 where it is in PATH. By hand: CMake 3.25 does not know that nvcc speaks C++20. The
# same bits as on the CPU: nothing is fused that is not written fused.
find_program(KRAMERS_NVCC nvcc)
if(KRAMERS_CUDA STREQUAL AUTO AND NOT EXISTS /proc/driver/nvidia/version)
  message(STATUS "CUDA: not built in (there is no NVIDIA driver here; -DKRAMERS_CUDA=ON builds it in all the same)")
  return()
endif()
if(KRAMERS_CUDA AND KRAMERS_NVCC)
  execute_process(COMMAND ${KRAMERS_NVCC} --version OUTPUT_VARIABLE version)
  string(REGEX MATCH "release ([0-9]+)" version "${version}")
  set(version "${CMAKE_MATCH_1}")
endif()
if(NOT KRAMERS_CUDA OR NOT KRAMERS_NVCC OR NOT version OR version LESS 12)
  message(STATUS "CUDA: not built in (nvcc >= 12 is not in PATH, or KRAMERS_CUDA is OFF)")
  return()
endif()
message(STATUS "CUDA: built in, by ${KRAMERS_NVCC} ${version} for compute capability ${KRAMERS_CUDA_ARCHITECTURE}")

set(nvcc_options)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND nvcc_options -ccbin ${CMAKE_CXX_COMPILER})
endif()
if(KRAMERS_WERROR)
  list(APPEND nvcc_options -Werror all-warnings)
endif()

find_package(CUDAToolkit 12 REQUIRED)
set(kramers_needs_cuda ON)
get_target_property(eigen Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
foreach(precision double single)
  set(object ${CMAKE_BINARY_DIR}/kernel_${precision}.o)
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${KRAMERS_NVCC} -std=c++20 -O3 -fmad=false --expt-relaxed-constexpr ${nvcc_options}
      -gencode arch=compute_${KRAMERS_CUDA_ARCHITECTURE},code=[sm_${KRAMERS_CUDA_ARCHITECTURE},compute_${KRAMERS_CUDA_ARCHITECTURE}]
      -DEIGEN_DONT_VECTORIZE -DEIGEN_NO_CUDA -Xcompiler -ffp-contract=off -MD -MF ${object}.d
      -I${PROJECT_SOURCE_DIR} -isystem ${eigen} -c ${PROJECT_SOURCE_DIR}/landscapes/device/kernel_${precision}.cu -o ${object}
    DEPENDS ${PROJECT_SOURCE_DIR}/landscapes/device/kernel_${precision}.cu
    DEPFILE ${object}.d
    COMMENT "Compiling the CUDA kernels, ${precision} precision (minutes)"
    VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(kramers_landscapes PRIVATE ${object})
endforeach()
target_compile_definitions(kramers_landscapes PRIVATE KRAMERS_CUDA KRAMERS_CUDA_ARCHITECTURE=${KRAMERS_CUDA_ARCHITECTURE})
target_link_libraries(kramers_landscapes PUBLIC CUDA::cudart_static)
set_source_files_properties(${PROJECT_SOURCE_DIR}/landscapes/device/cuda.cpp PROPERTIES COMPILE_OPTIONS -O1)  # it launches
