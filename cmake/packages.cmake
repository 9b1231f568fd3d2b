# Debian packages, by `cpack -G DEB`; scripts/package has the options to build them with.

set(CPACK_PACKAGE_NAME wsengine)
set(CPACK_PACKAGE_VENDOR "wsengine")
set(CPACK_PACKAGE_CONTACT "The wsengine project <maintainers@wsengine.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
  "${PROJECT_BINARY_DIR}/actors" "${PROJECT_BINARY_DIR}/actors/cluster"
  "${PROJECT_BINARY_DIR}/adapters/asio"
  "${PROJECT_BINARY_DIR}/adapters/beast" "${PROJECT_BINARY_DIR}/adapters/json"
  "${PROJECT_BINARY_DIR}/adapters/otlp" "${PROJECT_BINARY_DIR}/adapters/prometheus" "${PROJECT_BINARY_DIR}/adapters/recording" "${PROJECT_BINARY_DIR}/adapters/scripted" "${PROJECT_BINARY_DIR}/adapters/sockets"
  "${PROJECT_BINARY_DIR}/adapters/websocketpp")

if(TARGET wsengine_opentelemetry)
  list(APPEND CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    "${PROJECT_BINARY_DIR}/adapters/opentelemetry")
endif()

# -- the packages ----------------------------------------------------------------------------------

set(wsengine_packages development)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwsengine-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "WebSocket client engine for actor programs: headers and libraries to build with")
# Boost is needed to build the libraries, not to use them.
set(wsengine_development_depends "libcaf-dev (>= 0.17.6)")

set(wsengine_same "(= ${PROJECT_VERSION})")
if(BUILD_SHARED_LIBS)
  set(wsengine_runtime_package "libwsengine${wsengine_abi}")
  list(APPEND wsengine_packages runtime)
  set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME "${wsengine_runtime_package}")
  set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
  set(CPACK_DEBIAN_RUNTIME_PACKAGE_GENERATE_SHLIBS ON)
  set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "WebSocket client engine for actor programs: shared libraries")
  list(APPEND wsengine_development_depends "${wsengine_runtime_package} ${wsengine_same}")
  set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${wsengine_runtime_package} ${wsengine_same}")
else()
  list(APPEND wsengine_development_depends libssl-dev zlib1g-dev libboost-json1.81-dev)
  if(TARGET wsengine_prometheus)
    list(APPEND wsengine_development_depends prometheus-cpp-dev)
  endif()
  if(TARGET wsengine_opentelemetry)
    list(APPEND wsengine_development_depends opentelemetry-cpp-dev)
  endif()
endif()
list(JOIN wsengine_development_depends ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)

if(TARGET wsengine_cli)
  list(APPEND wsengine_packages tools)
  set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME wsengine)
  set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION net)
  set(CPACK_COMPONENT_TOOLS_DESCRIPTION "WebSocket client and echo server for the command line")
endif()
set(CPACK_COMPONENTS_ALL ${wsengine_packages})

# Debian wants the licence in the folder of each package.
foreach(component IN LISTS wsengine_packages)
  string(TOUPPER ${component} upper)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" RENAME copyright
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}"
    COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
include(CPack)
