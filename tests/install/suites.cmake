# What is installed, used from outside. Wants everything to be built.
set(wsengine_flags "${CMAKE_CXX_FLAGS}")
if(WSENGINE_SANITIZE)
  string(APPEND wsengine_flags " -fsanitize=address,undefined")
endif()
add_test(NAME install.projects
  COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/install/test_install.py -v)
set_tests_properties(install.projects PROPERTIES
  LABELS install TIMEOUT 900 FAIL_REGULAR_EXPRESSION "Ran 0 tests"
  ENVIRONMENT "WSENGINE_SOURCE=${PROJECT_SOURCE_DIR};WSENGINE_BUILD=${PROJECT_BINARY_DIR};\
WSENGINE_CMAKE=${CMAKE_COMMAND};WSENGINE_CXX=${CMAKE_CXX_COMPILER};\
WSENGINE_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER};WSENGINE_FLAGS=${wsengine_flags}")

# The recipes for vcpkg and Conan, read but not run.
add_test(NAME install.recipes
  COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/install/test_recipes.py -v)
set_tests_properties(install.recipes PROPERTIES
  LABELS install TIMEOUT 60 FAIL_REGULAR_EXPRESSION "Ran 0 tests"
  ENVIRONMENT "WSENGINE_SOURCE=${PROJECT_SOURCE_DIR}")

# Which versions of CAF are taken and which are refused.
add_test(NAME install.caf_versions
  COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/install/test_caf_versions.py -v)
set_tests_properties(install.caf_versions PROPERTIES
  LABELS install TIMEOUT 60 FAIL_REGULAR_EXPRESSION "Ran 0 tests"
  ENVIRONMENT "WSENGINE_SOURCE=${PROJECT_SOURCE_DIR};WSENGINE_CMAKE=${CMAKE_COMMAND}")
