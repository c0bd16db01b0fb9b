// What few flows need, and an attacker can make any flow need: the SYN that was put aside, a challenge ACK.
//
// A bounded store beside a pool, one place for each sixteenth of its flows: sets of four places, chosen by
// the flow's index, the one written longest ago giving way. A flow whose aside is gone is judged as if it had
// none.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"

namespace ajar {

struct Aside {
    std::uint32_t seq = 0, end = 0;   ///< of a SYN remembered (valid with Conn::kIgnoredSyn)
    std::uint32_t challenge_ack = 0;  ///< valid with Conn::kChallengeAck
    std::uint16_t window = 0;         ///< the SYN's
    std::uint8_t scale = 0, options = 0;
};
static_assert(sizeof(Aside) == 16);

/// One writer, who is the only reader.
class Asides {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t flows) {
        return std::uint64_t{sets_for(flows)} * sizeof(Set);
    }
    Asides(Memory& memory, std::uint32_t flows) : sets_(take_array<Set>(memory, sets_for(flows))) {}

    /// False when it has given way. `index` has been put() in this flow's life.
    [[nodiscard]] bool get(std::uint32_t index, Aside& out) const {
        const Set& set = set_of(index);
        for (std::size_t way = 0; way < kWays; ++way) {
            if (set.owner[way] != index + 1) continue;
            out = set.aside[way];
            return true;
        }
        return false;
    }

    void put(std::uint32_t index, const Aside& aside) {
        Set& set = set_of(index);
        std::size_t way = 0;
        while (way < kWays && set.owner[way] != index + 1) ++way;
        if (way == kWays) way = set.turn++ % kWays;
        set.owner[way] = index + 1;
        set.aside[way] = aside;
    }

private:
    static constexpr std::size_t kWays = 4;
    static constexpr std::uint32_t kFlowsPerSet = 64;
    static constexpr std::uint32_t sets_for(std::uint32_t flows) { return flows / kFlowsPerSet + 1; }

    struct Set {
        std::array<std::uint32_t, kWays> owner;  // index + 1; 0, as fresh memory has it, is nobody
        std::uint32_t turn;
        std::array<Aside, kWays> aside;
    };
    [[nodiscard]] Set& set_of(std::uint32_t index) { return sets_[index % sets_.size()]; }
    [[nodiscard]] const Set& set_of(std::uint32_t index) const { return sets_[index % sets_.size()]; }

    std::span<Set> sets_;
};

}  // namespace ajar
