// Has a writer waited for its reader? Told by how often its thread has left the CPU of its own accord, which
// is the same on a fast machine and on one that is slow, shared or sanitized; time is not.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace ajar::exporting {

/// Of the calling thread, since it was made.
class Waits {
public:
    /// A stall is waited for once, for 50 ms, in looks of 10 ms; the rest is for a page that comes from a
    /// disk.
    static constexpr std::uint64_t kForOneStall = 30;

    [[nodiscard]] std::uint64_t so_far() const { return all() - before_; }

private:
    static std::uint64_t all() {
        rusage used{};
        getrusage(RUSAGE_THREAD, &used);
        return static_cast<std::uint64_t>(used.ru_nvcsw);
    }
    std::uint64_t before_ = all();
};

}  // namespace ajar::exporting
