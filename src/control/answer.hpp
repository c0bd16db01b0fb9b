// The lines that go back.
#pragma once

#include <string>
#include <string_view>

#include "control/request.hpp"

namespace ajar::control {

/// Who waits for a line: the client, and his own name for the request.
struct Ticket {
    std::uint64_t client = 0;
    std::string id = "null";
};

/// `members` begins with a comma, or is empty.
std::string answer_line(const Ticket& ticket, std::string_view members);
std::string fault_line(const Ticket& ticket, const Fault& fault);
/// A further line of a stream: one member.
std::string stream_line(const Ticket& ticket, std::string_view name, std::string_view json);

}  // namespace ajar::control
