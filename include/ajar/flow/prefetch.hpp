// Asking for a cache line before it is needed.
//
// Not by the compiler's builtin where it can be helped: g++ 12 takes a function that does nothing but
// prefetch for one without effects, and deletes its calls.
#pragma once

#include <cstddef>

namespace ajar {

[[gnu::always_inline]] inline void prefetch_line(const void* p) {
#if defined(__x86_64__)
    // No memory operand is named as read: the line may well not be there.
    asm volatile("prefetcht0 (%0)" : : "r"(p));
#else
    __builtin_prefetch(p, 1);
#endif
}

/// The same for a line that will be written, which another CPU may have.
[[gnu::always_inline]] inline void prefetch_line_to_write(const void* p) {
#if defined(__x86_64__)
    asm volatile("prefetchw (%0)" : : "r"(p));
#else
    __builtin_prefetch(p, 1);
#endif
}

/// All lines of an object that begins on one.
template <typename T>
[[gnu::always_inline]] inline void prefetch_lines(const T& object) {
    const auto* const p = reinterpret_cast<const char*>(&object);
    for (std::size_t at = 0; at < sizeof(T); at += 64) prefetch_line(p + at);
}

}  // namespace ajar
