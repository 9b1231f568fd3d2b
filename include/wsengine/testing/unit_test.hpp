// unit_test.hpp: CAF's macros for tests, with CAF 0.17 and with CAF 1.x.
//
// CAF 0.17 has CAF_TEST, CAF_CHECK and their like; CAF 1.x has a test framework of another shape.
// This header gives both the same words: those of 0.17, over the runner and the reports of the CAF
// at hand. With 1.x a test program links `CAF::test`.

#pragma once

#include "wsengine/compat.hpp"

#ifndef WSENGINE_CAF_1

#include <caf/test/unit_test.hpp>

#else

#include <caf/deep_to_string.hpp>
#include <caf/detail/source_location.hpp>
#include <caf/test/registry.hpp>
#include <caf/test/reporter.hpp>
#include <caf/test/requirement_failed.hpp>
#include <caf/test/runnable.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wsengine::testing::unit_test {

// -- text -----------------------------------------------------------------------------------------

template <class T>
concept streamable = requires(std::ostream& out, const T& x) {
  out << x;
};

template <class T>
concept has_text = requires(const T& x) {
  { to_string(x) } -> std::convertible_to<std::string>;
};

/// A value as text, for people.
template <class T>
std::string text_of(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string{std::string_view{value}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (has_text<T>) {
    return to_string(value);
  } else if constexpr (streamable<T>) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else {
    return caf::deep_to_string(value);
  }
}

/// Collects what the macros are given with `<<`.
class text_line {
public:
  template <class T>
  text_line& operator<<(const T& value) {
    text_ += text_of(value);
    return *this;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  std::string text_;
};

// -- comparing ------------------------------------------------------------------------------------

template <class T>
concept plain_integer = std::integral<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;

struct equal {
  static constexpr std::string_view sign = " == ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    if constexpr (plain_integer<X> && plain_integer<Y>) {
      return std::cmp_equal(x, y);
    } else if constexpr ((std::floating_point<X> && std::is_arithmetic_v<Y>)
                         || (std::is_arithmetic_v<X> && std::floating_point<Y>)) {
      // As CAF 0.17 does it: computed numbers are hardly ever the same.
      auto left = static_cast<long double>(x);
      auto right = static_cast<long double>(y);
      return std::abs(left - right) <= std::max(std::abs(left), std::abs(right)) * 1e-5L;
    } else {
      return x == y;
    }
  }
};

struct not_equal {
  static constexpr std::string_view sign = " != ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return !equal{}(x, y);
  }
};

struct less {
  static constexpr std::string_view sign = " < ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    if constexpr (plain_integer<X> && plain_integer<Y>)
      return std::cmp_less(x, y);
    else
      return x < y;
  }
};

struct less_or_equal {
  static constexpr std::string_view sign = " <= ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return !less{}(y, x);
  }
};

struct greater {
  static constexpr std::string_view sign = " > ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return less{}(y, x);
  }
};

struct greater_or_equal {
  static constexpr std::string_view sign = " >= ";

  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return !less{}(x, y);
  }
};

// -- checking -------------------------------------------------------------------------------------

using place = caf::detail::source_location;

/// Writes down whether a check holds; returns that.
inline bool check(bool holds, std::string_view what, const place& where) {
  auto& report = caf::test::reporter::instance();
  if (holds)
    report.pass(where);
  else
    report.fail(what, where);
  return holds;
}

template <class Comparison, class X, class Y>
bool check_both(const X& x, const Y& y, std::string_view what, const place& where) {
  if (Comparison{}(x, y))
    return check(true, what, where);
  auto text = std::string{what} + ": " + text_of(x) + std::string{Comparison::sign} + text_of(y);
  return check(false, text, where);
}

/// Ends the test that asked for something that does not hold.
inline void require(bool holds, const place& where) {
  if (!holds)
    caf::test::requirement_failed::raise(where);
}

/// Ends the test.
[[noreturn]] inline void fail(std::string_view why, const place& where) {
  caf::test::reporter::instance().fail(why, where);
  caf::test::requirement_failed::raise(where);
}

// -- tests ----------------------------------------------------------------------------------------

/// What CAF's runner runs for the test `Test`, which is a fixture with a function `run_test`.
template <class Test>
class runner final : public caf::test::runnable {
public:
  using caf::test::runnable::runnable;

  void do_run() override {
    Test test;
    test.run_test();
  }
};

struct no_fixture {};

} // namespace wsengine::testing::unit_test

/// The fixture of tests outside of a `CAF_TEST_FIXTURE_SCOPE`.
using caf_test_case_auto_fixture = wsengine::testing::unit_test::no_fixture;

// -- macros ---------------------------------------------------------------------------------------

#ifndef CAF_SUITE
#define CAF_SUITE unnamed
#endif

