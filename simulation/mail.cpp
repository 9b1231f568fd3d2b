// mail.cpp: see mail.hpp.

#include "mail.hpp"

#include "wsengine/error.hpp"

#include <caf/sec.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace wsengine::simulation {

// -- what users do --------------------------------------------------------------------------------

void mail::sent(send_msg what, send_answer answer) {
  sends_.push_back({std::move(what), std::move(answer)});
}

void mail::asked(const request_msg& what, request_answer answer, timespan now, timespan starved) {
  requests_.push_back({what.key, what.timeout, std::move(answer), now, starved});
}

// -- what the peer does ---------------------------------------------------------------------------

std::string mail::next_to_answer(const std::vector<data_message>& written) {
  std::set<std::string_view> arrived;
  for (const auto& x : written)
    arrived.insert(x.data.text());
  for (auto& x : requests_)
    if (!x.replied && arrived.count(x.key) > 0) {
      x.replied = true;
      return x.key;
    }
  return {};
}

// -- at rest --------------------------------------------------------------------------------------

void mail::check_rest(timespan now, timespan starved) {
  for (const auto& x : requests_)
    if (x.answer->pending() && now - x.at - (starved - x.starved) >= x.timeout)
      complain_("a request is not answered in time", x.key);
  if (!options_.outbox.enabled)
    return;
  auto waiting = std::count_if(sends_.begin(), sends_.end(),
                               [](const sent_message& x) { return x.answer->pending(); });
  if (static_cast<std::size_t>(waiting) > options_.outbox.max_messages)
    complain_("the outbox holds more than it may", std::to_string(waiting));
}

void mail::collect_answers(
  const std::function<void(const std::string& key, const data_message&)>& f) {
  for (auto& x : requests_)
    if (!x.collected && x.answer->succeeded()) {
      x.collected = true;
      f(x.key, x.answer->get());
    }
}

// -- at the end -----------------------------------------------------------------------------------

void mail::check_end(const std::vector<testing::scripted_record>& records,
                     const std::function<std::size_t(session_id)>& connection_of) {
  arrivals arrived;
  for (std::size_t i = 0; i < records.size(); ++i)
    for (const auto& x : records[i].written)
      arrived[std::string{x.data.text()}].push_back(i);
  for (const auto& x : writes_)
    check_write(x, arrived[x.content].size());
  for (const auto& x : sends_)
    check_send(x, arrived[std::string{x.what.data.text()}], connection_of);
  for (const auto& x : requests_)
    if (x.answer->pending())
      complain_("a request has had no answer", x.key);
  check_order(records);
  for (const auto& x : records)
    check_setup(x);
}

void mail::check_write(const written_message& what, std::size_t count) {
  const auto& [content, answer] = what;
  if (answer->pending())
    complain_("a write has had no answer", content);
  else if (answer->succeeded() && count != 1)
    complain_("a write is done and has arrived another number of times", content);
  else if (count != 0 && !answer->succeeded() && !answer->failed(connection_errc::write_unknown)
           && !answer->failed(caf::sec::request_receiver_down))
    complain_("a write has failed and has arrived", content);
}

void mail::check_send(const sent_message& what, const std::vector<std::size_t>& where,
                      const std::function<std::size_t(session_id)>& connection_of) {
  const auto& answer = *what.answer;
  auto content = std::string{what.what.data.text()};
  if (answer.pending())
    return complain_("a send has had no answer", content);
  // An engine that dies with a send in its mailbox has not looked at it; one that had may have sent
  // it.
  auto unknown =
    answer.failed(send_errc::unknown) || answer.failed(caf::sec::request_receiver_down);
  if (where.size() > 1 && !what.what.resend_unknown)
    complain_("a send has arrived twice", content);
  if (answer.succeeded() && where.empty())
    complain_("a send is done and has not arrived", content);
  else if (answer.succeeded() && where.back() != connection_of(answer.get().id))
    complain_("a send has arrived in another session than it says", content);
  else if (!answer.succeeded() && !unknown && !where.empty() && !what.what.resend_unknown)
    complain_("a send has failed and has arrived", content);
}

// Whatever way messages take, they do not overtake each other.
void mail::check_order(const std::vector<testing::scripted_record>& records) {
  std::set<std::size_t> seen;
  for (const auto& record : records)
    for (const auto& x : record.written) {
      auto found = order_.find(x.data.text());
      // Those that are sent again come later than the first time.
      if (found == order_.end() || seen.count(found->second) > 0)
        continue;
      if (!seen.empty() && *seen.rbegin() > found->second)
        complain_("a send has overtaken another", std::string{x.data.text()});
      seen.insert(found->second);
    }
}

bool mail::is_setup(std::string_view text) const {
  return std::any_of(options_.setup.begin(), options_.setup.end(),
                     [text](const setup_message& x) { return x.message.data.text() == text; });
}

// Every session begins with the set-up messages, each once, before anything that goes through the
// engine.
void mail::check_setup(const testing::scripted_record& record) {
  std::size_t done = 0;
  for (const auto& x : record.written) {
    auto text = x.data.text();
    if (is_setup(text)) {
      if (done == options_.setup.size() || options_.setup[done].message.data.text() != text)
        return complain_("set-up messages are out of order", std::string{text});
      ++done;
    } else if (order_.count(text) > 0 && done < options_.setup.size()) {
      return complain_("a send came before the set-up messages", std::string{text});
    }
  }
}

} // namespace wsengine::simulation
