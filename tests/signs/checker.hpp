// A second opinion: which verdicts do the packets of a capture bear out, and what do their records have to
// say?
//
// Written apart from the tracker, by the RFCs (9293 3.5.1, 3.5.3, 3.8.4, 3.8.6.1, 3.10.7; 5961 4), with a
// reader of TCP headers of its own: it keeps all packets of a tuple, knows no states and no windows, and
// looks for the pattern of each verdict, backwards from each packet that could complete it. What it finds
// must be what was told, and what was told must be what it finds: end, confidence, count and numbers too. Of
// the tracker it uses what an event says, and of the parser which connection a packet belongs to.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ajar/event.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar::signs {

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

/// A verdict that a packet completes.
struct Finding {
    Reason sign = Reason::none;
    Side lost = 0;
    Confidence confidence = Confidence::high;
    bool either = false;  ///< high or medium: how far its packets come is not clear
    unsigned count = 1;
    std::uint32_t expected = 0, seen = 0;
    std::uint64_t ordinal = 0;
};

class Checker {
public:
    /// One packet of the capture, in its order.
    void see(const Packet& packet, std::span<const std::uint8_t> frame);
    /// One that never was a frame.
    void see(const Packet& packet);

    /// What is wrong with a verdict of EventKind::half_open; nothing if it holds.
    [[nodiscard]] std::string object(const Event& event) const;

    /// The same of silent_after_probe, of EventKind::probed, where questions are so far apart. Answers have
    /// been seen, questions have not.
    [[nodiscard]] std::string object_silence(const Event& event, Duration interval) const;

    /// What the packets show and these verdicts of EventKind::half_open do not tell: one line each.
    [[nodiscard]] std::vector<std::string> missed(std::span<const Event> told) const;
    /// How many signs the packets show.
    [[nodiscard]] std::uint64_t shown() const;
    /// Packets that this reader could not read.
    [[nodiscard]] std::uint64_t unread() const { return unread_; }

private:
    using Key = std::pair<Family, KeyV6>;
    struct Less {
        bool operator()(const Key& a, const Key& b) const;
    };
    std::map<Key, Segments, Less> tuples_;
    std::uint64_t unread_ = 0;
};

}  // namespace ajar::signs
