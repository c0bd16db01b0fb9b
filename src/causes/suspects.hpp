// Which sources look like scanners, and what did they touch? A bounded table, fed with what attempts came to.
//
// A source gets a place with its first failure. Sets of eight places, chosen by a keyed hash; where a set is
// full, the one gives way that is least suspect, the one not heard of for longest among equals: a million
// sources that failed once displace each other, not a scanner. What gives way when its set is full of
// scanners is counted.
//
// An address can be forged, and so can a scan in its name. A suspect that never showed a sign of life
// (answered nothing, repeated nothing) is reported as possibly forged; nothing should be blocked on the word
// of this table alone.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

#include "ajar/flow/hash.hpp"
#include "causes/distinct.hpp"
#include "causes/trial.hpp"
#include "causes/walk.hpp"

namespace ajar::causes {

/// The first few different values, in the order in which they came.
template <typename T, std::size_t Most>
class FirstFew {
public:
    void add(const T& value) {
        for (std::size_t i = 0; i < size_; ++i)
            if (values_[i] == value) return;
        if (size_ < Most) values_[size_++] = value;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const T* begin() const { return values_.data(); }
    [[nodiscard]] const T* end() const { return values_.data() + size_; }

private:
    std::array<T, Most> values_{};
    std::size_t size_ = 0;
};

/// Has this target been met before? One bit a target; emptied when half of it is set, so that a new target
/// passes for an old one in less than half of the cases, and old ones count again some day.
class Acquaintance {
public:
    /// True the first time.
    bool meet(std::uint64_t hash) {
        auto bit = met_[hash % kBits];
        if (bit) return false;
        bit = true;
        if (++set_ > kBits / 2) met_.reset(), set_ = 0;
        return true;
    }

private:
    static constexpr std::size_t kBits = 1024;
    std::bitset<kBits> met_;
    std::size_t set_ = 0;
};

struct Suspect {
    CountKey source{};     ///< an IPv4 address, an IPv6 /64
    Time first{}, last{};  ///< attempts that began
    bool flagged = false;  ///< its walk has crossed the line
    bool alive = false;    ///< has shown that it is where it says it is
    Time flagged_at{};     ///< when the attempt ended that crossed it
    Walk walk;
    Acquaintance targets;
    Distinct hosts, ports;
    FirstFew<Endpoint, 8> first_hosts;  ///< without ports
    FirstFew<std::uint16_t, 16> first_ports;
    std::array<std::uint32_t, kAttemptCount> attempts{};  ///< of all contacts, not first ones alone

    /// Is it scanning now, for all we know?
    [[nodiscard]] bool scanner() const { return flagged && !walk.returned(); }
    [[nodiscard]] std::uint64_t total() const;
};

class Suspects {
public:
    static constexpr std::size_t kWays = 8, kSets = 512;

    explicit Suspects(const HashKey& key);
    /// Trials have their names.
    void add(const Trial& trial);
    [[nodiscard]] bool scanner(const Trial& trial) const;
    /// All that were flagged and have a place, the busiest first.
    [[nodiscard]] std::vector<const Suspect*> flagged() const;
    /// Flagged ones that had to give way.
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

private:
    /// The line that is looked at for most sources, who are no suspects.
    struct alignas(64) Set {
        std::array<std::uint64_t, kWays> source{};  ///< names; 0: free
    };

    [[nodiscard]] std::size_t find(std::uint64_t source) const;
    [[nodiscard]] bool gives_way_before(std::size_t a, std::size_t b) const;
    std::size_t place_for(const Trial& trial);
    void touch(Suspect& suspect, const Trial& trial) const;

    PreparedHashKey key_;
    std::vector<Set> sets_;
    std::vector<Suspect> suspects_;  ///< set by set
    std::uint64_t forgotten_ = 0;
};

}  // namespace ajar::causes
