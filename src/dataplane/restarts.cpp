// Trying, and waiting between tries.
#include "dataplane/restarts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

constexpr Restarts::Clock::duration kFirstWait = std::chrono::seconds(1);
constexpr Restarts::Clock::duration kLongestWait = std::chrono::seconds(32);

}  // namespace

void Restarts::ask(std::size_t port) { ports_[port].due = Clock::time_point::min(); }

std::vector<std::string> Restarts::look(Clock::time_point now, const Restart& restart) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        Port& port = ports_[i];
        if (!port.due || *port.due > now) continue;
        if (const auto done = restart(i)) {
            out.push_back(fmt::format("port {}: restarted, as its driver asked", port.device));
            port.due.reset();
            port.wait = {};
            continue;
        } else if (port.wait == Clock::duration::zero()) {
            out.push_back(done.error() + "; nothing passes, and it is tried again and again");
        }
        port.wait = std::clamp(2 * port.wait, kFirstWait, kLongestWait);
        port.due = now + port.wait;
    }
    return out;
}

}  // namespace ajar::dataplane
