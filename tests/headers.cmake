# Each public header compiles alone, and twice. An object library, so that the compiler's cache knows
# those that have not changed; whoever breaks one breaks the build.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
  "${PROJECT_SOURCE_DIR}/include/wsengine/*.hpp")
# This one shows types of a library that may not be there.
if(NOT TARGET wsengine_opentelemetry)
  list(REMOVE_ITEM headers wsengine/opentelemetry.hpp)
endif()
set(sources "")
foreach(header IN LISTS headers)
  string(REGEX REPLACE "\\.hpp$" ".cpp" source "${CMAKE_CURRENT_BINARY_DIR}/headers/${header}")
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"@header@\"\n#include \"@header@\"\n" @ONLY)
  list(APPEND sources "${source}")
endforeach()
add_library(wsengine_headers OBJECT ${sources})
# What matters is whether they compile.
target_compile_options(wsengine_headers PRIVATE -O0 -g0)
target_link_libraries(wsengine_headers PRIVATE wsengine_settings wsengine::cluster wsengine::core)
if(TARGET wsengine_opentelemetry)
  target_link_libraries(wsengine_headers PRIVATE wsengine::opentelemetry)
endif()
