// span_file.cpp: see span_file.hpp.

#include "span_file.hpp"

#include <utility>

namespace wsengine::cli {

std::string span_file::open(const tracing_arguments& what) {
  if (what.file.empty())
    return {};
  file_.open(what.file, std::ios::binary | std::ios::trunc);
  if (!file_)
    return what.file + ": cannot be written";
  otlp_file_options options;
  options.resource = {{"service.version", std::string{WSENGINE_VERSION}}};
  sink_ = std::make_shared<otlp_file>(file_, std::move(options));
  tracing_options how;
  how.ratio = what.sample;
  how.message_ratio = what.sample;
  how.propagate = what.tell_server;
  traces_ = make_tracer(std::move(how), sink_);
  return {};
}

std::string span_file::complaint() const {
  auto dropped = sink_ ? sink_->dropped() : 0;
  return dropped == 0 ? "" : std::to_string(dropped) + " spans were lost: the disk is too slow";
}

} // namespace wsengine::cli
