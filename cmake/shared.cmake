# What matters to shared libraries only: their names, and which symbols they show.

# As long as the major version is 0, any minor version may change the ABI.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(wsengine_abi ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
  set(wsengine_abi ${PROJECT_VERSION_MAJOR})
endif()

# What the library may name is decided by namespace, in one file for the linker, so that headers need
# no marks. Our own suites look behind it, and so do all programs of such a build.
set(wsengine_hide OFF)
if(BUILD_SHARED_LIBS AND UNIX AND NOT APPLE AND NOT WSENGINE_BUILD_TESTS)
  set(wsengine_hide ON)
endif()

foreach(component IN LISTS wsengine_components)
  set_target_properties(wsengine_${component} PROPERTIES
    VERSION ${PROJECT_VERSION}
    SOVERSION ${wsengine_abi})
  # The adapters over Asio need what is inside of that library.
  if(wsengine_hide AND NOT component STREQUAL asio)
    target_link_options(wsengine_${component} PRIVATE
      "LINKER:--version-script=${CMAKE_CURRENT_LIST_DIR}/exports.map")
    set_target_properties(wsengine_${component} PROPERTIES
      LINK_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/exports.map")
  endif()
endforeach()

