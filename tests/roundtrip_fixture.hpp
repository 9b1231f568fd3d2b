// roundtrip_fixture.hpp: checks that a type survives the way between nodes.

#pragma once

#include "system_fixture.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/message.hpp>

#include <set>
#include <string>
#include <type_traits>

namespace wsengine::tests {

/// Serialises with the types that `Config` knows.
template <class Config>
struct roundtrip_fixture : system_fixture<Config> {
  /// Checks a value by itself and as the content of a message, as it travels between nodes. Bytes
  /// are compared, because some types have no operator for it.
  template <class T>
  void check_one(const T& value) {
    checked.insert(name_of_type<T>(this->cfg));
    auto bytes = this->serialize(value);
    CAF_CHECK(this->serialize(this->roundtrip(value)) == bytes);
    auto text = caf::deep_to_string(value);
    CAF_CHECK_EQUAL(caf::deep_to_string(this->roundtrip(value)), text);
    CAF_CHECK(text.find("unprintable") == std::string::npos);
    // A value like the default one could not show that a field is left out.
    if constexpr (!std::is_empty_v<T>)
      CAF_CHECK(this->serialize(T{}) != bytes);
    auto message = this->roundtrip(caf::make_message(value));
    CAF_REQUIRE(message.template match_elements<T>());
    CAF_CHECK(this->serialize(message.template get_as<T>(0)) == bytes);
  }

  /// Fails for each registered type of a namespace, such as "wsengine::", that was not checked.
  void check_complete(const std::string& prefix) {
    for (const auto& name : registered_types(this->cfg))
      if (name.starts_with(prefix) && checked.count(name) == 0)
        CAF_FAIL("not checked: " << name);
  }

  std::set<std::string> checked;
};

} // namespace wsengine::tests
