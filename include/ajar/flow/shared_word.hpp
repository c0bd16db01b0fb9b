// How one word that other threads read is written and read: release stores, acquire loads, never a fence.
//
// The writer may load its own words plainly. Each store's partner is the load of the same word by a reader.
#pragma once

#include <cstdint>

namespace ajar {

/// A 64-bit view of any object's bytes, exempt from the aliasing rule.
using SharedWord [[gnu::may_alias]] = std::uint64_t;

template <typename T>
[[gnu::always_inline]] inline T load_shared(const T& word) {
    return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}

template <typename T>
[[gnu::always_inline]] inline void store_shared(T& word, T value) {
    __atomic_store_n(&word, value, __ATOMIC_RELEASE);
}

}  // namespace ajar
