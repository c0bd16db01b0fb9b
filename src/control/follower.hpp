// Which events a client follows, and the text of one.
#pragma once

#include <bitset>
#include <string>

#include "control/answer.hpp"
#include "control/filter.hpp"
#include "export/event_json.hpp"

namespace ajar::control {

class Follower {
public:
    static Result<Follower> of(const Request& request);

    [[nodiscard]] bool wants(const Event& event) const;
    [[nodiscard]] bool wants_defence() const { return defence_; }
    /// Starts and ends of flows among them.
    [[nodiscard]] bool wants_all() const;

private:
    std::bitset<exporting::kEventTypes.size()> types_;
    bool defence_ = false;
    Filter filter_;
};

/// One EVE object, without a newline.
std::string event_text(const Event& event);

}  // namespace ajar::control
