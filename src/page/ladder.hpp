// A ladder of packets: two ends, what they sent to each other from top to bottom, and between them what Ajar
// did.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ajar/clock.hpp"
#include "explain/story.hpp"
#include "page/markup.hpp"

namespace ajar::page {

struct Rung {
    enum class Kind : std::uint8_t {
        packet,
        letter,  ///< a packet of which no more is known than that it came in this order
        act,     ///< Ajar's
    };
    Kind kind = Kind::packet;
    std::optional<Time> time;
    explain::Role from = explain::kClient;  ///< packet, letter
    bool reset = false;                     ///< it carries a RST
    std::string title;                      ///< "SYN ACK", "evicted: stale_syn_recv"
    std::string detail;                     ///< "seq 1001 ack 5001 win 65535"
    std::optional<explain::Role> to;        ///< act: an end to which something was sent
};

struct Ladder {
    std::array<std::string, 2> ends;
    std::vector<Rung> rungs;
    std::size_t left_out = 0;  ///< beyond kMost

    static constexpr std::size_t kMost = 60;
};

/// Its packets with what Ajar did; where none was kept, the letters of its history stand for them.
Ladder ladder_of(const explain::Story& story);

Markup picture_of(const Ladder& ladder);

}  // namespace ajar::page
