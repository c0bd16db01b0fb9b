// What `ajar gen` is asked for, and the command itself.
#pragma once

#include <cstdint>
#include <string>

#include "ajar/clock.hpp"

namespace ajar {

/// Every member is one option of `ajar gen`; equal options give equal bytes.
struct GenOptions {
    std::string scenario;  ///< a name of gen::scenarios(), or "mix"
    std::string weights =
        "handshake=70,flood=20,scan=5,idle=5";  ///< --weights, of `mix`: shares of the conversations
    std::uint64_t seed = 1;                     ///< --seed
    std::uint64_t connections = 1000;           ///< --connections: conversations; 0 = until the duration ends
    std::uint64_t rate = 1000;                  ///< --rate: new conversations a second
    Duration duration{0};                       ///< --duration: conversations begin within it; 0 = no limit
    std::uint64_t start = 1'700'000'000;        ///< --start: of the first one, seconds of the Unix epoch
    std::uint32_t clients = 250;                ///< --clients: client addresses, at least
    std::uint32_t servers = 8;                  ///< --servers: server addresses, 1..65000
    std::uint32_t ipv6_percent = 0;             ///< --ipv6: share of the conversations over IPv6
    std::uint16_t vlan = 0;                     ///< --vlan: tag of every frame; 0 = none
    std::uint32_t payload = 8000;               ///< --payload: mean bytes of a response
    Duration rtt = std::chrono::milliseconds(20);  ///< --rtt: mean round trip, client to server
    double loss_percent = 0;       ///< --loss: of the segments, half of them before the box, half behind it
    double reorder_percent = 0;    ///< --reorder: of the segments close behind another of their end's
    double duplicate_percent = 0;  ///< --duplicate: of the segments
    double detour_percent = 0;     ///< --detours: of the conversations, a tenth of whose packets go further
    bool one_source = false;       ///< --one-source: a flood from one address instead of spoofed ones
    std::uint32_t syn_acks = 0;  ///< --syn-acks: of the flooded server, for each SYN; retransmitted ones too
    Duration linger{0};          ///< --linger: a last ARP that much later, so that timers run out
    std::string output;          ///< -o: pcap file, "-" = standard output
    bool split = false;  ///< --split: output.a.pcap and output.b.pcap, by the port of a bump in the wire
    bool microseconds = false;      ///< --microseconds: the classic pcap resolution instead of nanoseconds
    std::string truth;              ///< --truth: JSON file of what was made; empty = none
    std::string truth_connections;  ///< --truth-connections: JSON lines, one per conversation; empty = none
};

/// Writes what `options` ask for. Returns the exit code: 0, 1 (output failed), 2 (options make no sense); the
/// error stands on standard error.
int generate(const GenOptions& options);

}  // namespace ajar
