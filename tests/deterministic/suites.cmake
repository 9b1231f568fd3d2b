# Suites of actors under CAF's deterministic scheduler, in virtual time.
wsengine_suites(wsengine_deterministic_suites
  LABEL deterministic
  SOURCES
    deterministic/client_mock.cpp
    deterministic/kit.cpp
    deterministic/scripted_closing.cpp
    deterministic/scripted_connection.cpp
    deterministic/scripted_network.cpp
    deterministic/scripted_queue.cpp
  LIBRARIES wsengine::core wsengine::testing)

wsengine_suites(wsengine_supervision_suites
  LABEL deterministic
  SOURCES
    deterministic/engine_batches.cpp
    deterministic/engine_crashes.cpp
    deterministic/engine_dialing.cpp
    deterministic/engine_log.cpp
    deterministic/engine_provider.cpp
    deterministic/engine_races.cpp
    deterministic/engine_pause.cpp
    deterministic/engine_sending.cpp
    deterministic/engine_sessions.cpp
    deterministic/engine_setup.cpp
    deterministic/engine_signals.cpp
    deterministic/engine_stop.cpp
  LIBRARIES wsengine::core wsengine::testing)

# What somebody hears who looks on.
wsengine_suites(wsengine_observer_suites
  LABEL deterministic
  SOURCES
    deterministic/observer.cpp
  LIBRARIES wsengine::core wsengine::testing)

# What is traced.
wsengine_suites(wsengine_tracing_suites
  LABEL deterministic
  SOURCES
    deterministic/tracing.cpp
  LIBRARIES wsengine::core wsengine::testing)

if(TARGET wsengine_prometheus)
  wsengine_suites(wsengine_metrics_suites
    LABEL deterministic
    SOURCES
      deterministic/metrics.cpp
    LIBRARIES wsengine::prometheus wsengine::testing)
endif()

# Requests to the server, and what clients of one server share.
wsengine_suites(wsengine_sharing_suites
  LABEL deterministic
  SOURCES
    deterministic/engine_budget.cpp
    deterministic/engine_requests.cpp
  LIBRARIES wsengine::core wsengine::testing)

# Recordings, and playing them again.
wsengine_suites(wsengine_recording_suites
  LABEL deterministic
  SOURCES
    deterministic/recording.cpp
  LIBRARIES wsengine::recording wsengine::testing)
