// director_finder.cpp: the actor that finds the director for members.

#include "cluster/joining.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/node_id.hpp>

#include <utility>

namespace wsengine::internal {

using namespace cluster;

namespace {

class director_finder : public director_finder_actor::base {
public:
  director_finder(caf::actor_config& cfg, transport_options transport, std::vector<endpoint> where)
    : director_finder_actor::base(cfg),
      transport_(std::move(transport)),
      where_(std::move(where)) {}

  const char* name() const override { return "wsengine.director_finder"; }

  behavior_type make_behavior() override {
    return {[this](const find_director_msg&) { return find(); }};
  }

private:
  caf::result<director_actor> find() {
    auto where = where_[next_];
    next_ = (next_ + 1) % where_.size();
    if (auto problem = why_not_reachable(transport_, where))
      return problem;
    auto whose = make_response_promise();
    request(manager_of(system(), transport_), caf::infinite, caf::connect_atom_v, where.host,
            where.port)
      .then(
        [this, where, whose](const caf::node_id&, caf::strong_actor_ptr& actor,
                             const std::set<std::string>& offered) mutable {
          auto wanted = compat::interface_of<director_actor>(system());
          auto found = joined(system(), where, std::move(actor), offered, wanted);
          if (found)
            whose.deliver(caf::actor_cast<director_actor>(std::move(*found)));
          else
            whose.deliver(std::move(found.error()));
        },
        [where, whose](const caf::error& cause) mutable {
          whose.deliver(join_error(where, cause));
        });
    return whose;
  }

  transport_options transport_;
  std::vector<endpoint> where_;
  std::size_t next_ = 0;
};

} // namespace

} // namespace wsengine::internal

namespace wsengine::cluster {

director_finder_actor spawn_director_finder(caf::actor_system& system,
                                            const transport_options& transport,
                                            std::vector<endpoint> where) {
  return system.spawn<internal::director_finder>(transport, std::move(where));
}

} // namespace wsengine::cluster
