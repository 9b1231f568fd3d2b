// url_round.cpp: see url_round.hpp.

#include "rules/url_round.hpp"

namespace wsengine::rules {

void url_round::begin() noexcept {
  auto is_first = tried_ == 0;
  tried_ = 1;
  if (order_ == url_order::fixed)
    current_ = 0;
  else if (!is_first)
    current_ = (current_ + 1) % count_;
}

bool url_round::next() noexcept {
  if (tried_ >= count_)
    return false;
  ++tried_;
  current_ = (current_ + 1) % count_;
  return true;
}

} // namespace wsengine::rules
