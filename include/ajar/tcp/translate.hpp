// How are a segment's numbers translated where Ajar shook hands with the client in the server's place?
//
// The client knows the server's numbers as counted from our cookie C, the server counts from its own ISN S.
// Its timestamps are the same story: the client knows our clock's, the server has its own. The client's
// numbers and clock are its own on both sides.
//
//     client to server   ACK (if its flag is set) and SACK blocks   + seq
//                        TSecr (if that flag is set, unless 0)      + stamp
//     server to client   SEQ                                        - seq
//                        TSval                                      - stamp
//
// A TSecr of 0 is no echo (RFC 7323 3.2), and must not become one. So a TSval that comes out as 0 loses its
// echo: one sample of the round-trip time in 2^32. An ICMP error that goes to one end quotes what that end
// has sent, as it was after its translation; the quotation is led back.
//
// Checksums follow by RFC 1624 (eqn. 3), never by a new sum: what was wrong stays wrong by as much. The
// segment sums to what it did before, and so does all that carries it: a tunnel's or an error's checksum has
// nothing to follow unless a quotation is too short to hold the TCP checksum. One number has two faces in
// ones' complement: a checksum of 0xffff, which no sum of a segment gives, may become 0.
//
// Each function writes nothing outside of these numbers and the checksum, and reads nothing outside of its
// span. A signature (MD5, TCP-AO) does not survive: such a SYN is not one to be answered with a cookie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ajar::tcp {

/// Of one connection; modulo 2^32.
struct Translation {
    std::uint32_t seq = 0;    ///< S - C
    std::uint32_t stamp = 0;  ///< the server's TSval less ours of the same instant; 0 without timestamps
    friend bool operator==(const Translation&, const Translation&) = default;
};
static_assert(sizeof(Translation) == 8);

enum class Extent : std::uint8_t {
    whole,      ///< every number that is to be translated has been
    malformed,  ///< from an option of impossible length on, the options are as they were
    cut,        ///< the header is not whole, or says so: a segment is as it was, a quotation's options are
};

struct Translated {
    /// Of the words but the checksum, in ones' complement: new sum less old one. 0 and 0xffff are the same.
    std::uint16_t difference;
    Extent extent;
    friend bool operator==(const Translated&, const Translated&) = default;
};

// `segment` begins with the TCP header and holds all of it; what follows is not touched.

Translated translate_to_server(std::span<std::uint8_t> segment, Translation by);
Translated translate_to_client(std::span<std::uint8_t> segment, Translation by);

// `message` begins with the ICMP or ICMPv6 header and ends not after the quotation, whose TCP header begins
// at `quote`, an even number: Packet::quote_offset - Packet::l4_offset. A quoted checksum that is there
// agrees with the numbers that are there; of options that were cut off nothing is known, so the checksum can
// not agree with what they were.

Translated translate_error_to_server(std::span<std::uint8_t> message, std::size_t quote, Translation by);
Translated translate_error_to_client(std::span<std::uint8_t> message, std::size_t quote, Translation by);

}  // namespace ajar::tcp
