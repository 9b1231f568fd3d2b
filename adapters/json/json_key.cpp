// json_key.cpp: see wsengine/json_key.hpp.

#include "wsengine/json_key.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace wsengine {

namespace {

namespace json = boost::json;

using error_code = boost::system::error_code;

constexpr std::size_t max_key_bytes = 1024;

// -- pointers -------------------------------------------------------------------------------------

using tokens = std::vector<std::string>;

/// Undoes the escapes of RFC 6901, section 3.
std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') {
      result += text[i];
      continue;
    }
    ++i;
    if (i == text.size() || (text[i] != '0' && text[i] != '1'))
      throw std::invalid_argument{"a JSON pointer has a ~ without 0 or 1 behind it"};
    result += text[i] == '0' ? '~' : '/';
  }
  return result;
}

tokens parse_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/')
    throw std::invalid_argument{"a JSON pointer begins with /"};
  tokens result;
  while (!text.empty()) {
    text.remove_prefix(1);
    auto end = std::min(text.find('/'), text.size());
    result.push_back(unescape(text.substr(0, end)));
    text.remove_prefix(end);
  }
  return result;
}

// -- the search -----------------------------------------------------------------------------------

/// Gets the events of the parser and ends it as soon as the answer is known.
///
/// Containers that the pointer leads through are "on the path". They are the outermost ones: what
/// is inside of a container that is not on the path is not, either.
class key_search {
public:
  // What the parser wants to know.
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  explicit key_search(const tokens& path) noexcept : path_(path) {}

  optional<std::string> result;

  // -- containers --

  bool on_object_begin(error_code& ec) { return enter(ec); }

  bool on_object_end(std::size_t, error_code& ec) { return leave(ec); }

  bool on_array_begin(error_code& ec) {
    if (!enter(ec))
      return false;
    if (at_member())
      index_ = 0;
    return true;
  }

  bool on_array_end(std::size_t, error_code& ec) { return leave(ec); }

  // -- names of members --

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    // More than the name that is sought cannot be the same.
    if (at_member() && text_.size() <= path_[depth_ - 1].size())
      text_.append(part.data(), part.size());
    return true;
  }

  bool on_key(json::string_view part, std::size_t size, error_code& ec) {
    on_key_part(part, size, ec);
    if (at_member()) {
      index_ = no_index;
      member_fits_ = text_ == path_[depth_ - 1];
      text_.clear();
    }
    return true;
  }

  // -- values --

  bool on_string_part(json::string_view part, std::size_t, error_code& ec) {
    if (!is_target())
      return true;
    text_.append(part.data(), part.size());
    return text_.size() <= max_key_bytes || stop(ec);
  }

  bool on_string(json::string_view part, std::size_t size, error_code& ec) {
    return on_string_part(part, size, ec) && value_ended(ec);
  }

  bool on_number_part(json::string_view part, error_code& ec) {
    return on_string_part(part, part.size(), ec);
  }

  bool on_int64(std::int64_t, json::string_view part, error_code& ec) {
    return on_string(part, part.size(), ec);
  }

  bool on_uint64(std::uint64_t, json::string_view part, error_code& ec) {
    return on_string(part, part.size(), ec);
  }

  bool on_double(double, json::string_view part, error_code& ec) {
    return on_string(part, part.size(), ec);
  }

  bool on_bool(bool, error_code& ec) { return !is_target() ? next(ec) : stop(ec); }

  bool on_null(error_code& ec) { return !is_target() ? next(ec) : stop(ec); }

  // -- the rest --

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

private:
  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);

  static bool stop(error_code& ec) {
    // Any error ends the parser.
    ec = json::error::exception;
    return false;
  }

  /// Whether the innermost open container is on the path and the pointer leads on inside of it.
  [[nodiscard]] bool at_member() const noexcept {
    return depth_ > 0 && depth_ == on_path_ && on_path_ <= path_.size();
  }

  /// Whether the value that begins now is on the path.
  [[nodiscard]] bool fits() const noexcept {
    if (depth_ != on_path_)
      return false;
    if (depth_ == 0)
      return true;
    return index_ == no_index ? member_fits_ : std::to_string(index_) == path_[depth_ - 1];
  }

  [[nodiscard]] bool is_target() const noexcept { return depth_ == path_.size() && fits(); }

  /// A container begins.
  bool enter(error_code& ec) {
    // The pointer leads to the container itself, which is no key.
    if (is_target())
      return stop(ec);
    if (fits())
      ++on_path_;
    ++depth_;
    member_fits_ = false;
    index_ = depth_ == on_path_ ? no_index : index_;
    return true;
  }

  /// A container ends. Behind one on the path there is nothing to find.
  bool leave(error_code& ec) {
    if (depth_ == on_path_)
      return stop(ec);
    --depth_;
    return next(ec);
  }

  /// A string or number ends.
  bool value_ended(error_code& ec) {
    if (!is_target())
      return next(ec);
    result = std::move(text_);
    return stop(ec);
  }

  /// A value ends that was not sought.
  bool next(error_code& ec) {
    // The pointer led to a value that has nothing inside.
    if (fits())
      return stop(ec);
    if (depth_ == on_path_ && index_ != no_index)
      ++index_;
    return true;
  }

  const tokens& path_;
  /// How many containers are open, and how many of those are on the path.
  std::size_t depth_ = 0;
  std::size_t on_path_ = 0;
  /// In the innermost container on the path: whether the present member of an object fits, or the
  /// index of the present element of an array.
  bool member_fits_ = false;
  std::size_t index_ = no_index;
  /// The name or the value that is being read.
  std::string text_;
};

optional<std::string> find_key(const tokens& path, std::string_view text, std::size_t max_bytes) {
  json::parse_options options;
  options.max_depth = 32;
  json::basic_parser<key_search> parser{options, path};
  error_code ec;
  auto size = std::min(text.size(), max_bytes);
  parser.write_some(size < text.size(), text.data(), size, ec);
  return std::move(parser.handler().result);
}

} // namespace

// -- interface ------------------------------------------------------------------------------------

key_function json_key(std::string_view pointer, std::size_t max_bytes) {
  auto path = std::make_shared<const tokens>(parse_pointer(pointer));
  return [path, max_bytes](const data_message& message) {
    return find_key(*path, message.data.text(), max_bytes);
  };
}

} // namespace wsengine
