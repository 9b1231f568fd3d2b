# Suites of what has no actors: vocabulary and rules.
wsengine_suites(wsengine_pure_suites
  LABEL pure
  SOURCES
    pure/arguments.cpp
    pure/backoff.cpp
    pure/close.cpp
    pure/dispatch.cpp
    pure/error.cpp
    pure/handshake.cpp
    pure/life_cycle.cpp
    pure/message.cpp
    pure/options.cpp
    pure/serialization.cpp
    pure/session.cpp
    pure/url.cpp
  LIBRARIES wsengine::core wsengine_cli_parts)
# The rules are not part of the public interface.
target_include_directories(wsengine_pure_suites PRIVATE ${PROJECT_SOURCE_DIR}/actors)

# The parts of the Beast adapter that need neither a socket nor Beast.
wsengine_suites(wsengine_wire_suites
  LABEL pure
  SOURCES
    pure/deflate_offer.cpp
    pure/frame_header.cpp
    pure/frame_scanner.cpp
    pure/outgoing.cpp
    pure/packer.cpp
    pure/unpacker.cpp
  LIBRARIES wsengine::beast Boost::headers)
target_include_directories(wsengine_wire_suites PRIVATE ${PROJECT_SOURCE_DIR}/adapters/beast)
