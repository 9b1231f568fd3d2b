// incident_test.cpp: an incident of production as a test: a recording is played to the client that
// crashed then.
//
//   incident_test FILE

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"
#include "wsengine/testing/replay.hpp"

#include <charconv>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Takes in `price 42`. In production it could not take `price n/a`, and crashed.
class price_client : public wsengine::callbacks {
public:
  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload& data) override {
    auto text = data.text();
    auto space = text.find(' ');
    int price = 0;
    const auto* end = text.data() + text.size();
    if (space != std::string_view::npos
        && std::from_chars(text.data() + space + 1, end, price).ptr == end)
      prices.push_back(price);
  }

  std::vector<int> prices;
};

void it_survives_the_incident(const std::string& file) {
  wsengine::testing::fixture test;
  auto incident = wsengine::testing::load_recording(file);
  wsengine::testing::replay(incident, test.server);
  wsengine::testing::keep_pace(incident, test.options, test.hooks);
  auto client = std::make_shared<price_client>();
  test.spawn(client);
  test.start();
  test.advance(wsengine::testing::length_of(incident)); // an hour, in no time
  test.expect_open();
  test.expect_message("price 42");
  test.expect_message("price n/a");
  test.expect_message("price 43");
  test.expect_nothing(); // no crash, no on_close
  test.check(client->prices == std::vector<int>{42, 43}, "both prices", "there are others");
}

} // namespace

int main(int argc, char** argv) {
  try {
    it_survives_the_incident(argc > 1 ? argv[1] : "incident.jsonl");
  } catch (const std::exception& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "incident_test: the client survives\n";
  return 0;
}
