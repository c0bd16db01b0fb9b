// How bytes leave for a file, a pipe or standard output without ever holding up the program for long.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ajar/result.hpp"

namespace ajar::exporting {

/// Asked every few milliseconds while a pipe is full or nobody reads it: may the writer go on waiting? Empty:
/// a twentieth of a second at a time, and not at all while the reader stays away.
using Patience = std::function<bool()>;
inline bool always() { return true; }

enum class Begin : std::uint8_t {
    anew,    ///< what the file held is gone: the output of one replay
    append,  ///< a log
};

/// One thread.
class Outlet {
public:
    /// "-" is standard output, which is never closed. A named pipe need not have a reader yet.
    static Result<Outlet> open(const std::string& path, Begin begin, Patience patience);
    Outlet(Outlet&& from) noexcept;
    Outlet& operator=(Outlet&&) = delete;
    ~Outlet();

    /// Takes off the front of `rest` what was written. Returns 0 when that is all, else the error's number:
    /// EAGAIN for a full pipe, ENXIO for one without a reader. A full pipe has taken whole lines only, a full
    /// disk perhaps the beginning of one, which the next write ends.
    int write(std::string_view& rest);
    /// Opens the path anew, to append. If that fails the old file stays in use.
    Result<bool> reopen();

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    using Clock = std::chrono::steady_clock;

    Outlet(std::string path, Patience patience) : path_(std::move(path)), patience_(std::move(patience)) {}
    int take(Begin begin);
    void close();
    int await_reader();
    bool await_room();
    int write_piece(std::string_view& rest);
    int end_cut_line();
    [[nodiscard]] bool may_wait() const;

    std::string path_;
    Patience patience_;
    int fd_ = -1;           // -1: a pipe that nobody reads
    bool can_fill_ = true;  // unlike a regular file
    bool cut_ = false;      // a full disk took the beginning of a line: the next one is not glued to it
    bool stalled_ = false;  // the last write met a reader that does not read
    Clock::time_point deadline_{};
};

}  // namespace ajar::exporting
