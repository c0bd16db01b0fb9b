// How PageMemory gets its pages: few large mappings, so that small arrays share huge pages.
#include "ajar/flow/memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace ajar {
namespace {

constexpr std::size_t kHugePage = 2U << 20U;
constexpr std::size_t kMappingSize = 64U << 20U;  // virtual: only what is touched costs memory

/// A page of a private mapping that is read first is the kernel's page of zeros, and its first write a copy
/// and an interrupt to every CPU of the process: a seventh of the time of a replay on two cores. Large pages
/// are for private mappings only.
constexpr int sharing(PageSize pages) { return pages == PageSize::base ? MAP_SHARED : MAP_PRIVATE; }

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) & ~(to - 1); }

}  // namespace

PageMemory::~PageMemory() { release(); }

PageMemory::PageMemory(PageMemory&& from) noexcept
    : pages_(from.pages_),
      mappings_(std::exchange(from.mappings_, {})),
      next_(std::exchange(from.next_, nullptr)),
      left_(std::exchange(from.left_, 0)),
      taken_(std::exchange(from.taken_, 0)) {}

PageMemory& PageMemory::operator=(PageMemory&& from) noexcept {
    if (this == &from) return *this;
    release();
    pages_ = from.pages_;
    mappings_ = std::exchange(from.mappings_, {});
    next_ = std::exchange(from.next_, nullptr);
    left_ = std::exchange(from.left_, 0);
    taken_ = std::exchange(from.taken_, 0);
    return *this;
}

void* PageMemory::take(std::size_t bytes, std::size_t align) {
    if (bytes > SIZE_MAX / 2 || align > kHugePage) throw std::bad_alloc();
    auto pad =
        round_up(reinterpret_cast<std::uintptr_t>(next_), align) - reinterpret_cast<std::uintptr_t>(next_);
    if (next_ == nullptr || left_ < bytes + pad) {
        // The pool of reserved pages is not lazy, so from it only what is asked for.
        const auto least = pages_ == PageSize::reserved ? kHugePage : kMappingSize;
        const auto size = round_up(std::max(bytes, least), kHugePage);
        next_ = map(size);
        left_ = size;
        pad = 0;
    }
    auto* const p = next_ + pad;
    next_ = p + bytes;
    left_ -= bytes + pad;
    taken_ += bytes + pad;
    return p;
}

/// `bytes` is a multiple of the huge page, and so is the address returned.
std::byte* PageMemory::map(std::size_t bytes) {
    const bool reserved = pages_ == PageSize::reserved;
    const auto whole = reserved ? bytes : bytes + kHugePage;
    const int flags =
        sharing(pages_) | MAP_ANONYMOUS | (reserved ? MAP_HUGETLB | MAP_POPULATE : MAP_NORESERVE);
    mappings_.reserve(mappings_.size() + 1);
    void* const at = ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    mappings_.emplace_back(static_cast<std::byte*>(at), whole);
    void* first = at;
    auto space = whole;
    std::align(kHugePage, bytes, first, space);
    if (pages_ == PageSize::transparent) ::madvise(first, bytes, MADV_HUGEPAGE);  // advice: may be refused
    return static_cast<std::byte*>(first);
}

void PageMemory::release() {
    for (const auto m : mappings_) ::munmap(m.data(), m.size());
    mappings_.clear();
}

}  // namespace ajar
