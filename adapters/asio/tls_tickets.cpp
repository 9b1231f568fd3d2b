// tls_tickets.cpp: see tls_tickets.hpp.

#include "tls_tickets.hpp"

#include <utility>

namespace wsengine::io {

namespace {

// Where an SSL_CTX keeps its tickets, and an SSL the name of its server.

int context_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

void free_name(void*, void* name, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<std::string*>(name);
}

int name_slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_name);
  return slot;
}

} // namespace

void tls_tickets::attach(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_set_ex_data(context, context_slot(), this);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
}

void tls_tickets::prepare(SSL* ssl, const std::string& server) {
  auto* self = static_cast<tls_tickets*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_slot()));
  if (self == nullptr)
    return;
  self->resume(ssl, server);
  auto name = std::make_unique<std::string>(server);
  if (SSL_set_ex_data(ssl, name_slot(), name.get()) == 1)
    static_cast<void>(name.release());
}

void tls_tickets::resume(SSL* ssl, const std::string& server) {
  auto found = servers_.find(server);
  if (found == servers_.end() || found->second.empty())
    return;
  auto& tickets = found->second;
  SSL_set_session(ssl, tickets.back().get());
  // From TLS 1.3 on a ticket that is shown twice lets observers link the connections (RFC 8446,
  // section C.4); each handshake brings new ones.
  if (SSL_SESSION_get_protocol_version(tickets.back().get()) >= TLS1_3_VERSION)
    tickets.pop_back();
}

int tls_tickets::on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* self = static_cast<tls_tickets*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_slot()));
  auto* server = static_cast<std::string*>(SSL_get_ex_data(ssl, name_slot()));
  // A copy: OpenSSL gives the session itself up when its connection breaks.
  if (self != nullptr && server != nullptr && SSL_SESSION_is_resumable(session) == 1)
    if (ticket copy{SSL_SESSION_dup(session)})
      self->keep(*server, std::move(copy));
  return 0;
}

void tls_tickets::keep(const std::string& server, ticket what) {
  if (servers_.size() >= max_servers && servers_.find(server) == servers_.end())
    servers_.erase(servers_.begin());
  auto& tickets = servers_[server];
  if (tickets.size() >= max_tickets)
    tickets.pop_front();
  tickets.push_back(std::move(what));
}

} // namespace wsengine::io
