# Suites of nodes: rules and actors in virtual time, and real processes on the loopback interface.
wsengine_suites(wsengine_cluster_suites
  LABEL cluster
  SOURCES
    cluster/cluster_messages.cpp
    cluster/fleet.cpp
    cluster/fleet_board.cpp
    cluster/fleet_losses.cpp
    cluster/fleet_simulation.cpp
    cluster/node.cpp
    cluster/node_lease.cpp
    cluster/placement.cpp
    cluster/remote_connection.cpp
    cluster/transport.cpp
  LIBRARIES wsengine::cluster wsengine::testing)

# A client in a process of its own, for tests that kill it.
add_executable(wsengine_cluster_client cluster/client_program.cpp)
target_include_directories(wsengine_cluster_client PRIVATE
  ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/actors)
target_link_libraries(wsengine_cluster_client PRIVATE wsengine::cluster wsengine_settings)

wsengine_suites(wsengine_process_suites
  LABEL processes
  SOURCES
    cluster/lost_nodes.cpp
    cluster/node_security.cpp
    cluster/remote_engine.cpp
    cluster/remote_flow.cpp
  LIBRARIES wsengine::cluster wsengine::beast wsengine_echo_server OpenSSL::Crypto)
target_sources(wsengine_process_suites PRIVATE cluster/child_process.cpp real/certificates.cpp)
target_compile_definitions(wsengine_process_suites PRIVATE
  WSENGINE_PROGRAM="$<TARGET_FILE:wsengine_cli>"
  WSENGINE_CLUSTER_CLIENT="$<TARGET_FILE:wsengine_cluster_client>")
add_dependencies(wsengine_process_suites wsengine_cli wsengine_cluster_client)
