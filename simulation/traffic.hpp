// traffic.hpp: what becomes of each message of the peer: who got it, and who has it still.

#pragma once

#include "wsengine/engine_actor.hpp"
#include "wsengine/message.hpp"
#include "wsengine/testing/asked.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::simulation {

// -- messages of the peer -------------------------------------------------------------------------

/// Which message it is: the connection that carries it, and its number there from 0. Each part of a
/// message has a number of its own.
struct message_number {
  std::size_t connection = 0;
  std::size_t number = 0;

  friend auto operator<=>(const message_number&, const message_number&) = default;
};

/// What a message of the peer's contains: its number, and whether it is the last part.
inline constexpr std::size_t part_size = 13;

/// Makes a message of the peer.
data_message make_peer_message(message_number which, bool last);

/// Reads what a message of the peer's contains.
message_number parse_message(std::string_view text);

/// Whether the flag of a message is the one that its peer has set.
bool is_flag_right(std::string_view text, bool last);

/// The number as text, as in "2:17".
std::string to_string(message_number what);

// -- the ledger -----------------------------------------------------------------------------------

/// Keeps the books on the messages of the peer.
class traffic {
public:
  using resumption = std::shared_ptr<testing::asked<caf::unit_t>>;

  // -- where messages go --------------------------------------------------------------------------

  /// The reader got them.
  void read(const message_batch& batch);

  /// A client is called with it.
  void begun(message_number which);

  /// The holder of a lease got them.
  void lent(const message_batch& unread);

  /// It wants to give them back.
  void given_back(const message_batch& unread, resumption answer);

  /// It is made as the answer to a request; the caller may get it instead of a client.
  void is_answer(message_number which) { answers_.insert(which); }

  /// The caller of a request got it.
  void answered(message_number which) { taken_.insert(which); }

  // -- what is known ------------------------------------------------------------------------------

  [[nodiscard]] bool was_begun(message_number which) const { return begun_.count(which) > 0; }

  [[nodiscard]] bool was_answered(message_number which) const { return taken_.count(which) > 0; }

  /// Whether the holder of a lease has it and has not tried to give it back.
  [[nodiscard]] bool is_lent(message_number which) const;

  /// What nobody got of the `sent` messages of a connection; empty when nothing is missing. With
  /// `all`, answers to requests have to be somewhere, too; with `only_read`, what no reader got is
  /// not missed.
  [[nodiscard]] std::string missing(std::size_t connection, std::size_t sent, bool all,
                                    bool only_read) const;

  /// How many messages the reader holds of this connection, those in flight included.
  [[nodiscard]] std::size_t held(std::size_t connection) const;

  // -- what excuses -------------------------------------------------------------------------------

  /// Messages of this connection and those before may be lost.
  void excuse(std::size_t connection) { excused_ = std::max(excused_, connection + 1); }

private:
  struct attempt {
    std::set<message_number> what;
    resumption answer;
  };

  std::set<message_number> begun_;
  std::set<message_number> answers_;
  std::set<message_number> taken_;
  std::set<message_number> lent_;
  std::vector<attempt> returning_;
  std::set<message_number> accepted_;
  std::map<std::size_t, std::size_t> read_;
  std::map<std::size_t, std::size_t> handed_out_;
  // Connections below this one are excused.
  std::size_t excused_ = 0;
};

} // namespace wsengine::simulation
