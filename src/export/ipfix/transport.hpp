// How IPFIX messages leave: over UDP, TCP, or into a file. Never waiting longer than told, every loss
// counted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "ajar/result.hpp"
#include "export/ipfix/collector.hpp"
#include "export/outlet.hpp"

namespace ajar::exporting::ipfix {

/// Flows that were handed to the network or the disk, and those that were not, or that the collector's host
/// has refused. What is lost beyond, the collector sees by the sequence numbers.
struct Counts {
    std::uint64_t sent = 0, lost = 0;
};

/// One thread.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    /// Longest message, bytes.
    [[nodiscard]] virtual std::uint16_t most_bytes() const = 0;
    virtual void send(std::span<const std::uint8_t> message, std::uint32_t flows) = 0;
    /// Many times a second: looks after a connection. `last`: what waits still leaves, if it can.
    virtual void look(bool last) = 0;
    /// The target anew, where that means something (log rotation).
    virtual Result<bool> reopen() = 0;

    enum class News : std::uint8_t {
        none,
        templates,  ///< the other end may have forgotten them
        session,    ///< a new one began: numbers from 0, templates first
    };
    /// What happened since the last call.
    News take_news() { return std::exchange(news_, News::none); }
    /// Could flows be sent now?
    [[nodiscard]] virtual bool is_ready() const { return true; }
    /// Of a datagram nobody knows what became of it: templates are said again and again.
    [[nodiscard]] virtual bool forgets() const { return false; }

    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// Why the first flow was lost; empty if none was.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// Flows that never became a message.
    void lose(std::uint64_t flows, const std::string& why) {
        counts_.lost += flows;
        if (flows != 0 && fault_.empty()) fault_ = why;
    }

protected:
    News news_ = News::none;
    Counts counts_;
    std::string fault_;
};

/// With Begin::anew (a replay) the collector must be there, and is waited for as long as `patience` says.
Result<std::unique_ptr<Transport>> open_transport(const Collector& collector, Begin begin,
                                                  const Patience& patience);

}  // namespace ajar::exporting::ipfix
