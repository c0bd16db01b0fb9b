// When a port that has to be restarted is tried, and tried again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::dataplane {

/// Main's. A port whose restart fails is tried again after a second, then after two, four and so on up to
/// half a minute, until it succeeds: nothing passes meanwhile.
class Restarts {
public:
    using Clock = std::chrono::steady_clock;
    using Restart = std::function<Result<bool>(std::size_t port)>;

    explicit Restarts(const std::vector<std::string>& devices) : ports_(devices.size()) {
        for (std::size_t i = 0; i < devices.size(); ++i) ports_[i].device = devices[i];
    }

    void ask(std::size_t port);
    /// Restarts what is due. Returns what there is to say: a port's first failure, and its return.
    std::vector<std::string> look(Clock::time_point now, const Restart& restart);

private:
    struct Port {
        std::string device;
        std::optional<Clock::time_point> due;
        Clock::duration wait{};  ///< after the last failure; zero: there was none
    };
    std::vector<Port> ports_;
};

}  // namespace ajar::dataplane
