// client.cpp: see client.hpp.

#include "libwebsockets_client/client.hpp"

#include <stdexcept>

namespace wsengine::bench {

namespace {

// As much as other clients read at a time.
constexpr std::size_t read_size = 64U << 10U;

// What the library needs besides the sessions.
constexpr unsigned spare_files = 64;

} // namespace

lws_client::lws_client(const arguments& args) : args_(args), path_(args.path()), protocols_{} {
  lws_set_log_level(LLL_ERR, nullptr);
  protocols_[0].name = "bench";
  protocols_[0].callback = &on_event;
  protocols_[0].rx_buffer_size = read_size;
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols_;
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.pt_serv_buf_size = read_size;
  auto sessions = args.kind() == "idle" ? static_cast<unsigned>(args.n) : 1U;
  info.fd_limit_per_thread = sessions + spare_files;
  info.user = this;
  context_.reset(lws_create_context(&info));
  if (!context_)
    throw std::runtime_error("there is no context");
}

void lws_client::dial() {
  lws_client_connect_info info{};
  info.context = context_.get();
  info.address = "127.0.0.1";
  info.host = info.address;
  info.origin = info.address;
  info.port = args_.target_port();
  info.path = path_.c_str();
  if (args_.tls())
    info.ssl_connection =
      LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
  if (!lws_client_connect_via_info(&info))
    failed_ = true;
}

void lws_client::run() {
  while (running_ && !failed_ && lws_service(context_.get(), 0) >= 0) {
  }
  if (failed_)
    throw std::runtime_error("a session does not open");
}

int lws_client::on_event(lws* who, lws_callback_reasons what, void*, void*, std::size_t) {
  auto* self = static_cast<lws_client*>(lws_context_user(lws_get_context(who)));
  // Closing the context closes sessions, too.
  if (!self->running_)
    return 0;
  switch (what) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED: self->opened(who); break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
      if (lws_is_final_fragment(who) && lws_remaining_packet_payload(who) == 0)
        self->received(who);
      break;
    case LWS_CALLBACK_CLIENT_WRITEABLE: self->writable(who); break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR: self->failed_ = true; break;
    case LWS_CALLBACK_CLIENT_CLOSED: self->stop(); break;
    default: break;
  }
  return 0;
}

} // namespace wsengine::bench
