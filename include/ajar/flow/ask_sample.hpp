// Who asks for connections, and whom? A random sample of one partition's SYNs, second by second of packet
// time.
//
// In the first kAsks of a second each one is remembered. Then the n-th one takes the place of one of them
// with probability kAsks/n, which leaves every one the same chance to be there in the end (Waterman's
// reservoir: Knuth, TAOCP 2, 3.4.2). So the memory is fixed, a SYN of a flood mostly costs a drawn number,
// and what control makes of all partitions' samples (flow/asks.hpp) is exact below 65536 SYNs a second.
//
// Two windows: one that is written, and the one before it, which stays as it is for readers until the second
// after next in which anybody asks. So nothing has to happen at a second's end, and a window that nobody read
// in time is gone: readers learn that from its number.
//
// Space-Saving summaries (Metwally, Agrawal, El Abbadi 2005) of 256 entries for each kind of names, fed with
// one SYN of 16, took twice the memory and 1.5 cache misses a SYN, 0.6 of which this one takes, and said
// nothing of who had less than 1/256 of all SYNs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/shared_word.hpp"

namespace ajar {

/// The number of a window: seconds of the epoch.
using Second = std::uint64_t;
inline constexpr Second kNoSecond = ~Second{0};
constexpr Second second_of(Time t) {
    return static_cast<Second>(t.time_since_epoch() / std::chrono::seconds(1));
}
constexpr Time begin_of(Second s) { return Time(std::chrono::seconds(s)); }

/// One SYN: who asks, whom.
struct Ask {
    CountKey service{};                     ///< with the zone of both, and their family
    std::array<std::uint8_t, 16> source{};  ///< an IPv4 address in the first four

    friend bool operator==(const Ask&, const Ask&) = default;
};
static_assert(sizeof(Ask) == 40);

/// Of that kind, under which it counts.
inline CountKey name_of(const Ask& ask, CountKind kind) {
    const CountKey& service = ask.service;
    if (kind == CountKind::service) return service;
    return count_key(kind, service.family, kind == CountKind::destination ? service.address : ask.source,
                     service.zone);
}

/// What is known of one partition's second.
struct AskPart {
    std::uint64_t count = 0;  ///< SYNs
    std::vector<Ask> sample;
};

/// One writer; of() and count_of() in any thread.
class AskSample {
public:
    static constexpr std::uint32_t kAsks = 512;
    static constexpr std::uint64_t bytes_for() { return 2 * kAsks * sizeof(Place); }

    /// `seed` is as secret as the keys of the hashes: who knew it could choose what is seen.
    AskSample(Memory& memory, std::uint64_t seed)
        : drawn_(seed), places_{take_array<Place>(memory, kAsks), take_array<Place>(memory, kAsks)} {}

    /// A connection is asked for at `now`, which does not run backwards; `ask()` says which, if it is wanted.
    template <typename F>
    void add(Time now, F&& ask) {
        if (now >= end_) [[unlikely]]
            begin(now);
        const std::uint64_t before = counts_[now_];
        const std::uint64_t place = before < kAsks ? before : draw(before + 1);
        if (place < kAsks) write(places_[now_][place], ask());
        store_shared(counts_[now_], before + 1);  // partner: the load in of(), which copies so many places
    }

    /// Nothing, if nobody asked then, or it is too long ago. What is asked meanwhile may be missing.
    [[nodiscard]] AskPart of(Second second) const;
    [[nodiscard]] std::uint64_t count_of(Second second) const;

private:
    /// A line, in words that are shared one by one.
    struct alignas(64) Place {
        std::uint64_t sequence;  // odd while it is written
        std::array<std::uint64_t, sizeof(Ask) / 8> ask;
    };

    void begin(Time now);
    static void write(Place& place, const Ask& ask);
    static Ask copy(const Place& place);
    /// Below n; splitmix64 (Steele, Lea, Flood 2014).
    std::uint64_t draw(std::uint64_t n) {
        std::uint64_t x = drawn_ += 0x9e3779b97f4a7c15ULL;
        x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
        return ((x >> 32U) * n) >> 32U;
    }

    // What each SYN looks at is one line.
    alignas(64) Time end_ = Time::min();
    std::uint64_t drawn_;
    std::uint64_t now_ = 0;  // the window that is written
    std::array<Second, 2> seconds_ = {kNoSecond, kNoSecond};
    std::array<std::uint64_t, 2> counts_{};
    std::array<std::span<Place>, 2> places_;
};

}  // namespace ajar
