// Which two buckets of a directory a hash stands for, and what a look-up's stages read there.
//
// Two words that never change, so whoever looks up in many directories can keep them side by side.
#pragma once

#include <cstdint>

#include "ajar/flow/bucket.hpp"
#include "ajar/flow/prefetch.hpp"

namespace ajar {

class Buckets {
public:
    Buckets() = default;
    /// `count` is even.
    Buckets(Bucket* first, std::uint64_t count) : buckets_(first), count_(count) {}

    /// The bucket, of `count`, where a flow of this hash belongs.
    static constexpr std::uint64_t primary_bucket(std::uint64_t hash, std::uint64_t count) {
        return ((hash & 0xffffffffU) * count) >> 32U;
    }
    /// The other bucket of a flow that stands in `bucket` under `tag`.
    static constexpr std::uint64_t other_bucket(std::uint64_t bucket, std::uint16_t tag,
                                                std::uint64_t count) {
        // Fibonacci hashing: any tags are spread over all of 32 bits. Bit 0 of a tag says which bucket this
        // is.
        const auto spread = static_cast<std::uint32_t>(tag >> 1U) * 0x9e3779b1U;
        const auto sum = primary_bucket(spread, count) | 1U;
        return sum - bucket + (sum < bucket ? count : 0);
    }
    /// Never Bucket::kEmpty.
    static constexpr std::uint16_t tag_of(std::uint64_t hash) {
        const auto bits = static_cast<std::uint16_t>((hash >> 49U) << 1U);
        return bits != Bucket::kEmpty ? bits : std::uint16_t{2};
    }

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Whether flows of this hash's primary bucket had to go elsewhere, so that a lookup reads two lines.
    [[nodiscard]] bool asks_both(std::uint64_t hash) const { return buckets_[primary(hash)].overflowed(); }

    // The stages of a look-up, each fetching the line that the next one reads. What they find is under the
    // flow's tag; it is the caller who compares the key.
    void prefetch(std::uint64_t hash) const { prefetch_line(&buckets_[primary(hash)]); }
    /// Reads one line; where the second one must be asked, that is fetched, and none is returned.
    [[nodiscard]] Slot hint(std::uint64_t hash) const {
        const auto& bucket = buckets_[primary(hash)];
        const auto slot = bucket.first_of(tag_of(hash));
        if (!slot && bucket.overflowed()) prefetch_line(&alternate(hash));
        return slot;
    }
    /// Where hint() has found none and asks_both(): reads the second line.
    [[nodiscard]] Slot second_hint(std::uint64_t hash) const {
        return alternate(hash).first_of(tag_of(hash) | kAlternate);
    }

protected:
    static constexpr std::uint16_t kAlternate = 1;  ///< of a tag: it stands in its alternate bucket

    [[nodiscard]] std::uint64_t primary(std::uint64_t hash) const { return primary_bucket(hash, count_); }
    [[nodiscard]] std::uint64_t other_bucket(std::uint64_t bucket, std::uint16_t tag) const {
        return other_bucket(bucket, tag, count_);
    }
    [[nodiscard]] const Bucket& alternate(std::uint64_t hash) const {
        return buckets_[other_bucket(primary(hash), tag_of(hash))];
    }

    Bucket* buckets_ = nullptr;
    std::uint64_t count_ = 0;
};

}  // namespace ajar
