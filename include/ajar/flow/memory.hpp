// Where the stores' memory comes from: taken once at start, zeroed, given back all at once.
//
// The tables never grow, so nothing is freed singly and no allocator runs on a packet's way. PageMemory takes
// pages from the kernel and serves tests and replay; the data plane has one on the worker's NUMA node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace ajar {

class Memory {
public:
    virtual ~Memory() = default;
    /// Zeroed bytes, aligned to `align` (a power of two). Throws std::bad_alloc.
    virtual void* take(std::size_t bytes, std::size_t align) = 0;

protected:
    Memory() = default;
    Memory(const Memory&) = default;
    Memory& operator=(const Memory&) = default;
};

/// n zeroed objects of T, on cache lines of their own and, from 128 bytes on, on pairs of lines.
template <typename T>
std::span<T> take_array(Memory& memory, std::size_t n) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    constexpr std::size_t kAlign = sizeof(T) >= 128 ? 128 : 64;
    static_assert(alignof(T) <= kAlign);
    return {static_cast<T*>(memory.take(n * sizeof(T), kAlign)), n};
}

enum class PageSize : std::uint8_t {
    base,         ///< 4 KiB, touched on demand: small processes stay small
    transparent,  ///< the kernel is advised to back it with 2 MiB pages
    reserved,     ///< from the kernel's pool of 2 MiB pages; std::bad_alloc when the pool is short
};

/// Anonymous mappings, bump-allocated.
class PageMemory final : public Memory {
public:
    explicit PageMemory(PageSize pages = PageSize::base) : pages_(pages) {}
    ~PageMemory() override;
    PageMemory(PageMemory&& from) noexcept;
    PageMemory& operator=(PageMemory&& from) noexcept;

    void* take(std::size_t bytes, std::size_t align) override;
    /// Bytes handed out so far, with what alignment cost.
    [[nodiscard]] std::size_t taken() const { return taken_; }

private:
    std::byte* map(std::size_t bytes);
    void release();

    PageSize pages_;
    std::vector<std::span<std::byte>> mappings_;
    std::byte* next_ = nullptr;  // free part of the last mapping
    std::size_t left_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace ajar
