// commands.hpp: what a line of standard input asks for.

#pragma once

#include "wsengine/close.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wsengine::cli {

/// A line that was understood, or what is wrong with it.
struct command {
  enum class type : std::uint8_t {
    text,
    binary,
    ping,
    pause,
    resume,
    restart,
    exit,
    close,
    status,
    subscribe,
    unsubscribe,
    request,
    /// Not understood.
    malformed,
  };

  type what = type::text;
  /// `text`, `binary`, `subscribe`, `unsubscribe`, `request`: the content. `malformed`: what is
  /// wrong.
  std::string data;
  /// `subscribe`, `unsubscribe`: of what.
  std::string name;
  /// `close`: what to send.
  close_details details{close_code::normal, ""};
  /// `request`: what the answer is known by.
  std::string key;
};

/// Understands a line, without its line feed.
command parse_command(std::string_view line);

} // namespace wsengine::cli
