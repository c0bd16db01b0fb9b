// Lines on their way to a target: buffered, rotated, reopened on demand, never the end of the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ajar/result.hpp"
#include "export/outlet.hpp"
#include "export/text.hpp"

namespace ajar::exporting {

/// One thread. A line that cannot be written is lost and counted; the first loss is told on standard error
/// once, and again after a reopen.
class LineWriter {
public:
    /// `target` is text as parse_target() takes it.
    static Result<std::unique_ptr<LineWriter>> open(const std::string& target, Begin begin,
                                                    Patience patience = always, Rotation rotation = {});
    /// Flushes.
    ~LineWriter();
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    /// Append whole lines here, then call committed() once for each.
    Text& text() { return buffer_; }
    void committed() {
        ++pending_;
        if (buffer_.size() >= kFlushAt) flush();
    }

    void flush();
    /// After log rotation by others: flushes, then opens the target anew. If that fails the old one stays in
    /// use.
    Result<bool> reopen();

    [[nodiscard]] std::uint64_t written() const { return written_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    static constexpr std::size_t kFlushAt = std::size_t{256} << 10U;

    explicit LineWriter(std::unique_ptr<Outlet> outlet) : outlet_(std::move(outlet)) {}
    void lose(std::uint64_t lines, int error);

    std::unique_ptr<Outlet> outlet_;
    Text buffer_;
    std::uint64_t pending_ = 0;  // lines in buffer_
    std::uint64_t written_ = 0, lost_ = 0;
    bool told_ = false;
};

}  // namespace ajar::exporting
