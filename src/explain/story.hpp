// What is told of a connection, before it is laid out: sentences, and a timeline.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "explain/incident.hpp"

namespace ajar::explain {

/// One event: what was seen, why it means something, what was done.
struct Chapter {
    std::optional<Time> time;  ///< nothing: not known
    std::string title;
    std::vector<std::string> sentences;
};

/// A packet of an end, or, without one, what Ajar did or found at that time.
struct Moment {
    Time time{};
    Role from = kClient;  ///< of a packet
    std::optional<Glimpse> packet;
    std::string what;
    std::optional<Role> reset_to;  ///< a RST to this end: sent, or due
};

struct Letter {
    char letter = 0;
    std::string meaning;
};

struct Story {
    std::array<Endpoint, 2> ends{};
    std::string uid;
    std::vector<std::string> facts;
    std::vector<Chapter> chapters;
    std::array<std::string, 2> knows;  ///< what each end knows now
    std::vector<Moment> timeline;      ///< by time
    std::vector<Letter> history;
};

/// Of one connection, in their order, and at least one. Reads nothing and asks no clock: the same incidents
/// make the same story, wherever they come from.
Story tell(std::span<const Incident> incidents);

}  // namespace ajar::explain
