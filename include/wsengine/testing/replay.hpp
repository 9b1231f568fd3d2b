// replay.hpp: plays a recording as the scripts of a server.

#pragma once

#include "wsengine/options.hpp"
#include "wsengine/recording.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/testing/script.hpp"
#include "wsengine/testing/scripted_server.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace wsengine::testing {

/// The scripts of a recording's connections, in order: what each server did, after the same delays.
/// What the client did is not part of them: it is the client's to do again.
[[nodiscard]] std::vector<script> scripts_of(const std::vector<recorded_event>& recording);

/// Reads the recording in a file. Throws `std::runtime_error` that names the file, the line and
/// what is wrong with it.
[[nodiscard]] std::vector<recorded_event> load_recording(const std::string& path);

/// Plans all connections of a recording; those beyond it never get an answer.
void replay(const std::vector<recorded_event>& recording, scripted_server& server);

/// How long the recording lasts.
[[nodiscard]] timespan length_of(const std::vector<recorded_event>& recording);

/// What the user of the recorded client did to its sessions: they are closed by us then.
struct recorded_close {
  timespan at{0};
  /// Whether another connection follows: then it was a restart, else the end.
  bool restarts = false;
};

[[nodiscard]] std::vector<recorded_close> closes_of(const std::vector<recorded_event>& recording);

/// Makes an engine dial when the recorded one did: sets `options.backoff` and `hooks.random` so
/// that delays are those between the recorded attempts.
void keep_pace(const std::vector<recorded_event>& recording, engine_options& options,
               engine_hooks& hooks);

} // namespace wsengine::testing
