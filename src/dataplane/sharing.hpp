// What an appliance shares with others: the thread that talks to Redis (share/courier.hpp), from the start to
// the end of the run, and the desk between it and main.
#pragma once

#include <memory>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "share/desk.hpp"

namespace ajar::dataplane {

class Sharing {
public:
    /// Null where no server is named. Reads the password; the server need not be there.
    static Result<std::unique_ptr<Sharing>> open(const Config& config);
    /// The thread ends within a tenth of a second, whatever Redis does.
    ~Sharing();
    Sharing(const Sharing&) = delete;
    Sharing& operator=(const Sharing&) = delete;

    /// On DPDK's control CPUs: those of the process that no lane has, where there are any.
    /// It connects to nobody before begin().
    Result<bool> start();
    void begin();
    [[nodiscard]] share::Desk& desk();

private:
    struct Impl;
    explicit Sharing(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// What the configuration wants of it.
share::Wishes wishes_of(const Config& config);

}  // namespace ajar::dataplane
