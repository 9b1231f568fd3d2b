// conformance_texts.cpp: what is UTF-8 and what is not, whole and in parts; see conformance.hpp.

#include "real/conformance.hpp"

namespace wsengine::tests {

namespace {

constexpr std::uint8_t text = 1;

const std::string kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";

// First and last code points of each length, those around the surrogates, noncharacters.
const std::vector<std::string> valid{
  kosme,
  "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!",
  std::string{"\x00", 1},
  "\xc2\x80",
  "\xe0\xa0\x80",
  "\xf0\x90\x80\x80",
  "\x7f",
  "\xdf\xbf",
  "\xef\xbf\xbf",
  "\xf4\x8f\xbf\xbf",
  "\xed\x9f\xbf",
  "\xee\x80\x80",
  "\xef\xbf\xbd",
  "\xef\xbf\xbe",
  "\xf0\x9f\xbf\xbe",
  "\xf0\x9f\xbf\xbf",
  "\xf0\xaf\xbf\xbe",
  "\xf3\xbf\xbf\xbf",
  "\xf4\x8f\xbf\xbe",
  "\xef\xbf\xb9\xef\xbf\xba\xef\xbf\xbb",
};

const std::vector<std::string> invalid{
  kosme + "\xed\xa0\x80" + "edited",
  // Beginnings of longer sequences.
  "\xce",
  "\xce\xba\xe1",
  "\xce\xba\xe1\xbd",
  // Lengths that there are no longer.
  "\xf8\x88\x80\x80\x80",
  "\xfc\x84\x80\x80\x80\x80",
  "\xf7\xbf\xbf\xbf",
  "\xfb\xbf\xbf\xbf\xbf",
  "\xfd\xbf\xbf\xbf\xbf\xbf",
  // Beyond the last code point.
  "\xf4\x90\x80\x80",
  // Continuations without a beginning.
  "\x80",
  "\xbf",
  "\x80\xbf\x80\xbf\x80\xbf",
  "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\xbc\xbd\xbe",
  // Beginnings without a continuation.
  "\xc0 \xc1 \xc2 \xdf ",
  "\xe0 \xe1 \xef ",
  "\xf0 \xf1 \xf7 ",
  "\xf8 \xfb ",
  "\xfc \xfd ",
  "\xc0",
  "\xe0\x80",
  "\xf0\x80\x80",
  "\xdf",
  "\xef\xbf",
  "\xf7\xbf\xbf",
  "\xe0\x80\xf0\x80\x80\xdf\xef\xbf",
  // Bytes that never occur.
  "\xfe",
  "\xff",
  "\xfe\xfe\xff\xff",
  // Overlong forms.
  "\xc0\xaf",
  "\xe0\x80\xaf",
  "\xf0\x80\x80\xaf",
  "\xc1\xbf",
  "\xe0\x9f\xbf",
  "\xf0\x8f\xbf\xbf",
  "\xc0\x80",
  "\xe0\x80\x80",
  "\xf0\x80\x80\x80",
  // Surrogates, alone and in pairs.
  "\xed\xa0\x80",
  "\xed\xad\xbf",
  "\xed\xae\x80",
  "\xed\xaf\xbf",
  "\xed\xb0\x80",
  "\xed\xbe\x80",
  "\xed\xbf\xbf",
  "\xed\xa0\x80\xed\xb0\x80",
  "\xed\xaf\xbf\xed\xbf\xbf",
};

std::string one_byte_frames(const std::string& message) {
  std::string result;
  for (std::size_t i = 0; i < message.size(); ++i)
    result += frame(i == 0 ? text : 0, message.substr(i, 1), i + 1 == message.size());
  return result;
}

} // namespace

std::vector<script> text_scripts() {
  std::vector<script> result{
    good("6: an empty text", {sends{frame(text, "")}, expects{text, ""}}),
    good("6: empty fragments",
         {sends{frame(text, "", more) + frame(0, "", more) + frame(0, "")}, expects{text, ""}}),
    good("6: an empty fragment on each side",
         {sends{frame(text, "", more) + frame(0, "middle", more) + frame(0, "")},
          expects{text, "middle"}}),
  };
  for (const auto& message : valid) {
    result.push_back(good("6: valid", {sends{frame(text, message)}, expects{text, message}}));
    result.push_back(
      good("6: valid, chopped", {sends{frame(text, message), 1}, expects{text, message}}));
    result.push_back(
      good("6: valid, a byte a frame", {sends{one_byte_frames(message)}, expects{text, message}}));
  }
  for (const auto& message : invalid) {
    auto fault = close_code::invalid_payload;
    result.push_back(bad("6: invalid", {sends{frame(text, message)}}, fault));
    result.push_back(bad("6: invalid, chopped", {sends{frame(text, message), 1}}, fault));
    result.push_back(bad("6: invalid, a byte a frame", {sends{one_byte_frames(message)}}, fault));
    // What is not text may be anything.
    result.push_back(good("6: not a text", {sends{frame(2, message)}, expects{2, message}}));
  }
  // The fault is found although the message goes on.
  result.push_back(bad("6: invalid in the middle of a message",
                       {sends{frame(text, kosme + "\xf4\x90\x80\x80", more)}},
                       close_code::invalid_payload));
  result.push_back(
    bad("6: invalid in the middle of a frame",
        {sends{frame(text, kosme + "\xf4\x90\x80\x80" + "edited").substr(0, 2 + 15)}},
        close_code::invalid_payload));
  return result;
}

} // namespace wsengine::tests
