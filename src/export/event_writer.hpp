// Which event goes where: flow records to one output, all others, changes of the defence too, to another.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "ajar/defence/change.hpp"
#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "export/line_writer.hpp"

namespace ajar::exporting {

/// One thread.
class EventWriter {
public:
    /// Targets as parse_target() takes them; an empty one is no output.
    static Result<EventWriter> open(const std::string& events, const std::string& flows, Begin begin,
                                    const Patience& patience, const Rotation& rotation = {});

    void write(const Event& event);
    void write(const Change& change);
    void flush();
    /// Flushes if the last time was a second ago or more: nobody waits longer for a line.
    void flush_in_time();
    /// SIGHUP: both targets anew. The error names the one that failed; the other was reopened.
    Result<bool> reopen();

    /// Lines of both outputs.
    [[nodiscard]] std::uint64_t written() const;
    [[nodiscard]] std::uint64_t lost() const;

private:
    EventWriter() = default;

    std::unique_ptr<LineWriter> events_, flows_;
    std::chrono::steady_clock::time_point next_flush_{};
};

}  // namespace ajar::exporting
