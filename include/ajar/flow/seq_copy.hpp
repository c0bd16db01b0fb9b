// How an entry is written while other threads read it, and how they get a copy of one moment.
//
// A sequence counter as in Boehm's "Can seqlocks get along with programming language memory models?" (2012),
// with a release store for each word instead of fences: the counter goes odd, the words are stored,
// the counter goes even. A reader that got any new word by its acquire load also sees the odd counter
// when it looks again, and retries. An entry's counter covers its record too. It only ever counts up, across
// the lives of all flows that use the place, so a copy never mixes two of them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ajar/flow/entry.hpp"
#include "ajar/flow/entry_words.hpp"
#include "ajar/flow/record.hpp"
#include "ajar/flow/shared_word.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace ajar {
namespace detail {

/// Words of a T in shared memory; the first one of an Entry holds the counter and is left to the callers.
template <typename T>
SharedWord* shared_words(T& object) {
    static_assert(sizeof(T) % 64 == 0 && alignof(T) >= 64);
    return reinterpret_cast<SharedWord*>(&object);
}
template <typename T>
const SharedWord* shared_words(const T& object) {
    return reinterpret_cast<const SharedWord*>(&object);
}

/// One bit for each of the eight words of a line that differ.
inline std::uint32_t differing_words(const SharedWord* a, const SharedWord* b) {
#if defined(__AVX2__)
    const auto equal = [a, b](std::size_t from) {
        const auto x = _mm256_load_si256(reinterpret_cast<const __m256i*>(a + from));
        const auto y = _mm256_load_si256(reinterpret_cast<const __m256i*>(b + from));
        return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(x, y))));
    };
    return (equal(0) | (equal(4) << 4U)) ^ 0xffU;
#else
    std::uint32_t differ = 0;
    for (std::uint32_t i = 0; i < 8; ++i) differ |= (a[i] != b[i] ? 1U : 0U) << i;
    return differ;
#endif
}

/// One bit a word that differs.
template <typename T>
std::uint32_t differing(const T& a, const T& b) {
    static_assert(sizeof(T) <= 256);
    std::uint32_t differ = 0;
    for (std::size_t i = 0; i < sizeof(T) / 64; ++i) {
        differ |= differing_words(shared_words(a) + 8 * i, shared_words(b) + 8 * i) << (8 * i);
    }
    return differ;
}

template <typename T>
void store_words(T& to, const T& from, std::uint32_t which) {
    for (; which != 0; which &= which - 1) {
        const auto i = std::countr_zero(which);
        store_shared(shared_words(to)[i], std::uint64_t{shared_words(from)[i]});
    }
}

/// Word by word, as it was published. So the writer's own copy is made likewise: a wider load that meets two
/// stores still under way waits until both are done. `from` stands at a word's boundary.
template <typename T>
[[gnu::always_inline]] inline void load_words(T& to, const T& from) {
    static_assert(sizeof(T) % 8 == 0);
    const auto* const words = reinterpret_cast<const SharedWord*>(&from);
    std::array<std::uint64_t, sizeof(T) / 8> loaded;
#pragma GCC unroll 24
    for (std::size_t i = 0; i < loaded.size(); ++i) loaded[i] = load_shared(words[i]);
    std::memcpy(static_cast<void*>(&to), loaded.data(), sizeof to);
}

/// The counter is the low half of an entry's word 0, the other half is data. The word is always stored and
/// loaded whole.
static_assert(offsetof(Entry<KeyV4>, sequence) == 0 && std::endian::native == std::endian::little);
inline std::uint64_t first_word(std::uint64_t data, std::uint32_t sequence) {
    return word_of(sequence, high_half(data));
}

}  // namespace detail

/// Writes all of `from` but its counter to `to`, for whether a word differs costs more to find out than to
/// store, and what differs of a record to `record_to`, unless that is null. One writer.
template <typename Key>
void publish(Entry<Key>& to, const Entry<Key>& from, Record* record_to = nullptr,
             const Record* record_from = nullptr) {
    auto* const target = detail::shared_words(to);
    const auto* const words = detail::shared_words(from);
    const auto sequence = to.sequence;
    store_shared(target[0], detail::first_word(target[0], sequence + 1));
#pragma GCC unroll 24
    for (std::size_t i = 1; i < sizeof(to) / 8; ++i) store_shared(target[i], std::uint64_t{words[i]});
    if (record_to != nullptr)
        detail::store_words(*record_to, *record_from, detail::differing(*record_to, *record_from));
    // A reader that meets the new half of this word also meets the new counter.
    store_shared(target[0], detail::first_word(words[0], sequence + 2));
}

/// Of a place without a flow: its state, and a link to the next such place in the tick. The rest nobody
/// reads.
template <typename Key>
void publish_empty(Entry<Key>& to, std::uint32_t link) {
    using At = EntryWords<Key>;
    auto* const target = detail::shared_words(to);
    const auto sequence = to.sequence;
    store_shared(target[0], detail::first_word(target[0], sequence + 1));
    store_shared(target[At::kTick], word_of(low_half(target[At::kTick]), link));
    store_shared(target[At::kFacts], Facts::of(Conn{}).word);
    store_shared(target[0], detail::first_word(target[0], sequence + 2));
}

/// A copy of one moment, from any thread. False when the writer was at it in each of a bounded number of
/// tries. `record` may be null.
template <typename Key>
bool snapshot(const Entry<Key>& entry, const Record* record, Entry<Key>& out, Record& record_out) {
    constexpr int kTries = 64;
    const auto sequence = [&entry] {
        return static_cast<std::uint32_t>(load_shared(detail::shared_words(entry)[0]));
    };
    for (int i = 0; i < kTries; ++i) {
        const auto before = sequence();
        if (before % 2 != 0) continue;
        detail::load_words(out, entry);
        if (record != nullptr) detail::load_words(record_out, *record);
        // The acquire loads above keep this one behind them.
        if (sequence() == before) return true;
    }
    return false;
}

}  // namespace ajar
