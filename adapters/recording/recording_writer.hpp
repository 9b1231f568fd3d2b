// recording_writer.hpp: the queue between actors and the file, and the thread that writes.

#pragma once

#include "wsengine/recording.hpp"

#include <caf/actor_clock.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace wsengine {

/// A mailbox of CAF's has no bound, and a disk may take its time: so actors put events into a queue
/// of this class, which takes a lock for as long as a vector grows, and a plain thread writes.
class recording_writer {
public:
  recording_writer(caf::actor_clock& clock, std::ostream& to, recorder_options options);

  recording_writer(const recording_writer&) = delete;
  recording_writer& operator=(const recording_writer&) = delete;

  ~recording_writer();

  /// The number of the next connection.
  std::size_t next_connection();

  /// Queues an event, with the time of now. Never waits for the disk.
  void put(recorded_event what);

  /// The same, for an event that only has a name and a text.
  void put(const char* what, std::string name, std::string info = {});

  /// Waits until everything that was put so far is written.
  void flush();

  /// Writes what waits; whatever is put later is dropped.
  void finish();

  [[nodiscard]] bool hides_credentials() const noexcept { return options_.hide_credentials; }

private:
  void run();
  void tell_lost();
  [[nodiscard]] bool is_full(std::size_t size) const;

  caf::actor_clock& clock_;
  std::ostream& to_;
  const recorder_options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<recorded_event> queue_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
  std::optional<caf::actor_clock::time_point> start_;
  std::size_t connections_ = 0;
  bool writing_ = false;
  bool finished_ = false;
  std::thread thread_;
};

} // namespace wsengine
