// What the events of a replay add up to: flows by their end, findings, actions.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ajar/defence/change.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"
#include "causes/causes.hpp"
#include "replay/findings.hpp"

namespace ajar::replay {

/// A function of the sequence of events alone, so the same for any number of shards.
class Tally {
public:
    explicit Tally(const HashKey& key = {}) : causes(key) {}
    /// The finding that it is the first evidence of, for its flow.
    std::optional<Finding> add(const Event& event);
    void add(const Change& change);
    /// After the last event.
    void finish() { causes.finish(); }

    std::uint64_t flows = 0;  ///< that ended, all of them at the latest with the capture
    std::map<std::string, std::uint64_t, std::less<>> conn_states;  ///< flows by Zeek's conn_state
    std::array<std::uint64_t, kReasonCount> ends{};                 ///< flows by Reason of their end
    std::array<std::uint64_t, kCauseCount> flagged{};               ///< flags by cause
    std::array<std::uint64_t, kCauseCount> evicted{};               ///< evictions by cause
    std::uint64_t resets = 0;                                       ///< sent, or due in `observe`
    std::array<FindingTally, kFindingTexts.size()> findings{};
    causes::Causes causes;

    static constexpr std::size_t kFirst = 12;
    std::vector<Change> changes;  ///< of the defence: the first of them
    Situation situation;          ///< how often each has happened, and what stood at the end

private:
    FoundOnce found_;
};

}  // namespace ajar::replay
