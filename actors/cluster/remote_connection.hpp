// remote_connection.hpp: stands here for a connection on another node.

#pragma once

#include "wsengine/cluster/remote_connection.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/hosted.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace wsengine::internal {

/// What the connection on the other node sends besides answers.
using remote_connection_interface = connection_actor::extend<answers<message_batch, void>>;

/// Asks a source for a connection and passes on what it is asked. CAF does not tell who waits for
/// an answer that its node is gone; this does, and so to its engine a lost node is a connection
/// that broke.
class remote_connection : public hosted<remote_connection_interface::base> {
public:
  remote_connection(caf::actor_config& cfg, cluster::connection_source_actor source);

  const char* name() const override { return "wsengine.remote_connection"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  // Somebody who waits for an answer, and what it is if the node is lost.
  struct waiting {
    caf::response_promise promise;
    std::function<void(caf::response_promise&, const std::string&)> when_lost;
  };

  void came(connection_actor connection);
  void lost(const std::string& why);
  template <class Out, class In>
  caf::result<Out> pass(In& what);
  template <class Out, class In>
  void ask(std::uint64_t id, In what);
  caf::result<void> pass_write(write_msg& what);
  caf::result<void> grant(const credit_msg& what);
  template <class T>
  void feed(T what);
  void end_feed();
  std::uint64_t remember(waiting who);
  caf::response_promise take_promise(std::uint64_t id);

  cluster::connection_source_actor source_;
  connection_actor remote_;
  // What came before there was a connection, in order.
  std::vector<std::function<void()>> early_;
  std::map<std::uint64_t, waiting> waiting_;
  std::uint64_t last_id_ = 0;
  // Who has begun a message in parts and not ended it.
  std::set<caf::actor_addr> in_parts_;
  // Who gets messages without asking for each; null when nobody does.
  caf::strong_actor_ptr fed_;
  // Whether a read has failed since the last grant: others may read then.
  bool feed_failed_ = false;
  // Set when there is nobody on the other side any more.
  bool lost_ = false;
  std::string why_lost_;
};

} // namespace wsengine::internal
