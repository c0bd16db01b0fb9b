// What is left of an evicted flow: enough to answer its later segments with their exact RST.
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

/// What the frames of one direction look like, so that a crafted one passes for one of them.
struct Dress {
    std::uint16_t link = 0;  ///< interned link header, 0 = none known
    std::uint8_t ttl = 0;
    std::uint8_t tos = 0;
    std::uint32_t flow_label = 0;
};
static_assert(sizeof(Dress) == 8);

/// Arrays and bits by Side.
template <typename Key>
struct Tombstone {
    Key key{};
    std::array<std::uint32_t, 2> rcv_nxt{};  ///< what that endpoint expects next (valid with `known`)
    std::uint64_t birth_ordinal = 0;         ///< of the flow
    std::array<Dress, 2> dress{};            ///< of the frames that it sends
    Tick died{};
    std::uint8_t known = 0;              ///< whose rcv_nxt is
    std::uint8_t waits = 0;              ///< who may still have a socket, and gets an answer
    std::array<std::uint8_t, 2> port{};  ///< 1 + Packet::port from which that endpoint spoke, 0 = unheard

    /// No flow has one endpoint on both sides (Reason::bad_address), so such a key, as fresh memory holds it,
    /// is a place without a tombstone.
    [[nodiscard]] bool alive() const {
        return key.address[0] != key.address[1] || key.port[0] != key.port[1];
    }
};
static_assert(sizeof(Tombstone<KeyV4>) == 56 && sizeof(Tombstone<KeyV6>) == 80);

/// One writer, who is the only reader.
template <typename Key>
class Tombstones {
public:
    struct Added {
        std::uint32_t index;
        std::optional<Tombstone<Key>> fallen;  ///< had the same index, and gave way
    };
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * sizeof(Tombstone<Key>);
    }

    /// `capacity` is not 0.
    Tombstones(Memory& memory, std::uint32_t capacity)
        : ring_(take_array<Tombstone<Key>>(memory, capacity)) {}

    Added add(const Tombstone<Key>& stone) {
        assert(stone.alive());
        Added added{after(oldest_, length_), {}};
        if (length_ == ring_.size()) {
            added = {oldest_, ring_[oldest_]};
            remove(oldest_);
        }
        ring_[added.index] = stone;
        ++length_;
        store_shared(alive_, alive_ + 1);
        return added;
    }

    [[nodiscard]] const Tombstone<Key>& get(std::uint32_t i) const { return ring_[i]; }
    [[nodiscard]] Tombstone<Key>& get(std::uint32_t i) { return ring_[i]; }

    /// The one that would fall next.
    [[nodiscard]] std::optional<std::uint32_t> oldest() const {
        return length_ != 0 ? std::optional(oldest_) : std::nullopt;
    }
    /// Another one would take room that the next half of a ring of them does not need.
    [[nodiscard]] bool roomy() const { return length_ < (ring_.size() + 1) / 2; }

    /// `i` holds a tombstone. The ring's front always does: dead places before it are dropped here.
    void remove(std::uint32_t i) {
        assert(ring_[i].alive());
        ring_[i].key = {};
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

    std::span<Tombstone<Key>> ring_;
    std::uint32_t oldest_ = 0;
    std::uint32_t length_ = 0;  // from the oldest to the youngest, dead places between them included
    std::uint32_t alive_ = 0;
};

}  // namespace ajar
