# Suites with real sockets on the loopback interface.

# The adapters that the contract's suites run over.
set(wsengine_tested_adapters beast)
if(TARGET wsengine_websocketpp)
  list(APPEND wsengine_tested_adapters websocketpp)
endif()

# What tests need to choose one of them when they run.
add_library(wsengine_adapter_choice STATIC real/adapter.cpp)
target_include_directories(wsengine_adapter_choice PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(wsengine_adapter_choice PUBLIC wsengine::beast PRIVATE wsengine_settings)
if(TARGET wsengine_websocketpp)
  target_compile_definitions(wsengine_adapter_choice PRIVATE WSENGINE_HAS_WEBSOCKETPP)
  target_link_libraries(wsengine_adapter_choice PRIVATE wsengine::websocketpp)
endif()

# What every adapter owes to whoever uses `connection_actor`.
wsengine_suites(wsengine_contract_suites
  LABEL real
  ADAPTERS ${wsengine_tested_adapters}
  SOURCES
    real/conformance.cpp
    real/contract_close.cpp
    real/contract_dial.cpp
    real/contract_identity.cpp
    real/contract_life.cpp
    real/contract_messages.cpp
    real/contract_queue.cpp
    real/contract_routes.cpp
    real/contract_tls.cpp
    real/hostile.cpp
  LIBRARIES wsengine_adapter_choice wsengine_echo_server Boost::headers OpenSSL::SSL OpenSSL::Crypto
    ZLIB::ZLIB)
target_sources(wsengine_contract_suites PRIVATE real/certificates.cpp real/compression.cpp
  real/conformance_scripts.cpp real/conformance_texts.cpp real/raw_peer.cpp real/tls_peer.cpp)

# What is one adapter's own, and the threads that run them.
wsengine_suites(wsengine_beast_suites
  LABEL real
  SOURCES
    real/beast_connecting.cpp
    real/beast_deflate.cpp
    real/beast_parts.cpp
    real/direct_line.cpp
    real/host.cpp
    real/resuming.cpp
    real/tls_socket.cpp
  LIBRARIES wsengine_adapter_choice wsengine_echo_server Boost::headers OpenSSL::SSL OpenSSL::Crypto
    ZLIB::ZLIB)
# Some look at parts of the adapter.
target_include_directories(wsengine_beast_suites PRIVATE
  ${PROJECT_SOURCE_DIR}/adapters/asio ${PROJECT_SOURCE_DIR}/adapters/shared)
target_sources(wsengine_beast_suites PRIVATE real/certificates.cpp real/compression.cpp
  real/raw_peer.cpp)

if(TARGET wsengine_websocketpp)
  wsengine_suites(wsengine_websocketpp_suites
    LABEL real
    SOURCES real/websocketpp.cpp
    LIBRARIES wsengine_adapter_choice wsengine::websocketpp wsengine_echo_server Boost::headers
      OpenSSL::Crypto)
  target_include_directories(wsengine_websocketpp_suites PRIVATE
    ${PROJECT_SOURCE_DIR}/adapters/websocketpp)
endif()

wsengine_suites(wsengine_engine_suites
  LABEL real
  ADAPTERS ${wsengine_tested_adapters}
  SOURCES
    real/engine.cpp
    real/engine_neighbours.cpp
    real/engine_outbox.cpp
    real/engine_sharing.cpp
    real/flow_control.cpp
  LIBRARIES wsengine_adapter_choice wsengine::json wsengine_echo_server Boost::headers OpenSSL::Crypto)
target_sources(wsengine_engine_suites PRIVATE real/raw_peer.cpp)

wsengine_suites(wsengine_phase_tracing_suites
  LABEL real
  ADAPTERS ${wsengine_tested_adapters}
  SOURCES
    real/phase_tracing.cpp
  LIBRARIES wsengine_adapter_choice wsengine_echo_server Boost::headers OpenSSL::Crypto)
target_sources(wsengine_phase_tracing_suites PRIVATE real/certificates.cpp)

if(TARGET wsengine_prometheus)
  wsengine_suites(wsengine_metrics_endpoint_suites
    LABEL real
    ADAPTERS ${wsengine_tested_adapters}
    SOURCES
      real/metrics_endpoint.cpp
    LIBRARIES wsengine_adapter_choice wsengine::prometheus wsengine_echo_server Boost::headers
      prometheus-cpp::pull)
endif()

# The testing kit over real sockets.
wsengine_suites(wsengine_world_suites
  LABEL real
  SOURCES
    real/both_worlds.cpp
  LIBRARIES wsengine::testing wsengine::testing_sockets)
