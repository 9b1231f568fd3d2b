# Suites of what has no actors: vocabulary and rules.
wsengine_suites(wsengine_pure_suites
  LABEL pure
  SOURCES
    pure/advice.cpp
    pure/arguments.cpp
    pure/arguments_dialing.cpp
    pure/arguments_fleet.cpp
    pure/arguments_node.cpp
    pure/arguments_sharing.cpp
    pure/backoff.cpp
    pure/circuit.cpp
    pure/close.cpp
    pure/config.cpp
    pure/cookie_jar.cpp
    pure/credit.cpp
    pure/dispatch.cpp
    pure/encoding.cpp
    pure/error.cpp
    pure/handshake.cpp
    pure/json_key.cpp
    pure/life_cycle.cpp
    pure/manual.cpp
    pure/message.cpp
    pure/nearest.cpp
    pure/options.cpp
    pure/outbox.cpp
    pure/pending_requests.cpp
    pure/proxy.cpp
    pure/redirect.cpp
    pure/restore_list.cpp
    pure/retry_after.cpp
    pure/sampling.cpp
    pure/serialization.cpp
    pure/session.cpp
    pure/shown_url.cpp
    pure/token_bucket.cpp
    pure/trace_context.cpp
    pure/turnstile.cpp
    pure/url.cpp
    pure/url_round.cpp
  LIBRARIES wsengine::core wsengine::json wsengine_cli_parts)
target_sources(wsengine_pure_suites PRIVATE pure/life_cycle_pairs.cpp)
# The rules are not part of the public interface.
target_include_directories(wsengine_pure_suites PRIVATE ${PROJECT_SOURCE_DIR}/actors)

# The status page, without a socket.
find_package(Boost 1.81 REQUIRED COMPONENTS json)
wsengine_suites(wsengine_status_suites
  LABEL pure
  SOURCES
    pure/status_site.cpp
  LIBRARIES wsengine_cli_parts wsengine::testing Boost::json)

# What is written about sessions.
wsengine_suites(wsengine_recording_pure_suites
  LABEL pure
  SOURCES
    pure/recording.cpp
  LIBRARIES wsengine::recording)
target_include_directories(wsengine_recording_pure_suites PRIVATE
  ${PROJECT_SOURCE_DIR}/adapters/recording)

# Spans as text.
wsengine_suites(wsengine_otlp_suites
  LABEL pure
  SOURCES
    pure/otlp.cpp
  LIBRARIES wsengine::otlp Boost::json)

# The parts of sessions over Asio that need no socket.
wsengine_suites(wsengine_wire_suites
  LABEL pure
  SOURCES
    pure/deflate_offer.cpp
    pure/eyeballs.cpp
    pure/frame_header.cpp
    pure/frame_scanner.cpp
    pure/heartbeat.cpp
    pure/outgoing.cpp
    pure/packer.cpp
    pure/part_queue.cpp
    pure/refusal.cpp
    pure/tunnel.cpp
    pure/unpacker.cpp
    pure/write_outbox.cpp
    pure/write_queue.cpp
  LIBRARIES wsengine::beast Boost::headers)
target_include_directories(wsengine_wire_suites PRIVATE
  ${PROJECT_SOURCE_DIR}/adapters/asio ${PROJECT_SOURCE_DIR}/adapters/shared)
