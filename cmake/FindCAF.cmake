# Finds the C++ Actor Framework: 0.17.6, which brings no CMake package of its own, or 1.1 and what comes
# after it in 1.x, which brings one. Says which it is, and refuses others in words.
# Components: core, io, openssl, test. Makes a target CAF::<component> for each; with 0.17, where tests
# need headers only, there is no component test.

set(CAF_supported "wsengine supports CAF 0.17.6 and CAF 1.1 or later 1.x")

# -- what is there ---------------------------------------------------------------------------------

find_path(CAF_INCLUDE_DIR caf/config.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)

set(CAF_VERSION "")
if(CAF_INCLUDE_DIR)
  set(caf_numbers "${CAF_INCLUDE_DIR}/caf/detail/build_config.hpp")
  if(EXISTS "${caf_numbers}")
    file(STRINGS "${caf_numbers}" caf_version_line REGEX "#define CAF_VERSION_STR ")
    if(caf_version_line MATCHES "\"([0-9.]+)\"")
      set(CAF_VERSION "${CMAKE_MATCH_1}")
    endif()
  endif()
  if(NOT CAF_VERSION)
    # Before 1.0 it is one number, as in 1706 for 0.17.6.
    file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_version_line REGEX "#define CAF_VERSION [0-9]+")
    if(caf_version_line MATCHES "CAF_VERSION ([0-9]+)")
      math(EXPR caf_major "${CMAKE_MATCH_1} / 10000")
      math(EXPR caf_minor "(${CMAKE_MATCH_1} / 100) % 100")
      math(EXPR caf_patch "${CMAKE_MATCH_1} % 100")
      set(CAF_VERSION "${caf_major}.${caf_minor}.${caf_patch}")
    endif()
  endif()
endif()

# -- whether it will do ----------------------------------------------------------------------------

set(CAF_complaint "")
if(CAF_VERSION AND NOT (
    (CAF_VERSION VERSION_GREATER_EQUAL 0.17.6 AND CAF_VERSION VERSION_LESS 0.18)
    OR (CAF_VERSION VERSION_GREATER_EQUAL 1.1 AND CAF_VERSION VERSION_LESS 2)))
  set(CAF_complaint "${CAF_supported}, but CAF ${CAF_VERSION} was found in ${CAF_INCLUDE_DIR}. \
Set CMAKE_PREFIX_PATH to where one of those is installed.")
endif()

# -- targets ---------------------------------------------------------------------------------------

set(caf_wanted ${CAF_FIND_COMPONENTS})
if(CAF_VERSION VERSION_LESS 1)
  list(REMOVE_ITEM caf_wanted test)
  set(CAF_test_FOUND TRUE)
endif()
foreach(component IN LISTS caf_wanted)
  find_library(CAF_${component}_LIBRARY NAMES caf_${component})
  mark_as_advanced(CAF_${component}_LIBRARY)
  if(CAF_${component}_LIBRARY)
    set(CAF_${component}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
if(CAF_complaint)
  set(CAF_FOUND FALSE)
  if(CAF_FIND_REQUIRED)
    message(FATAL_ERROR "${CAF_complaint}")
  elseif(NOT CAF_FIND_QUIETLY)
    message(STATUS "${CAF_complaint}")
  endif()
  return()
endif()
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "${CAF_supported}.")

if(CAF_FOUND)
  foreach(component IN LISTS caf_wanted)
    if(NOT TARGET CAF::${component})
      add_library(CAF::${component} UNKNOWN IMPORTED)
      set_target_properties(CAF::${component} PROPERTIES
        IMPORTED_LOCATION "${CAF_${component}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
      if(NOT component STREQUAL "core")
        target_link_libraries(CAF::${component} INTERFACE CAF::core)
      endif()
    endif()
  endforeach()
endif()
