// Who has been challenged lately (tcp/challenge.hpp), and who has proven himself? One partition's tuples, for
// some seconds, in fixed memory.
//
//   unknown --challenge--> once --challenge--> twice (what then, is policy)
//      '--------exact RST----'--------------------'---> proven: its SYNs pass
//
// A proof is one tuple's, not its source's. A source-wide pass would let a flood through that wears the
// address of anybody who has just proven himself, of a NAT or a crawler say, and would make one host behind a
// NAT vouch for all of them. The price is one challenge a connection. (A NAT that gives each SYN another
// port, as netfilter's --random-fully does, makes its clients prove one tuple and come back by another.)
//
// Sets of eight places, a cache line each. A tuple is known by 32 bits of its keyed hash beside those that
// choose the set: a stranger meets a proven one of his set once in 2^29.
//
// Full: what a flood leaves here displaces nobody. A first challenge is noted only where a place is free or
// its time is over, so beyond (places / 4 s) challenges a second some are not: then it takes longer until two
// unanswered ones are. A second one, and a proof, always find a place: that of the oldest of the least.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/prefetch.hpp"

namespace ajar {

/// One writer, who is the only reader.
class Challenges {
public:
    /// In the order of what is kept when there is no place for all.
    enum class Standing : std::uint8_t { unknown, once, twice, proven };

    // Linux sends its SYN again 11 ms after its RST, others after 1 to 3 s; if that is lost, after as long
    // again, or twice.
    static constexpr Duration kProvenLife = std::chrono::seconds(10);
    // Unanswered ones come 1 to 3 s apart, then twice that.
    static constexpr Duration kOnceLife = std::chrono::seconds(4), kTwiceLife = std::chrono::seconds(8);

    static constexpr std::uint64_t bytes_for(std::uint64_t places) { return sets_for(places) * sizeof(Set); }
    Challenges(Memory& memory, std::uint64_t places) : sets_(take_array<Set>(memory, sets_for(places))) {}

    // By the keyed hash of the tuple.

    void prefetch(std::uint64_t hash) const { prefetch_line_to_write(&set_of(hash)); }
    [[nodiscard]] Standing of(std::uint64_t hash, Tick now) const {
        const Place* const place = find(set_of(hash), hash, now);
        return place == nullptr ? Standing::unknown : place->standing();
    }
    /// Another challenge goes to it. Its standing afterwards; a proven one stays that.
    Standing challenge(std::uint64_t hash, Tick now);
    /// Its exact RST has come. Returns its standing before.
    Standing prove(std::uint64_t hash, Tick now);

private:
    /// Zero, as fresh memory is, stands for nobody.
    struct Place {
        static constexpr unsigned kStandingAt = 30;
        static constexpr std::uint32_t kTicks = (1U << kStandingAt) - 1;  // 124 days

        std::uint32_t tag;
        std::uint32_t word;  // standing | since which tick

        [[nodiscard]] Standing standing() const { return static_cast<Standing>(word >> kStandingAt); }
        [[nodiscard]] std::uint32_t age(Tick now) const { return (now.count - word) & kTicks; }
        [[nodiscard]] bool alive(Tick now) const;
        void set(std::uint32_t its_tag, Standing standing, Tick now) {
            tag = its_tag;
            word = static_cast<std::uint32_t>(standing) << kStandingAt | (now.count & kTicks);
        }
    };
    struct alignas(64) Set {
        std::array<Place, 8> places;
    };

    static constexpr std::uint64_t sets_for(std::uint64_t places) {
        constexpr std::uint64_t kWays = 8;
        return std::max<std::uint64_t>(1, (places + kWays - 1) / kWays);
    }
    // Of the hash's upper half, the bits that steer (flow/hash.hpp) are the same in a partition; the product
    // lets the highest ones decide. The lower half is the tag.
    [[nodiscard]] Set& set_of(std::uint64_t hash) const {
        return sets_[((hash >> 32U) * sets_.size()) >> 32U];
    }
    static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
    static Place* find(Set& set, std::uint64_t hash, Tick now);
    /// The one that matters least.
    static Place& least(Set& set, Tick now);

    std::span<Set> sets_;
};

}  // namespace ajar
