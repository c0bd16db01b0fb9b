// How lines leave the program without ever holding it up for long: what a line writer needs of any target.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ajar/result.hpp"
#include "export/patience.hpp"
#include "export/rotation.hpp"
#include "export/target.hpp"

namespace ajar::exporting {

enum class Begin : std::uint8_t {
    anew,    ///< what the file held is gone: the output of one replay
    append,  ///< a log
};

/// With its end; empty if there is none.
inline std::string_view first_line(std::string_view lines) { return lines.substr(0, lines.find('\n') + 1); }

/// One thread.
class Outlet {
public:
    Outlet() = default;
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;
    virtual ~Outlet() = default;

    /// Takes off the front of `rest`, which are whole lines, what was written or will be. Returns 0 when that
    /// is all, else the error's number: EAGAIN where the reader does not keep up, ENXIO where there is none.
    virtual int write(std::string_view& rest) = 0;
    /// Opens the target anew, to append. If that fails the old one stays in use.
    virtual Result<bool> reopen() = 0;
    /// As people know it.
    [[nodiscard]] virtual const std::string& name() const = 0;

    /// Lines that write() has taken, but that went nowhere after all; each is reported once.
    [[nodiscard]] std::uint64_t take_lost() { return std::exchange(lost_, 0); }

protected:
    std::uint64_t lost_ = 0;
};

/// A named pipe need not have a reader yet. Nor, to append, a socket: it is looked for with each write.
Result<std::unique_ptr<Outlet>> open_outlet(const Target& target, Begin begin, Patience patience,
                                            Rotation rotation = {});

}  // namespace ajar::exporting
