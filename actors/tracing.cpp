// tracing.cpp: see wsengine/tracing.hpp.

#include "wsengine/tracing.hpp"

#include "rules/sampling.hpp"

#include <algorithm>
#include <random>

namespace wsengine {

namespace {

// A span may last for long, such as a start that is tried again and again.
constexpr std::size_t max_events = 32;

std::uint64_t draw() {
  static thread_local std::mt19937_64 generator{[] {
    std::random_device source;
    std::seed_seq seed{source(), source(), source(), source(), source(), source()};
    return std::mt19937_64{seed};
  }()};
  return generator();
}

span_time now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

} // namespace

// -- what is recorded -----------------------------------------------------------------------------

struct tracer::core {
  tracing_options options;
  std::shared_ptr<span_sink> sink;

  // Zero stands for none.
  [[nodiscard]] std::uint64_t draw_id() const {
    std::uint64_t result = 0;
    while (result == 0)
      result = options.random();
    return result;
  }
};

struct active_span::recording {
  span what;
  std::shared_ptr<const tracer::core> core;
};

void active_span::recording_deleter::operator()(recording* what) const noexcept {
  delete what;
}

// -- active_span ----------------------------------------------------------------------------------

void active_span::set(std::string_view key, attribute_value value) {
  if (!recording_)
    return;
  auto& all = recording_->what.attributes;
  auto found = std::find_if(all.begin(), all.end(), [key](const auto& x) { return x.key == key; });
  if (found == all.end())
    all.push_back({std::string{key}, std::move(value)});
  else
    found->value = std::move(value);
}

void active_span::event(std::string name, attribute_list attributes) {
  if (!recording_)
    return;
  auto& what = recording_->what;
  if (what.events.size() == max_events)
    ++what.dropped_events;
  else
    what.events.push_back(
      {std::move(name), recording_->core->options.now(), std::move(attributes)});
}

void active_span::link(const trace_parent& to) {
  if (recording_ && to && to->sampled())
    recording_->what.links.push_back({*to});
}

void active_span::fail(std::string type, std::string text) {
  if (!recording_)
    return;
  set("error.type", std::move(type));
  recording_->what.status = span_status::error;
  recording_->what.status_text = std::move(text);
}

void active_span::fail(const caf::error& cause) {
  if (recording_)
    fail(name_of(cause), describe(cause));
}

void active_span::finish() noexcept {
  auto& what = recording_->what;
  what.end = std::max(what.start, recording_->core->options.now());
  auto core = recording_->core;
  core->sink->write(std::move(what));
  recording_.reset();
}

// -- tracer ---------------------------------------------------------------------------------------

tracer::tracer(tracing_options options, std::shared_ptr<span_sink> to) {
  if (!options.now)
    options.now = now;
  if (!options.random)
    options.random = draw;
  core_ = std::make_shared<const core>(core{std::move(options), std::move(to)});
}

tracer::~tracer() = default;

const tracing_options& tracer::options() const noexcept {
  return core_->options;
}

active_span tracer::begin(std::string name, span_kind kind, const trace_parent& parent) const {
  trace_context context;
  if (parent) {
    context = *parent;
  } else {
    context.trace = {core_->draw_id(), core_->draw_id()};
    context.flags = rules::is_sampled(context.trace, core_->options.ratio)
                      ? trace_context::sampled_flag
                      : std::uint8_t{0};
  }
  return record(std::move(name), kind, parent, std::move(context));
}

active_span tracer::begin_sampled(const char* name, span_kind kind, const trace_parent& parent,
                                  double ratio) const {
  if (parent)
    return parent->sampled() ? begin(name, kind, parent) : active_span{};
  if (!(ratio > 0))
    return {};
  trace_context context;
  context.trace = {core_->draw_id(), core_->draw_id()};
  if (!rules::is_sampled(context.trace, ratio))
    return {};
  context.flags = trace_context::sampled_flag;
  return record(name, kind, parent, std::move(context));
}

active_span tracer::record(std::string name, span_kind kind, const trace_parent& parent,
                           trace_context context) const {
  context.span = {core_->draw_id()};
  active_span result;
  result.context_ = trace_parent{std::move(context)};
  if (!result.context_->sampled())
    return result;
  result.recording_.reset(new active_span::recording{{}, core_});
  auto& what = result.recording_->what;
  what.name = std::move(name);
  what.kind = kind;
  what.context = *result.context_;
  if (parent)
    what.parent = parent->span;
  what.start = core_->options.now();
  return result;
}

std::shared_ptr<const tracer> make_tracer(tracing_options options, std::shared_ptr<span_sink> to) {
  return std::make_shared<const tracer>(std::move(options), std::move(to));
}

} // namespace wsengine
