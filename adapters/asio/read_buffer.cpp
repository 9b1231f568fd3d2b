// read_buffer.cpp: see read_buffer.hpp.

#include "read_buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace wsengine::io {

namespace {

// What is at hand when nothing is known about what comes: a message of this size needs no second
// piece.
constexpr std::size_t least_size = 256;

// How much memory a frame may claim before its bytes have come.
constexpr std::uint64_t most_on_trust = 1U << 20U;

constexpr std::size_t most_refs_at_once = 64;

} // namespace

// The bytes lie behind the object, in the same allocation. They are written before anyone reads
// them.
class read_buffer::memory final : public compat::often_shared<payload_storage> {
public:
  static caf::intrusive_ptr<memory> make(std::size_t size) {
    return {new (size) memory{size}, false};
  }

  [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  static void* operator new(std::size_t object, std::size_t bytes) {
    return ::operator new(object + bytes);
  }

  static void operator delete(void* what) noexcept { ::operator delete(what); }

  static void operator delete(void* what, std::size_t) noexcept { ::operator delete(what); }

private:
  explicit memory(std::size_t size) noexcept : size_(size) {}

  std::size_t size_;
};

read_buffer::read_buffer() = default;

read_buffer::~read_buffer() {
  replace(nullptr);
}

std::span<std::byte> read_buffer::space(std::size_t readable, std::uint64_t missing) {
  auto capacity = memory_ ? memory_->size() : 0;
  auto wanted = std::max<std::size_t>(readable, 1);
  if (capacity < last_ + wanted) {
    auto size = last_ - first_;
    auto expected = wanted + static_cast<std::size_t>(std::min(missing, most_on_trust));
    // Beyond that, twice as much each time.
    auto grown = memory::make(std::max(size + expected, std::max(size * 2, least_size)));
    if (size > 0)
      std::memcpy(grown->data(), memory_->data() + first_, size);
    replace(std::move(grown));
    first_ = 0;
    last_ = size;
  }
  return {memory_->data() + last_, memory_->size() - last_};
}

payload read_buffer::take() {
  auto size = last_ - first_;
  if (size == 0)
    return {};
  std::span<const std::byte> bytes{memory_->data() + first_, size};
  first_ = last_;
  if (spare_refs_ == 0) {
    memory_->add_refs(refs_at_once_);
    spare_refs_ = refs_at_once_;
    refs_at_once_ = std::min(refs_at_once_ * 2, most_refs_at_once);
  }
  --spare_refs_;
  return payload{{memory_.get(), false}, bytes};
}

void read_buffer::end_batch() noexcept {
  if (first_ == last_) {
    replace(nullptr);
    first_ = last_ = 0;
  }
}

void read_buffer::replace(caf::intrusive_ptr<memory> by) noexcept {
  if (spare_refs_ > 0)
    memory_->drop_refs(spare_refs_);
  memory_ = std::move(by);
  spare_refs_ = 0;
  refs_at_once_ = 1;
}

} // namespace wsengine::io
