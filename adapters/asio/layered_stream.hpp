// layered_stream.hpp: what the streams of all protocol libraries do alike with their buffered
// layer.

#pragma once

#include "buffered_layer.hpp"
#include "refusal.hpp"
#include "stream.hpp"

#include "wsengine/options.hpp"

#include <memory>
#include <optional>

namespace wsengine::io {

/// The base of the stream `Derived`, whose `layer()` returns its buffered layer over `Transport`.
template <class Derived, class Transport>
class layered_stream : public stream, protected layer_user {
public:
  tcp_socket& socket() override { return transport().socket(); }

  std::optional<handshake_response> refusal() const override {
    return parse_refusal(layer().response());
  }

  bool writable() const override { return layer().out().size() < layer_type::high_mark; }

  write_progress progress() const override {
    return {layer().appended(), layer().sent(), layer().handed()};
  }

  std::uint64_t received() const override { return layer().received(); }

  void drop() noexcept override {
    error_code ignored;
    socket().close(ignored);
  }

protected:
  using layer_type = buffered_layer<Transport>;

  explicit layered_stream(stream_user& user) noexcept : user_(user) {}

  // Keeps the user, and with it this stream, until an operation is done.
  std::shared_ptr<stream_user> self() const { return user_.shared_from_this(); }

  [[nodiscard]] stream_user& user() const noexcept { return user_; }

  [[nodiscard]] Transport& transport() noexcept { return layer().transport(); }

  [[nodiscard]] frame_scanner& frames() noexcept { return layer().frames(); }

  // Has the layer keep to what the libraries do not know, or find out too late.
  void limit(const connection_options& options) {
    layer().max_header_size(options.max_header_size);
    frames().max_message_size(options.max_message_size);
    frames().max_frames(options.max_frames_per_message);
  }

  void on_teardown() override { user_.on_teardown(); }

  std::shared_ptr<void> hold() override { return self(); }

private:
  [[nodiscard]] layer_type& layer() noexcept { return static_cast<Derived&>(*this).layer(); }

  [[nodiscard]] const layer_type& layer() const noexcept {
    return static_cast<const Derived&>(*this).layer();
  }

  stream_user& user_;
};

} // namespace wsengine::io
