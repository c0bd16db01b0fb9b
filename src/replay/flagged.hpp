// The packets of flagged connections, out of the captures once more.
//
// A flag often comes hours after the packets that explain it. So the replay notes which flows were flagged or
// found half open, and from when to when each has lived; then the captures are read a second time, and every
// frame of such a flow goes into one pcapng file: whole as it was captured, with the capture's own times, in
// the order of the merge. ICMP errors about its packets belong to it; so do fragments between its two hosts
// in its time, whose ports nobody can see. What came after its end is not in the file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "replay/replay.hpp"

namespace ajar::replay {

/// A tuple, or with ports 0 two hosts.
struct TupleName {
    KeyV6 key;  ///< an IPv4 address stands in the first four bytes
    Family family;
    friend bool operator==(const TupleName&, const TupleName&) = default;
};
struct TupleHash {
    std::size_t operator()(const TupleName& name) const;
};

/// Which flows. Bounded: the first kMost of them.
class FlaggedFlows {
public:
    static constexpr std::size_t kMost = std::size_t{1} << 16U;

    struct Span {
        Time begin{}, end{};
        std::uint64_t flow_id = 0;
        std::string comment;  ///< why, once said at its first packet
    };

    /// Every event, in order. True for one that flags a flow whose packets will be in the file.
    bool add(const Event& event);

    /// The flow of that tuple at that time; null if it was not flagged.
    [[nodiscard]] Span* find(const TupleName& tuple, Time at);
    [[nodiscard]] bool between(const TupleName& hosts, Time at) const;
    [[nodiscard]] std::size_t size() const { return flagged_.size(); }
    /// Flagged flows beyond kMost.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

private:
    void end(const Event& event, std::string comment);

    std::unordered_map<std::uint64_t, std::string> flagged_;  // by flow id: the comment
    std::unordered_map<TupleName, std::vector<Span>, TupleHash> spans_;
    std::unordered_map<TupleName, std::vector<std::array<Time, 2>>, TupleHash> hosts_;
    std::uint64_t left_out_ = 0;
};

/// Reads the captures again. Returns how many frames were written.
Result<std::uint64_t> write_flagged(const ReplayOptions& options, FlaggedFlows& flows);

}  // namespace ajar::replay
