// shown_url.cpp: what of a URL is seen in traces.

#define CAF_SUITE shown_url

#include "rules/shown_url.hpp"

#include "wsengine/testing/unit_test.hpp"

using wsengine::rules::shown_url;

CAF_TEST(what is no secret stays) {
  for (const auto* url : {"ws://example.org", "wss://example.org:8443/feed", "ws://[::1]:9/a@b", "",
                          "no url", "ws://h/?"})
    CAF_CHECK_EQUAL(shown_url(url), url);
}

CAF_TEST(users are left out) {
  CAF_CHECK_EQUAL(shown_url("ws://me:hunter2@h/p"), "ws://REDACTED:REDACTED@h/p");
  CAF_CHECK_EQUAL(shown_url("ws://token@h"), "ws://REDACTED@h");
  CAF_CHECK_EQUAL(shown_url("ws://a@b:c@h?x"), "ws://REDACTED:REDACTED@h?REDACTED");
}

CAF_TEST(values of the query are left out) {
  CAF_CHECK_EQUAL(shown_url("wss://h/p?token=abc&v=2"), "wss://h/p?token=REDACTED&v=REDACTED");
  CAF_CHECK_EQUAL(shown_url("wss://h/p?abc"), "wss://h/p?REDACTED");
  CAF_CHECK_EQUAL(shown_url("wss://h?a=b=c&&d="), "wss://h?a=REDACTED&&d=REDACTED");
}
