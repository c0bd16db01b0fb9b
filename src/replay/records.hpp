// The files that a replay writes as it goes: events and flow records, one JSON object a line.
#pragma once

#include <memory>
#include <string>

#include "ajar/event.hpp"
#include "ajar/result.hpp"
#include "export/line_writer.hpp"

namespace ajar::replay {

/// A file that begins empty; no file where the path is.
Result<std::unique_ptr<exporting::LineWriter>> begin_file(const std::string& path);

class Records {
public:
    static Result<Records> open(const std::string& events_path, const std::string& flows_path,
                                bool flow_ends_are_events);
    void write(const Event& event);
    /// Lines that could not be written.
    [[nodiscard]] std::uint64_t lost() const;
    void flush();

private:
    std::unique_ptr<exporting::LineWriter> events_, flows_;
    bool flow_ends_are_events_ = false;
};

}  // namespace ajar::replay
