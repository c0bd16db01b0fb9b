// One endpoint of a flow as the record sees it: names for the bits and numbers that Record keeps by side.
//
// The rules are those of Zeek's TCP analyser, which a record must repeat to be compared with Zeek's: an
// endpoint has a state and the state before it; its byte stream has a beginning (`begin`), an end (`last`)
// and a point up to which all was seen or given up (`next_in_order`). Sequence numbers are absolute and
// compared as distances.
#pragma once

#include <cstdint>

#include "ajar/flow/record.hpp"

namespace ajar::record {

/// Signed distance of `a` from `b` in sequence space (RFC 9293 3.4): positive when `a` is later.
constexpr std::int32_t distance(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

/// Once-only letters, Record::letters.
struct Letter {
    static constexpr std::uint8_t kSyn = 0x01, kFin = 0x02, kRst = 0x04, kData = 0x08, kAck = 0x10,
                                  kFinRst = 0x20, kMultiFlag = 0x40;
};

/// Record::stream.
struct Stream {
    static constexpr std::uint8_t kSeen = 0x01,  ///< the endpoint has sent a packet
        kFin = 0x02,                             ///< ... with a FIN, whatever else
        kAcked = 0x04,                           ///< the peer acknowledged more than the SYN
        kUnacked = 0x08,                         ///< there is data below next_in_order that it did not
        kHole = 0x10,                            ///< data was seen beyond a hole: [above, top())
        kGivenUp = 0x20,                         ///< too much data without any ACK: no longer followed
        kAllSeen = 0x40,                         ///< closed, and all its data was seen or given up
        kClosed = 0x80;                          ///< ... and so the close counts
};

/// Record::marks.
struct Connection {
    static constexpr std::uint8_t kPartial = 0x01,  ///< the beginning was not seen
        kCloseDeferred = 0x02,  ///< a close waits for data still missing or not acknowledged
        kOver = 0x04;           ///< closed for good: it goes after a fixed time
};

[[nodiscard]] inline EndpointState state_of(const Record& record, Side s) {
    return static_cast<EndpointState>(record.endpoint[s] & 0xfU);
}

/// Has `s` sent, or had acknowledged, a byte of payload?
[[nodiscard]] inline bool sent_payload(const Record& record, Side s) {
    const bool fin = (record.stream[s] & Stream::kFin) != 0;
    const bool acked = (record.stream[s] & Stream::kAcked) != 0;
    return distance(record.last[s], record.begin[s]) > (fin ? 2 : 1) || (acked && !fin);
}

/// References into one flow, seen from `side`. Cheap to copy, never stored.
struct Endpoint {
    const Conn& conn;
    const Warm& warm;
    Record& record;
    Side side;

    [[nodiscard]] Endpoint peer() const { return {conn, warm, record, other(side)}; }
    [[nodiscard]] bool originates() const { return side == record.originator(); }

    [[nodiscard]] EndpointState state() const { return state_of(record, side); }
    [[nodiscard]] EndpointState before() const {
        return static_cast<EndpointState>(record.endpoint[side] >> 4U);
    }
    [[nodiscard]] bool is(EndpointState s) const { return state() == s; }
    void enter(EndpointState s) const {
        if (!is(s))
            record.endpoint[side] =
                static_cast<std::uint8_t>((record.endpoint[side] << 4) | static_cast<int>(s));
    }

    [[nodiscard]] bool marked(std::uint8_t mask) const { return (record.stream[side] & mask) != 0; }
    void mark(std::uint8_t mask) const {
        record.stream[side] = static_cast<std::uint8_t>(record.stream[side] | mask);
    }
    void unmark(std::uint8_t mask) const {
        record.stream[side] = static_cast<std::uint8_t>(record.stream[side] & ~mask);
    }

    [[nodiscard]] std::uint32_t& begin() const { return record.begin[side]; }
    [[nodiscard]] std::uint32_t& last() const { return record.last[side]; }
    [[nodiscard]] std::uint32_t& next() const { return record.next_in_order[side]; }

    /// The FIN's own number, as the machine accepted it, else the last octet of all.
    [[nodiscard]] std::uint32_t fin() const {
        return (conn.flag(Conn::kFinSeen, side) ? fin_end(conn, warm, side) : last()) - 1;
    }
    /// End of the data seen: `last` without a FIN that stands there.
    [[nodiscard]] std::uint32_t top() const {
        return marked(Stream::kFin) && fin() + 1 == last() ? fin() : last();
    }
};

[[nodiscard]] inline Endpoint endpoint(Flow flow, Side side) {
    return {flow.conn, flow.warm, flow.record, side};
}

[[nodiscard]] inline bool marked(const Record& record, std::uint8_t mask) {
    return (record.marks & mask) != 0;
}
inline void mark(Record& record, std::uint8_t mask) {
    record.marks = static_cast<std::uint8_t>(record.marks | mask);
}
inline void unmark(Record& record, std::uint8_t mask) {
    record.marks = static_cast<std::uint8_t>(record.marks & ~mask);
}

}  // namespace ajar::record
