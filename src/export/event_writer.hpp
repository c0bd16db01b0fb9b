// Which event goes where: flow records to one output, all others, changes of the defence too, to another.
#pragma once

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
    /// "-" is standard output, an empty path no output.
    static Result<EventWriter> open(const std::string& events_path, const std::string& flows_path,
                                    Begin begin, const Patience& patience);

    void write(const Event& event);
    void write(const Change& change);
    void flush();
    /// SIGHUP: both files anew. The error names the one that failed; the other was reopened.
    Result<bool> reopen();

    /// Lines of both outputs.
    [[nodiscard]] std::uint64_t written() const;
    [[nodiscard]] std::uint64_t lost() const;

private:
    EventWriter() = default;

    std::unique_ptr<LineWriter> events_, flows_;
};

}  // namespace ajar::exporting
