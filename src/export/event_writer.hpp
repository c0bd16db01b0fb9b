// Which event goes where: flow records to one output and to the IPFIX collector, all others, changes of the
// defence too, to another.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/defence/change.hpp"
#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "export/ipfix/exporter.hpp"
#include "export/line_writer.hpp"
#include "export/packets/flagged_packets.hpp"

namespace ajar::exporting {

/// Packets of flagged flows (export/packets/flagged_packets.hpp).
struct PacketOutput {
    std::string folder{};  ///< empty: none
    PacketFiles::Limits limits{};
    std::uint32_t packets = 0;              ///< of a flow, after its flag
    std::vector<std::string> interfaces{};  ///< ports, in their order
};

struct Outputs {
    std::string events{}, flows{};  ///< targets as parse_target() takes them; an empty one is no output
    Begin begin = Begin::append;
    Patience patience{};
    Rotation rotation{};
    ipfix::Options ipfix{};  ///< none without a collector
    PacketOutput packets{};
    bool flow_ends = false;  ///< among the events, too
};

/// One thread.
class EventWriter {
public:
    static Result<EventWriter> open(const Outputs& outputs);

    /// `capture_file`: where its packets are, for a writer that has none itself.
    void write(const Event& event, std::string_view capture_file = {});
    /// Of a flow that is watched. All that came before an event of which wants_packets_of() is true come
    /// before it.
    void add(const WatchedPacket& packet) {
        if (packets_) packets_->add(packet);
    }
    [[nodiscard]] bool wants_packets_of(const Event& event) const {
        return packets_ && flags_flow(event.kind);
    }
    void write(const Change& change);
    /// All that waits, before a pause or the end.
    void flush();
    /// Many times a second. Looks after connections, flushes if the last time was a second ago or more:
    /// nobody waits longer for a line.
    void look();
    /// SIGHUP: all targets anew. The error names those that failed; the others were reopened.
    Result<bool> reopen();

    /// Lines of both outputs.
    [[nodiscard]] std::uint64_t written() const;
    [[nodiscard]] std::uint64_t lost() const;
    /// Flows for the IPFIX collector.
    [[nodiscard]] std::uint64_t packets_written() const { return packets_ ? packets_->written() : 0; }
    [[nodiscard]] std::uint64_t packets_lost() const { return packets_ ? packets_->lost() : 0; }
    [[nodiscard]] ipfix::Counts exported() const { return ipfix_ ? ipfix_->counts() : ipfix::Counts{}; }

private:
    EventWriter() = default;
    Result<bool> open_packets(const PacketOutput& to);
    void flush_lines();

    std::unique_ptr<LineWriter> events_, flows_;
    bool flow_ends_ = false;
    std::unique_ptr<ipfix::Exporter> ipfix_;
    std::unique_ptr<FlaggedPackets> packets_;
    std::chrono::steady_clock::time_point next_flush_{};
};

}  // namespace ajar::exporting
