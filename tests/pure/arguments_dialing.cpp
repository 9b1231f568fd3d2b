// arguments_dialing.cpp: the options that say how to reach the server.

#define CAF_SUITE arguments_dialing

#include "pure/connect_line.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <string>

using namespace wsengine;
using namespace wsengine::cli;
using namespace std::chrono_literals;

CAF_TEST(options that say how to reach the server) {
  const std::string pin = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  auto found = connect({"--basic-auth",
                        "me:a:b",
                        "--cookies",
                        "--max-redirects",
                        "3",
                        "--retry-after-cap",
                        "1m",
                        "--failover",
                        "ws://y/",
                        "--failover",
                        "ws://z/",
                        "--rotate",
                        "--proxy",
                        "socks5://me:secret@proxy",
                        "--no-proxy",
                        "a,b",
                        "--resolution-delay",
                        "0s",
                        "--connect-stagger",
                        "1s",
                        "--ca-dir",
                        "folder",
                        "--server-name",
                        "name",
                        "--pin",
                        pin,
                        "--client-cert",
                        "cert",
                        "--client-key",
                        "key",
                        "--tls-min",
                        "1.3",
                        "--alpn",
                        "http/1.1",
                        "--no-tls-resume"});
  const auto& engine = found.engine;
  CAF_CHECK(engine.request.headers == (header_fields{basic_auth("me", "a:b")}));
  CAF_CHECK(engine.keep_cookies);
  CAF_CHECK_EQUAL(engine.max_redirects, 3U);
  CAF_CHECK(engine.backoff.retry_after_cap == 1min);
  CAF_CHECK_EQUAL(engine.more_urls, words({"ws://y/", "ws://z/"}));
  CAF_CHECK(engine.order == url_order::rotating);
  const auto& connection = engine.connection;
  CAF_CHECK(connection.proxy == (proxy_options{"socks5://proxy", "me", "secret", {"a", "b"}}));
  CAF_CHECK(connection.resolution_delay == 0s);
  CAF_CHECK(connection.connect_stagger == 1s);
  tls_options tls;
  tls.ca_directory = "folder";
  tls.server_name = "name";
  tls.pinned_keys = {pin};
  tls.certificate_file = "cert";
  tls.key_file = "key";
  tls.min_version = tls_version::tls_1_3;
  tls.alpn = {"http/1.1"};
  tls.resume = false;
  CAF_CHECK(connection.tls == tls);
  CAF_CHECK(!found.proxy_from_environment);
  CAF_CHECK(connect({"--proxy-from-env"}).proxy_from_environment);
  CAF_CHECK_EQUAL(connect({"--unix-socket", "path"}).engine.connection.unix_socket, "path");
  CAF_CHECK(connect({"--bearer-auth", "x"}).engine.request.headers
            == (header_fields{bearer_auth("x")}));
}

CAF_TEST(complaints about how to reach the server name their options and no passwords) {
  auto found = problems({"connect",
                         "ws://x/",
                         "--basic-auth",
                         "hunter2",
                         "--bearer-auth",
                         "hunter2\n",
                         "--max-redirects",
                         "x",
                         "--retry-after-cap",
                         "soon",
                         "--failover",
                         "http://y/",
                         "--proxy",
                         "ftp://me:hunter2@proxy",
                         "--no-proxy",
                         "a/8",
                         "--proxy-from-env",
                         "--unix-socket",
                         std::string(200, 'x'),
                         "--resolution-delay",
                         "x",
                         "--connect-stagger",
                         "1ms",
                         "--pin",
                         "x",
                         "--client-cert",
                         "cert",
                         "--tls-min",
                         "1.1",
                         "--alpn",
                         ""});
  CAF_CHECK(names_all(found, {"--basic-auth", "--header", "--max-redirects", "--retry-after-cap",
                              "--failover", "--proxy the", "--no-proxy", "--proxy-from-env",
                              "--unix-socket", "--resolution-delay", "--connect-stagger", "--pin",
                              "--client-key", "--tls-min", "--alpn"}));
  for (const auto& line : found)
    CAF_CHECK(line.find("hunter2") == std::string::npos);
}
