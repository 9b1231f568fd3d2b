// caf_test.hpp: the fixture for suites on CAF's own test framework (unit_test.hpp).

#pragma once

#include "wsengine/testing/fixture.hpp"
#include "wsengine/testing/unit_test.hpp"

namespace wsengine::testing {

/// A fixture whose expectations fail by `CAF_FAIL`. For `CAF_TEST_FIXTURE_SCOPE`.
class caf_test_fixture : public fixture {
public:
  using fixture::fixture;

protected:
  void fail(const std::string& text) override { CAF_FAIL(text); }
};

} // namespace wsengine::testing
