// system_fixture.hpp: an actor system, and values on their way between nodes.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <set>
#include <string>
#include <utility>

namespace wsengine::tests {

#ifdef WSENGINE_CAF_1

using bytes = caf::byte_buffer;

/// Whether the value could be read.
template <class T>
[[nodiscard]] bool read(caf::actor_system& sys, const bytes& from, T& value) {
  caf::binary_deserializer source{sys, from};
  return source.apply(value);
}

template <class T>
[[nodiscard]] bool write(caf::actor_system& sys, bytes& to, const T& value) {
  caf::binary_serializer sink{sys, to};
  return sink.apply(value);
}

/// The names of the registered types that may travel.
inline std::set<std::string> registered_types(const caf::actor_system_config&) {
  std::set<std::string> result;
  auto all = caf::detail::global_meta_objects();
  for (auto i = compat::first_type_id + 10; i < compat::first_type_id + 160; ++i)
    if (!all[i].type_name.empty())
      result.emplace(all[i].type_name);
  return result;
}

template <class T>
std::string name_of_type(const caf::actor_system_config&) {
  return std::string{caf::type_name_v<T>};
}

/// The error as the log of the system has it.
inline std::string rendered(caf::actor_system&, const caf::error& what) {
  return to_string(what);
}

/// How an error of that name with a text is rendered.
inline std::string rendering(const std::string& name, const std::string& text) {
  return name + "(\"" + text + "\")";
}

/// A section of a configuration file.
inline std::string section(const std::string& name, const std::string& lines) {
  return name + " {\n" + lines + "}\n";
}

#else

using bytes = std::vector<char>;

/// Whether the value could be read.
template <class T>
[[nodiscard]] bool read(caf::actor_system& sys, const bytes& from, T& value) {
  caf::binary_deserializer source{sys, from};
  return !source(value);
}

template <class T>
[[nodiscard]] bool write(caf::actor_system& sys, bytes& to, const T& value) {
  caf::binary_serializer sink{sys, to};
  return !sink(const_cast<T&>(value));
}

/// The names of the registered types that may travel.
inline std::set<std::string> registered_types(const caf::actor_system_config& cfg) {
  std::set<std::string> result;
  for (const auto& [type, name] : cfg.type_names_by_rtti)
    result.insert(name);
  return result;
}

template <class T>
std::string name_of_type(const caf::actor_system_config& cfg) {
  auto i = cfg.type_names_by_rtti.find(std::type_index(typeid(T)));
  return i != cfg.type_names_by_rtti.end() ? i->second : std::string{};
}

/// The error as the log of the system has it.
inline std::string rendered(caf::actor_system& sys, const caf::error& what) {
  return sys.render(what);
}

/// How an error of that name with a text is rendered.
inline std::string rendering(const std::string& name, const std::string& text) {
  return name + ": " + text;
}

/// A section of a configuration file.
inline std::string section(const std::string& name, const std::string& lines) {
  return "[" + name + "]\n" + lines;
}

#endif

/// An actor system with the types that `Config` knows.
template <class Config>
struct system_fixture {
  virtual ~system_fixture() = default;

  template <class T>
  bytes serialize(const T& value) {
    bytes result;
    CAF_REQUIRE(write(sys, result, value));
    return result;
  }

  template <class T>
  T roundtrip(const T& value) {
    T result;
    CAF_REQUIRE(read(sys, serialize(value), result));
    return result;
  }

  Config cfg;
  caf::actor_system sys{cfg};
};

} // namespace wsengine::tests
