// mail.hpp: what users send and ask for, and whether what they are told of it is true.

#pragma once

#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::simulation {

/// Keeps the books on what goes to the server.
class mail {
public:
  using void_answer = std::shared_ptr<testing::asked<caf::unit_t>>;
  using send_answer = std::shared_ptr<testing::asked<send_receipt>>;
  using request_answer = std::shared_ptr<testing::asked<data_message>>;

  /// Breaks a rule.
  using complaint = std::function<void(const char* rule, const std::string& details)>;

  mail(const engine_options& options, complaint complain)
    : options_(options),
      complain_(std::move(complain)) {}

  // -- what users do ------------------------------------------------------------------------------

  /// The text of the next message, which no other has.
  std::string next_text(const char* what) { return what + (" " + std::to_string(++count_)); }

  /// Somebody wrote to a connection.
  void wrote(std::string content, void_answer answer) {
    writes_.push_back({std::move(content), std::move(answer)});
  }

  /// Somebody sent through the engine.
  void sent(send_msg what, send_answer answer);

  /// Somebody asked the server. `starved`: how long actors had no chance to do anything so far.
  void asked(const request_msg& what, request_answer answer, timespan now, timespan starved);

  /// The engine takes in what was sent.
  void taken_in(const send_msg& what) { order_.emplace(what.data.text(), order_.size()); }

  // -- what the peer does -------------------------------------------------------------------------

  /// The key of a request among these messages that nobody has answered so far; empty when there is
  /// none.
  std::string next_to_answer(const std::vector<data_message>& written);

  // -- rules --------------------------------------------------------------------------------------

  /// To be called when no actor has anything to do.
  void check_rest(timespan now, timespan starved);

  /// Calls the function for each answer of the server that a caller has got since the last time.
  void collect_answers(const std::function<void(const std::string& key, const data_message&)>& f);

  /// To be called when nothing will happen any more. `connection_of` says which connection a
  /// session had; the value is that of `records.size()` when nobody knows.
  void check_end(const std::vector<testing::scripted_record>& records,
                 const std::function<std::size_t(session_id)>& connection_of);

private:
  struct written_message {
    std::string content;
    void_answer answer;
  };

  struct sent_message {
    send_msg what;
    send_answer answer;
  };

  struct request {
    std::string key;
    timespan timeout;
    request_answer answer;
    timespan at;
    timespan starved;
    // Whether the peer has answered, and whether the caller is known to know.
    bool replied = false;
    bool collected = false;
  };

  // Where each message has arrived: the indices of connections.
  using arrivals = std::map<std::string, std::vector<std::size_t>, std::less<>>;

  void check_write(const written_message& what, std::size_t count);
  void check_send(const sent_message& what, const std::vector<std::size_t>& where,
                  const std::function<std::size_t(session_id)>& connection_of);
  void check_order(const std::vector<testing::scripted_record>& records);
  void check_setup(const testing::scripted_record& record);
  [[nodiscard]] bool is_setup(std::string_view text) const;

  const engine_options& options_;
  complaint complain_;
  std::size_t count_ = 0;
  std::vector<written_message> writes_;
  std::vector<sent_message> sends_;
  std::vector<request> requests_;
  // In which order engines took messages in.
  std::map<std::string, std::size_t, std::less<>> order_;
};

} // namespace wsengine::simulation
