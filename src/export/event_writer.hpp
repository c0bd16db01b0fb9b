// Which event goes where: flow records to one output and to the IPFIX collector, all others, changes of the
// defence too, to another.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "ajar/defence/change.hpp"
#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "export/ipfix/exporter.hpp"
#include "export/line_writer.hpp"

namespace ajar::exporting {

struct Outputs {
    std::string events{}, flows{};  ///< targets as parse_target() takes them; an empty one is no output
    Begin begin = Begin::append;
    Patience patience{};
    Rotation rotation{};
    ipfix::Options ipfix{};  ///< none without a collector
};

/// One thread.
class EventWriter {
public:
    static Result<EventWriter> open(const Outputs& outputs);

    void write(const Event& event);
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
    [[nodiscard]] ipfix::Counts exported() const { return ipfix_ ? ipfix_->counts() : ipfix::Counts{}; }

private:
    EventWriter() = default;
    void flush_lines();

    std::unique_ptr<LineWriter> events_, flows_;
    std::unique_ptr<ipfix::Exporter> ipfix_;
    std::chrono::steady_clock::time_point next_flush_{};
};

}  // namespace ajar::exporting
