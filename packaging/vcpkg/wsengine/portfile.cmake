# An overlay port that builds the clone it lies in: vcpkg install wsengine --overlay-ports=packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DWSENGINE_BUILD_TESTS=OFF -DWSENGINE_BUILD_EXAMPLES=OFF
    -DWSENGINE_WEBSOCKETPP=OFF -DWSENGINE_PROMETHEUS=OFF -DWSENGINE_OPENTELEMETRY=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/wsengine)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
