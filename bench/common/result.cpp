// result.cpp: see result.hpp.

#include "common/result.hpp"

#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace wsengine::bench {

namespace {

// Nothing that is measured takes longer; a client that hangs must not stay.
constexpr unsigned longest_run_s = 300;

} // namespace

result::result(std::string_view client, const arguments& args) {
  set("client", client);
  set("scenario", args.scenario);
  set("n", args.n);
  set("size", args.size);
  if (args.deflate)
    set("deflate", true);
}

void result::set_rate(double messages, const meter& span) {
  set("msgs_per_s", messages / span.elapsed_s());
  set("cpu_us_per_msg", span.cpu_us() / messages);
}

void result::set_volume(const arguments& args, const meter& span) {
  auto messages = static_cast<double>(args.n);
  set_rate(messages, span);
  set("MB_per_s", messages * static_cast<double>(args.size) / span.elapsed_s() / 1e6);
}

void result::set_percentiles(samples& latencies) {
  set("p50_us", latencies.percentile(0.5));
  set("p99_us", latencies.percentile(0.99));
}

void result::print(const meter& span) {
  set("elapsed_s", span.elapsed_s());
  set("peak_rss_kib", peak_rss_kib());
  std::cout << boost::json::serialize(fields_) << std::endl;
}

int run_client(int argc, char** argv, void (*run)(const arguments&)) {
  ::alarm(longest_run_s);
  raise_file_limit();
  try {
    run(parse_arguments({argv + 1, argv + argc}));
    return 0;
  } catch (const std::invalid_argument& problem) {
    std::cerr << problem.what() << '\n' << usage(argv[0]) << '\n';
    return 2;
  } catch (const std::exception& problem) {
    std::cerr << argv[0] << ": " << problem.what() << '\n';
    return 1;
  }
}

} // namespace wsengine::bench
