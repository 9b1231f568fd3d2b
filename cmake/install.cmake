# What is installed: libraries with exported targets, headers, the CMake package, pkg-config files.
#
# Each component of find_package(wsengine COMPONENTS ...) is one library with an export set of its own.
# The parts of an installation, for packages: runtime, development, tools.

include(CMakePackageConfigHelpers)

# Programs outside of the system's folders find the libraries beside them.
set(wsengine_rpath "")
if(BUILD_SHARED_LIBS AND NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  file(RELATIVE_PATH wsengine_from_bin
    "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
  set(wsengine_rpath "$ORIGIN;$ORIGIN/${wsengine_from_bin}")
endif()

# -- libraries and headers -------------------------------------------------------------------------

set(wsengine_package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/wsengine")
foreach(component IN LISTS wsengine_components)
  set_target_properties(wsengine_${component} PROPERTIES INSTALL_RPATH "${wsengine_rpath}")
  install(TARGETS wsengine_${component} EXPORT wsengine-${component}
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
  install(EXPORT wsengine-${component}
    FILE wsengine-${component}-targets.cmake NAMESPACE wsengine::
    DESTINATION "${wsengine_package_folder}" COMPONENT development)
endforeach()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/wsengine"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development FILES_MATCHING PATTERN "*.hpp")

# -- the CMake package -----------------------------------------------------------------------------

# Users of static libraries have to link what those use.
set(wsengine_is_static TRUE)
if(BUILD_SHARED_LIBS)
  set(wsengine_is_static FALSE)
endif()
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/wsengine-config.cmake.in"
  "${PROJECT_BINARY_DIR}/wsengine-config.cmake"
  INSTALL_DESTINATION "${wsengine_package_folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/wsengine-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/wsengine-config.cmake"
    "${PROJECT_BINARY_DIR}/wsengine-config-version.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${wsengine_package_folder}" COMPONENT development)

# -- pkg-config ------------------------------------------------------------------------------------

# wsengine_pkg_config(<name> <description> <requires> <libs>)
function(wsengine_pkg_config name description requires libs)
  file(RELATIVE_PATH prefix_from_here
    "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  string(REGEX REPLACE "/$" "" prefix_from_here "${prefix_from_here}")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/wsengine.pc.in"
    "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
endfunction()

set(wsengine_openssl "")
set(wsengine_tls "")
set(wsengine_boost_json "")
set(wsengine_prometheus_core "")
if(wsengine_is_static)
  set(wsengine_boost_json " -lboost_json")
  set(wsengine_prometheus_core " -lprometheus-cpp-core")
  set(wsengine_openssl ", libssl >= 3.0, libcrypto >= 3.0")
  set(wsengine_tls "${wsengine_openssl}, zlib >= 1.2.9")
endif()
set(wsengine_same_version "= ${PROJECT_VERSION}")
# CAF has no pkg-config file.
wsengine_pkg_config(wsengine-core
  "WebSocket engine for actors: vocabulary and actors" "" "-lwsengine_core -lcaf_core -pthread")
wsengine_pkg_config(wsengine-asio "WebSocket engine for actors: sessions over Asio's sockets"
  "wsengine-core ${wsengine_same_version}${wsengine_tls}" "-lwsengine_asio")
wsengine_pkg_config(wsengine-beast "WebSocket engine for actors: connections over Boost.Beast"
  "wsengine-asio ${wsengine_same_version}${wsengine_tls}" "-lwsengine_beast")
if(TARGET wsengine_websocketpp)
  wsengine_pkg_config(wsengine-websocketpp
    "WebSocket engine for actors: connections over websocketpp"
    "wsengine-asio ${wsengine_same_version}${wsengine_tls}" "-lwsengine_websocketpp")
endif()
if(TARGET wsengine_prometheus)
  wsengine_pkg_config(wsengine-prometheus "WebSocket engine for actors: metrics for Prometheus"
    "wsengine-core ${wsengine_same_version}" "-lwsengine_prometheus${wsengine_prometheus_core}")
endif()
wsengine_pkg_config(wsengine-cluster "WebSocket engine for actors: engines on other nodes"
  "wsengine-core ${wsengine_same_version}${wsengine_openssl}"
  "-lwsengine_cluster -lcaf_openssl -lcaf_io")
wsengine_pkg_config(wsengine-json "WebSocket engine for actors: keys of JSON messages"
  "wsengine-core ${wsengine_same_version}" "-lwsengine_json${wsengine_boost_json}")
wsengine_pkg_config(wsengine-otlp "WebSocket engine for actors: spans in the format of OpenTelemetry"
  "wsengine-core ${wsengine_same_version}" "-lwsengine_otlp${wsengine_boost_json}")
wsengine_pkg_config(wsengine-testing "WebSocket engine for actors: scripted connections for tests"
  "wsengine-core ${wsengine_same_version}" "-lwsengine_testing")
wsengine_pkg_config(wsengine-recording
  "WebSocket engine for actors: sessions recorded, played again, and drawn"
  "wsengine-testing ${wsengine_same_version}" "-lwsengine_recording${wsengine_boost_json}")
wsengine_pkg_config(wsengine-testing-sockets
  "WebSocket engine for actors: scripted servers over real sockets for tests"
  "wsengine-testing ${wsengine_same_version}, wsengine-beast ${wsengine_same_version}${wsengine_tls}"
  "-lwsengine_testing_sockets")
wsengine_pkg_config(wsengine "WebSocket engine for actors"
  "wsengine-beast ${wsengine_same_version}" "")

# -- the program -----------------------------------------------------------------------------------

if(TARGET wsengine_cli)
  set_target_properties(wsengine_cli PROPERTIES INSTALL_RPATH "${wsengine_rpath}")
  install(TARGETS wsengine_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT tools)
endif()
if(TARGET wsengine_cli_pages)
  get_target_property(wsengine_pages wsengine_cli_pages BINARY_DIR)
  install(FILES "${wsengine_pages}/wsengine.1"
    DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT tools)
  install(FILES "${wsengine_pages}/wsengine.bash" RENAME wsengine
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions" COMPONENT tools)
endif()
