// Flow records to an IPFIX collector: the exporting process of RFC 7011.
//
// Who writes, who waits: the control thread (in a replay the one that orders events) encodes each flow's end
// into the message under way, which leaves when it is full and once a second at the latest. Workers only put
// events into their rings. UDP and the file take a message or not; TCP has a queue of 4 MiB. What finds no
// room there, has no connection, or is refused, is lost and counted.
//
// UDP: 1400 bytes a message, templates every `template_interval`, and at once when the collector's host
// refuses a datagram, for whoever listens there next knows none. Sequence numbers count on, so the collector
// sees what it missed. TCP: a new connection is a new session (numbers from 0, templates first), looked for
// every second. A file: messages of a session one after another; SIGHUP opens it anew, which begins a
// session.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "export/ipfix/encoder.hpp"
#include "export/ipfix/transport.hpp"

namespace ajar::exporting::ipfix {

struct Options {
    std::string collector;     ///< as parse_collector() takes it
    std::uint32_t domain = 1;  ///< observation domain
    Duration template_interval = std::chrono::minutes(1);
    bool packet_time = false;  ///< messages bear the time of their events, not of the clock
    bool interfaces = true;    ///< false: ports mean nothing (a capture)
};

/// One thread.
class Exporter {
public:
    static Result<std::unique_ptr<Exporter>> open(const Options& options, Begin begin,
                                                  const Patience& patience);
    /// Sends what waits.
    ~Exporter();
    Exporter(const Exporter&) = delete;
    Exporter& operator=(const Exporter&) = delete;

    /// A flow_end.
    void add(const Event& end);
    /// Many times a second.
    void look();
    /// Nothing more will come for now, or for ever: what waits leaves.
    void finish();
    Result<bool> reopen();

    [[nodiscard]] const Counts& counts() const { return transport_->counts(); }

private:
    using Clock = std::chrono::steady_clock;

    Exporter(Options options, std::unique_ptr<Transport> transport)
        : options_(std::move(options)), transport_(std::move(transport)) {}
    void heed_news();
    void begin_session();
    void say_templates();
    [[nodiscard]] Time now() const;
    void tell_first_loss();

    Options options_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Encoder> encoder_;
    Clock::time_point next_templates_{}, next_flush_{};
    Time latest_{};         // event
    bool greeted_ = false;  // the session has its templates
    bool told_ = false;
};

}  // namespace ajar::exporting::ipfix