#define WSENGINE_TEXT_1(...) #__VA_ARGS__
#define WSENGINE_TEXT(...) WSENGINE_TEXT_1(__VA_ARGS__)
#define WSENGINE_JOIN_1(x, y) x##y
#define WSENGINE_JOIN(x, y) WSENGINE_JOIN_1(x, y)
#define WSENGINE_HERE ::wsengine::testing::unit_test::place::current()

#define CAF_TEST(name)                                                                             \
  namespace {                                                                                      \
  struct WSENGINE_JOIN(test_at_, __LINE__) : caf_test_case_auto_fixture {                          \
    void run_test();                                                                               \
  };                                                                                               \
  [[maybe_unused]] const auto                                                                      \
    WSENGINE_JOIN(test_added_at_, __LINE__) = ::caf::test::registry::add<                          \
      ::wsengine::testing::unit_test::runner<WSENGINE_JOIN(test_at_, __LINE__)>>(                  \
      WSENGINE_TEXT(CAF_SUITE), #name, ::caf::test::block_type::test);                             \
  }                                                                                                \
  void WSENGINE_JOIN(test_at_, __LINE__)::run_test()

#define CAF_TEST_FIXTURE_SCOPE(scope_name, fixture_name)                                           \
  namespace scope_name {                                                                           \
  using caf_test_case_auto_fixture = fixture_name;

#define CAF_TEST_FIXTURE_SCOPE_END() }

#define CAF_CHECK(...)                                                                             \
  static_cast<void>(::wsengine::testing::unit_test::check(static_cast<bool>(__VA_ARGS__),          \
                                                          #__VA_ARGS__, WSENGINE_HERE))
#define CAF_REQUIRE(...)                                                                           \
  ::wsengine::testing::unit_test::require(                                                         \
    ::wsengine::testing::unit_test::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__,            \
                                          WSENGINE_HERE),                                          \
    WSENGINE_HERE)

#define WSENGINE_CHECK_BOTH(Comparison, x, y)                                                      \
  ::wsengine::testing::unit_test::check_both<::wsengine::testing::unit_test::Comparison>(          \
    x, y, #x ", " #y, WSENGINE_HERE)
#define WSENGINE_REQUIRE_BOTH(Comparison, x, y)                                                    \
  ::wsengine::testing::unit_test::require(WSENGINE_CHECK_BOTH(Comparison, x, y), WSENGINE_HERE)

#define CAF_CHECK_EQUAL(x, y) static_cast<void>(WSENGINE_CHECK_BOTH(equal, x, y))
#define CAF_CHECK_NOT_EQUAL(x, y) static_cast<void>(WSENGINE_CHECK_BOTH(not_equal, x, y))
#define CAF_CHECK_LESS(x, y) static_cast<void>(WSENGINE_CHECK_BOTH(less, x, y))
#define CAF_CHECK_LESS_OR_EQUAL(x, y) static_cast<void>(WSENGINE_CHECK_BOTH(less_or_equal, x, y))
#define CAF_CHECK_GREATER(x, y) static_cast<void>(WSENGINE_CHECK_BOTH(greater, x, y))
#define CAF_CHECK_GREATER_OR_EQUAL(x, y)                                                           \
  static_cast<void>(WSENGINE_CHECK_BOTH(greater_or_equal, x, y))

#define CAF_REQUIRE_EQUAL(x, y) WSENGINE_REQUIRE_BOTH(equal, x, y)
#define CAF_REQUIRE_NOT_EQUAL(x, y) WSENGINE_REQUIRE_BOTH(not_equal, x, y)
#define CAF_REQUIRE_LESS(x, y) WSENGINE_REQUIRE_BOTH(less, x, y)
#define CAF_REQUIRE_LESS_OR_EQUAL(x, y) WSENGINE_REQUIRE_BOTH(less_or_equal, x, y)
#define CAF_REQUIRE_GREATER(x, y) WSENGINE_REQUIRE_BOTH(greater, x, y)
#define CAF_REQUIRE_GREATER_OR_EQUAL(x, y) WSENGINE_REQUIRE_BOTH(greater_or_equal, x, y)

#define WSENGINE_LINE(msg) (::wsengine::testing::unit_test::text_line{} << msg).text()

#define CAF_FAIL(msg) ::wsengine::testing::unit_test::fail(WSENGINE_LINE(msg), WSENGINE_HERE)
#define CAF_ERROR(msg)                                                                             \
  static_cast<void>(::wsengine::testing::unit_test::check(false, WSENGINE_LINE(msg), WSENGINE_HERE))
#define CAF_MESSAGE(msg)                                                                           \
  ::caf::test::reporter::instance().print(::caf::log::event::make(                                 \
    ::caf::log::level::debug, "wsengine", WSENGINE_HERE, 0, "{}", WSENGINE_LINE(msg)))

#endif
