// The forms that all others of the language end in.
#include "allocations.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> made{0};
std::atomic<std::int64_t> alive{0};

void* counted(void* block) {
    if (block == nullptr) throw std::bad_alloc();
    made.fetch_add(1, std::memory_order_relaxed);
    alive.fetch_add(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
    return block;
}

void give_back(void* block) {
    if (block != nullptr)
        alive.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
    std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t align) {
    const auto unit = static_cast<std::size_t>(align);
    return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }

namespace ajar::test {

std::uint64_t allocations() { return made.load(std::memory_order_relaxed); }
std::int64_t bytes_alive() { return alive.load(std::memory_order_relaxed); }

}  // namespace ajar::test
