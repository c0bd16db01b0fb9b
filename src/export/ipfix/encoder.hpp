// From flows to IPFIX messages (RFC 7011). The one place that knows libfixbuf.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/result.hpp"
#include "export/ipfix/flow.hpp"

namespace ajar::exporting::ipfix {

/// A whole message, and how many flows are in it. Valid during the call.
using Deliver = std::function<void(std::span<const std::uint8_t> message, std::uint32_t flows)>;

/// One transport session, one observation domain: sequence numbers begin at 0 and count data records, sent or
/// lost on the way, so that whoever misses some sees a gap. One thread.
class Encoder {
public:
    /// No message is longer than `most_bytes`. An error where this program was built without libfixbuf.
    static Result<std::unique_ptr<Encoder>> make(std::uint32_t domain, std::uint16_t most_bytes,
                                                 Deliver deliver);
    Encoder() = default;
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    virtual ~Encoder() = default;

    /// Delivers what waits, then a message of the templates alone. To be called before the first flow, and
    /// over UDP again and again.
    virtual void templates(Time now) = 0;
    /// `now` becomes the export time of the message that the flow begins, if it begins one.
    virtual void add(const Flow& flow, Time now) = 0;
    /// Delivers what waits.
    virtual void flush() = 0;
    /// Flows of the message under way.
    [[nodiscard]] virtual std::uint32_t waiting() const = 0;
};

/// Was this program built with it?
bool is_built();

}  // namespace ajar::exporting::ipfix
