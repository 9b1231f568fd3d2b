// secret.cpp: see secret.hpp.

#include "wsengine/secret.hpp"

namespace wsengine {

std::string to_string(const secret& value) {
  return value.empty() ? "" : "***";
}

} // namespace wsengine
