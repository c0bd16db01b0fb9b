// Which of the services with marks of their own are flooded or full? Control's side, from exact counts.
//
// Like the cells of a sketch (defence/cell_gates.hpp), but that each has its own marks, and that the counts
// are those of all addresses and ports of a service together.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ajar/defence/rate_window.hpp"
#include "ajar/defence/service_counts.hpp"
#include "ajar/defence/service_states.hpp"

namespace ajar {

class Tracker;
struct Pending;

class NamedGates {
public:
    /// From what the shards count, and what `others` tell, if anybody does. A service that keeps its name
    /// through a change of the table keeps its gate. Returns whether states() are others.
    bool update(std::span<Tracker* const> shards, const std::shared_ptr<const Services>& services, Time now,
                const Pending* others = nullptr);

    /// Of a service that has marks of its own.
    struct Reading {
        ServiceId id = 0;
        std::uint64_t half_open = 0;
        std::uint64_t pending = 0;    ///< with unanswered cookies and challenges,
        std::uint64_t elsewhere = 0;  ///< of these at other appliances
        std::uint64_t begun = 0;      ///< a second
        std::uint64_t asked = 0;      ///< a second: begun, and answers sent
    };
    /// Of the latest update; null: it has none.
    [[nodiscard]] const Reading* reading(ServiceId id) const;

    /// Null: no service has marks of its own.
    [[nodiscard]] const std::shared_ptr<const ServiceStates>& states() const { return states_; }
    [[nodiscard]] bool opened() const { return opened_; }  ///< one has, at the latest update
    [[nodiscard]] bool idle() const { return idle_; }      ///< all are closed, and none was open until lately

private:
    struct Gate {
        bool open = false;
        Time busy{};    ///< last time that it was, while it is open
        Time closed{};  ///< its latest closing, if there was one
    };
    struct Row {
        ServiceId id = 0;
        Gate gate{};
        ServiceCount base{}, next_base{};            // of cookies, 5 to 10 s ago and up to 5 s ago
        ServiceCount rate_base{}, rate_next_base{};  // of what comes a second
        Reading reading{};
    };
    void adopt(const std::shared_ptr<const Services>& services);
    [[nodiscard]] std::uint8_t state_of(Row& row, const ServiceCount& count, std::uint64_t elsewhere,
                                        Time now);

    std::shared_ptr<const Services> services_;
    std::vector<Row> rows_;
    RateWindow window_;
    Time generation_{};
    std::shared_ptr<const ServiceStates> states_;
    bool idle_ = true, opened_ = false;
};

}  // namespace ajar
