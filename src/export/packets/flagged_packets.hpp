// Which packets of a running appliance are written down: those of flows that were flagged or found half open.
//
//     worker: packet judged --watched?--> a ring of copies, 1024 a worker; full: counted, not waited for
//     main:   ring --> the last 8 of each flow under suspicion are held
//             event (flagged, half_open) --> what is held of the flow goes into the file, what follows goes
//             on there
//
// So a file holds of such a flow, in the order in which they came: up to 8 packets from when it first came
// under suspicion to its flag (a flow that was flagged for silence alone has none), and after the flag up to
// Limits::packets more, each as it was received, cut at the snap length, its port as interface. What Ajar
// sent is not in it, nor what the flow sent before anything was wrong with it: nobody keeps that.
//
// The event names the file in which the flow's packets begin, `capture_file`; they may go on in the next
// ones.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "ajar/event.hpp"
#include "export/packets/packet_files.hpp"

namespace ajar::exporting {

/// Events after which a flow's packets are wanted.
constexpr bool flags_flow(EventKind kind) {
    return kind == EventKind::flagged || kind == EventKind::half_open;
}
/// What stands at the first packet of a flow that is written, or after its flag: when, whose it is, and why.
std::string comment_on(const Event& event);

/// A packet as a worker copied it.
struct WatchedPacket {
    static constexpr std::size_t kMostBytes = 1536;
    static constexpr std::size_t kRing = 1024;  ///< of a worker's that can wait

    Time time{};
    KeyV6 key{};  ///< an IPv4 address stands in the first four bytes
    Family family = Family::ipv4;
    std::uint8_t port = 0;  ///< index
    std::uint16_t length = 0;
    std::uint32_t wire_length = 0;
    std::array<std::uint8_t, kMostBytes> bytes;  ///< the first `length` count
};

/// One thread. Memory: kFlows flows with kHeld packets each at the most.
class FlaggedPackets {
public:
    static constexpr std::size_t kHeld = 8, kFlows = 4096;

    FlaggedPackets(PacketFiles files, std::uint32_t packets) : files_(std::move(files)), packets_(packets) {}

    /// In the order in which the workers have judged them, flow by flow.
    void add(const WatchedPacket& packet);
    /// After all packets that came before it. The file where the flow's packets stand or will stand; empty
    /// for events that flag no flow.
    std::string hear(const Event& event);
    void flush() { files_.flush(); }

    [[nodiscard]] std::uint64_t written() const { return files_.written(); }
    /// Not written for want of room on the disk.
    [[nodiscard]] std::uint64_t lost() const { return files_.lost(); }

private:
    struct Name {
        KeyV6 key;
        Family family;
        friend bool operator==(const Name&, const Name&) = default;
    };
    struct Hash {
        std::size_t operator()(const Name& name) const;
    };
    struct Held {
        Time time;
        std::uint8_t port;
        std::uint32_t wire_length;
        std::string bytes;
    };
    struct Flow {
        Name name;
        std::uint64_t flow_id = 0;  ///< 0: under suspicion, not flagged
        std::uint32_t left = 0;     ///< packets that are still written
        std::string comment{};      ///< of the next packet
        std::vector<Held> held{};   ///< oldest first
    };
    using Flows = std::list<Flow>;

    Flow& flow_of(const Name& name);
    void forget(const Name& name);
    void write(Flow& flow, const Held& packet);

    PacketFiles files_;
    std::uint32_t packets_;
    Flows flows_;  // heard of latest first
    std::unordered_map<Name, Flows::iterator, Hash> places_;
};

}  // namespace ajar::exporting
