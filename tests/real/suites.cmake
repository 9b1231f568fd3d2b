# Suites with real sockets on the loopback interface.
wsengine_suites(wsengine_beast_suites
  LABEL real
  SOURCES
    real/beast_close.cpp
    real/beast_connecting.cpp
    real/beast_connection.cpp
    real/beast_deflate.cpp
    real/beast_dial.cpp
    real/beast_heartbeat.cpp
    real/beast_identity.cpp
    real/beast_parts.cpp
    real/beast_queue.cpp
    real/beast_routes.cpp
    real/beast_tls.cpp
    real/conformance.cpp
    real/hostile.cpp
    real/host.cpp
  LIBRARIES wsengine::beast wsengine_echo_server Boost::headers OpenSSL::SSL OpenSSL::Crypto
    ZLIB::ZLIB)
# Some look at parts of the adapter.
target_include_directories(wsengine_beast_suites
  PRIVATE ${PROJECT_SOURCE_DIR}/adapters/beast ${PROJECT_SOURCE_DIR}/adapters/shared)
target_sources(wsengine_beast_suites PRIVATE real/certificates.cpp real/compression.cpp
  real/conformance_scripts.cpp real/conformance_texts.cpp real/raw_peer.cpp real/tls_peer.cpp)

wsengine_suites(wsengine_engine_suites
  LABEL real
  SOURCES
    real/engine.cpp
    real/engine_outbox.cpp
    real/engine_sharing.cpp
    real/flow_control.cpp
  LIBRARIES wsengine::beast wsengine::json wsengine_echo_server Boost::headers OpenSSL::Crypto)
target_sources(wsengine_engine_suites PRIVATE real/raw_peer.cpp)
