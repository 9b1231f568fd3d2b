// client.hpp: sessions of libwebsockets on one thread, with its callback turned into functions.

#pragma once

#include "common/arguments.hpp"

#include <cstddef>
#include <libwebsockets.h>
#include <memory>
#include <string>

namespace wsengine::bench {

/// A scenario derives from it. Exceptions must not leave the functions: C code calls them.
class lws_client {
public:
  explicit lws_client(const arguments& args);

  virtual ~lws_client() = default;

  lws_client(const lws_client&) = delete;
  lws_client& operator=(const lws_client&) = delete;

  /// Begins to open a session.
  void dial();

  /// Runs until `stop`, or until a session ends. Throws when one did not open.
  void run();

protected:
  virtual void opened(lws* who) = 0;

  /// A message has come in full.
  virtual void received(lws* who) = 0;

  /// One message may be written now; `lws_callback_on_writable` asks for that.
  virtual void writable(lws*) {}

  void stop() noexcept { running_ = false; }

  [[nodiscard]] const arguments& args() const noexcept { return args_; }

private:
  static int on_event(lws* who, lws_callback_reasons what, void*, void*, std::size_t);

  struct destroy {
    void operator()(lws_context* what) const { lws_context_destroy(what); }
  };

  const arguments& args_;
  std::string path_;
  lws_protocols protocols_[2];
  std::unique_ptr<lws_context, destroy> context_;
  bool running_ = true;
  bool failed_ = false;
};

/// A message in memory as the library wants it: with room in front for the header.
class lws_message {
public:
  explicit lws_message(std::size_t size) : memory_(LWS_PRE + size, 'x') {}

  /// Writes it; the library masks it where it lies. Returns whether that went well.
  bool write(lws* to) {
    auto size = memory_.size() - LWS_PRE;
    auto* begin = reinterpret_cast<unsigned char*>(memory_.data()) + LWS_PRE;
    return lws_write(to, begin, size, LWS_WRITE_BINARY) >= static_cast<int>(size);
  }

private:
  std::string memory_;
};

} // namespace wsengine::bench
