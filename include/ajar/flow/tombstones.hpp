// What is left of an evicted flow: enough to answer its later segments with their exact RST. 24 bytes.
//
// It knows its tuple by the keyed hash alone: the RST's addresses are those of the segment that asks, and two
// tuples share all 64 bits once in 2^64 pairs. Nobody can choose them so without the key.
//
// A ring in the order in which they came. When it is full, the oldest one falls off; the caller takes that
// out of the directory. A tuple that lives again loses its tombstone (remove), wherever that stands in the
// ring.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/pool.hpp"

namespace ajar {

/// What a RST needs that its own segment does not say: the rest, link header and all, is made from that.
struct Tombstone {
    std::uint64_t hash = 0;                  ///< keyed, of the tuple
    std::array<std::uint32_t, 2> rcv_nxt{};  ///< by Side: what it expects next (valid with knows())
    std::uint32_t birth_ordinal = 0;         ///< of the flow
    std::uint32_t died : 24 = 0;             ///< low bits of the tick: Tombstones::age()
    std::uint32_t sides : 8 = 0;

    /// There is always somebody to answer; fresh memory, all zero, holds no tombstone.
    [[nodiscard]] bool alive() const { return sides != 0; }
    [[nodiscard]] bool knows(Side s) const { return has(kKnows, s); }
    void set_rcv_nxt(Side s, std::uint32_t seq) {
        rcv_nxt[s] = seq;
        set(kKnows, s);
    }
    /// Whether that endpoint may still have a socket, and gets an answer.
    [[nodiscard]] bool waits(Side s) const { return has(kWaits, s); }
    void set_waits(Side s) { set(kWaits, s); }
    /// By Side: 1 + Packet::port from which that endpoint spoke, 0 = unheard.
    [[nodiscard]] std::array<std::uint8_t, 2> ports() const {
        return {static_cast<std::uint8_t>(sides >> 4U & 3U), static_cast<std::uint8_t>(sides >> 6U & 3U)};
    }
    void set_port(Side s, std::uint8_t port) { set(static_cast<std::uint8_t>((port & 3U) << (4U + s)), s); }

private:
    // per side in bits 0 (side 0) and 1 (side 1); bits 4..5 and 6..7 are the ports
    static constexpr std::uint8_t kKnows = 0x01, kWaits = 0x04;
    [[nodiscard]] bool has(std::uint8_t mask, Side s) const { return (sides & (unsigned{mask} << s)) != 0; }
    void set(std::uint8_t mask, Side s) { sides = static_cast<std::uint8_t>(sides | (unsigned{mask} << s)); }
};
static_assert(sizeof(Tombstone) == 24);

/// One writer, who is the only reader.
class Tombstones {
public:
    struct Added {
        std::uint32_t index;
        std::optional<Tombstone> fallen;  ///< had the same index, and gave way
    };
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * sizeof(Tombstone);
    }

    /// `capacity` is not 0.
    Tombstones(Memory& memory, std::uint32_t capacity) : ring_(take_array<Tombstone>(memory, capacity)) {}

    Added add(const Tombstone& stone, Tick died) {
        assert(stone.alive());
        if (length_ == 0 || died - youngest_ > 0) youngest_ = died;
        Added added{after(oldest_, length_), {}};
        if (length_ == ring_.size()) {
            added = {oldest_, ring_[oldest_]};
            remove(oldest_);
        }
        ring_[added.index] = stone;
        ring_[added.index].died = died.count & kDiedMask;
        ++length_;
        store_shared(alive_, alive_ + 1);
        return added;
    }

    [[nodiscard]] const Tombstone& get(std::uint32_t i) const { return ring_[i]; }
    [[nodiscard]] Tombstone& get(std::uint32_t i) { return ring_[i]; }

    /// Ticks since it died. Right for ever, while no two of them died 46 hours apart: the bits kept say how
    /// much later the youngest one died.
    [[nodiscard]] std::int64_t age(std::uint32_t i, Tick now) const {
        return std::int64_t{now - youngest_} + ((youngest_.count - ring_[i].died) & kDiedMask);
    }

    /// The one that would fall next.
    [[nodiscard]] std::optional<std::uint32_t> oldest() const {
        return length_ != 0 ? std::optional(oldest_) : std::nullopt;
    }
    /// Another one would take room that the next half of a ring of them does not need.
    [[nodiscard]] bool roomy() const { return length_ < (ring_.size() + 1) / 2; }

    /// `i` holds a tombstone. The ring's front always does: dead places before it are dropped here.
    void remove(std::uint32_t i) {
        assert(ring_[i].alive());
        ring_[i] = {};
        store_shared(alive_, alive_ - 1);
        while (length_ != 0 && !ring_[oldest_].alive()) {
            oldest_ = after(oldest_, 1);
            --length_;
        }
    }

    /// Any thread.
    [[nodiscard]] std::uint32_t size() const { return load_shared(alive_); }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(ring_.size()); }

private:
    [[nodiscard]] std::uint32_t after(std::uint32_t i, std::uint32_t n) const {
        const auto sum = std::uint64_t{i} + n;
        return static_cast<std::uint32_t>(sum < ring_.size() ? sum : sum - ring_.size());
    }

    static constexpr std::uint32_t kDiedMask = 0xffffffU;

    std::span<Tombstone> ring_;
    Tick youngest_{};  // when the last one died of those added since the ring was empty
    std::uint32_t oldest_ = 0;
    std::uint32_t length_ = 0;  // from the oldest to the youngest, dead places between them included
    std::uint32_t alive_ = 0;
};

}  // namespace ajar
