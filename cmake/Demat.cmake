# Helpers that keep every folder's CMakeLists.txt down to its name and its dependencies, and that make the
# dependency direction real: a target sees only its own headers and those of the targets it links.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

add_library(demat_warnings INTERFACE)
target_compile_options(demat_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Werror
  # g++ 12 warns for members that a designated initializer leaves to their defaults, which is what it is for.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers>)

# _demat_include_root(<target>)
# Makes build/include/<target>/<folder> -> <source>/<folder>, so that includes read "folder/header.hpp" while a
# target that does not link <target> cannot find the header at all.
function(_demat_include_root target)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(root ${CMAKE_BINARY_DIR}/include/${target})
  get_filename_component(parent ${root}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  if(NOT EXISTS ${root}/${folder})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${folder} SYMBOLIC)
  endif()
  set(DEMAT_INCLUDE_ROOT ${root} PARENT_SCOPE)
endfunction()

# demat_library(<target> [PUBLIC targets...] [PRIVATE targets...] [EXCLUDE files...])
# A static library from the *.cpp of the current folder (sub-folders are targets of their own).
function(demat_library target)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE;EXCLUDE" ${ARGN})
  _demat_include_root(${target})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(name IN LISTS arg_EXCLUDE)
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  endforeach()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${DEMAT_INCLUDE_ROOT})
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} demat_warnings)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${DEMAT_INCLUDE_ROOT})
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
endfunction()

# demat_program(<target> [LINK targets...] [SOURCES files...])
# An executable from the named files, or from the *.cpp of the current folder.
function(demat_program target)
  cmake_parse_arguments(arg "" "" "LINK;SOURCES" ${ARGN})
  _demat_include_root(${target})
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${DEMAT_INCLUDE_ROOT})
  target_link_libraries(${target} PRIVATE ${arg_LINK} demat_warnings)
endfunction()

# demat_test(<target> [LINK targets...] [TIMEOUT seconds])
# A GoogleTest program from the *_test.cpp of the current folder, each case known to CTest.
function(demat_test target)
  if(NOT DEMAT_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "LINK;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    message(WARNING "${target}: no *_test.cpp in ${CMAKE_CURRENT_SOURCE_DIR}")
    return()
  endif()
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE ${arg_LINK} demat_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE DEMAT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${arg_LABELS} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
endfunction()
