// A second opinion: is a verdict right, by the packets of the capture and the evidence record alone?
//
// Written apart from the tracker, by the RFCs (9293 3.5.1, 3.5.3, 3.8.4, 3.8.6.1, 3.10.7; 5961 4): it keeps
// all packets of a tuple, knows no states and no windows, and looks for the pattern that the verdict claims,
// backwards from the packet that brought it about. Of the tracker it uses what an event says, nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ajar/event.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar::signs {

class Checker {
public:
    /// One packet of the capture, in its order.
    void see(const Packet& packet);

    /// What is wrong with a verdict of EventKind::half_open; nothing if it holds.
    [[nodiscard]] std::string object(const Event& event) const;

    /// The same of silent_after_probe, of EventKind::probed, where questions are so far apart. Answers have
    /// been seen, questions have not.
    [[nodiscard]] std::string object_silence(const Event& event, Duration interval) const;

    /// A packet as the capture has it.
    struct Segment {
        Time time;
        std::uint64_t ordinal;
        Side side;
        bool syn, ack_bit, fin, rst;
        std::uint32_t seq, ack, payload;
        std::uint16_t window;
        std::uint8_t ttl;

        [[nodiscard]] std::uint32_t length() const { return payload + (syn ? 1 : 0) + (fin ? 1 : 0); }
        [[nodiscard]] std::uint32_t end() const { return seq + length(); }
    };
    using Segments = std::vector<Segment>;

private:
    using Key = std::pair<Family, KeyV6>;
    struct Less {
        bool operator()(const Key& a, const Key& b) const;
    };
    std::map<Key, Segments, Less> tuples_;
};

}  // namespace ajar::signs
