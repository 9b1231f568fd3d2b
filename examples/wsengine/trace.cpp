// trace.cpp: the command `trace`: draws a recording.

#include "run.hpp"

#include "wsengine/recording.hpp"
#include "wsengine/testing/replay.hpp"

#include <fstream>
#include <stdexcept>

namespace wsengine::cli {

int run_trace(const trace_arguments& what) {
  auto recording = testing::load_recording(what.file);
  std::ofstream page{what.html_file, std::ios::binary | std::ios::trunc};
  page << trace_page(recording, what.file) << std::flush;
  if (!page)
    throw std::runtime_error{what.html_file + ": cannot be written"};
  return 0;
}

} // namespace wsengine::cli
