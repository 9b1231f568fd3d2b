# Suites that drive the program wsengine as its users do: one Python file each.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
foreach(suite IN ITEMS bench_report commands completion dial docs events fleet fleet_failures
    fleet_partitions help node options pipes readme reconnect record status stopping tls trace tracing)
  add_test(NAME cli.${suite}
    COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/cli/test_${suite}.py -v)
  set_tests_properties(cli.${suite} PROPERTIES
    LABELS cli TIMEOUT 300 FAIL_REGULAR_EXPRESSION "Ran 0 tests"
    ENVIRONMENT "WSENGINE=$<TARGET_FILE:wsengine_cli>;WSENGINE_SOURCE=${PROJECT_SOURCE_DIR};\
WSENGINE_CLUSTER_CLIENT=$<TARGET_FILE:wsengine_cluster_client>")
endforeach()
