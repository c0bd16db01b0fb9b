// What was made, counted while it is made: the numbers that a tracker's report is checked against.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "generate/conversation.hpp"
#include "generate/gen.hpp"

namespace ajar::gen {

/// Counts of one scenario. Frames are what the file holds: a fragmented segment counts as several.
struct KindTruth {
    std::uint64_t conversations = 0, connections = 0;
    std::uint64_t frames = 0, bytes = 0;
    std::uint64_t icmp_errors = 0;
    std::uint64_t segments = 0, syns = 0, syn_acks = 0, fins = 0, rsts = 0, payload = 0;
    std::array<std::uint64_t, kOutcomeNames.size()> outcomes{};
    std::array<std::uint64_t, kLabelCount> labels{};  ///< conversations by why they come to nothing
    std::array<std::uint64_t, kReasonCount> signs{};  ///< and by the sign of being half open (Fate::sign)

    void add(const KindTruth& other);
};

struct Truth {
    std::vector<KindTruth> kinds;            ///< by index into scenarios()
    std::array<std::uint64_t, 2> by_port{};  ///< frames, the lingering ones too
    std::uint64_t most_alive = 0;            ///< conversations under way at once, the most
    Time first{}, last{};

    void begun(const Conversation& c);
    void passed(const Conversation& c, const Step& s, std::uint64_t frames, std::uint64_t bytes);
    [[nodiscard]] KindTruth total() const;
};

/// One JSON object: the options, the totals, the counts of each kind.
std::string to_json(const Truth& truth, const GenOptions& options);
/// One JSON object on one line: who, when, how it ended.
std::string to_json(const Conversation& c);

}  // namespace ajar::gen
