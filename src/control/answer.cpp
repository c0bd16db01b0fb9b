// Envelopes.
#include "control/answer.hpp"

#include <fmt/format.h>

#include "export/json.hpp"

namespace ajar::control {

std::string answer_line(const Ticket& ticket, std::string_view members) {
    return fmt::format("{{\"v\":{},\"id\":{},\"ok\":true{}}}\n", kProtocol, ticket.id, members);
}

std::string fault_line(const Ticket& ticket, const Fault& fault) {
    return fmt::format("{{\"v\":{},\"id\":{},\"ok\":false,\"error\":{{\"code\":\"{}\",\"text\":{}}}}}\n",
                       kProtocol, ticket.id, name(fault.code), exporting::Json::quoted(fault.text));
}

std::string stream_line(const Ticket& ticket, std::string_view name, std::string_view json) {
    return fmt::format("{{\"v\":{},\"id\":{},\"{}\":{}}}\n", kProtocol, ticket.id, name, json);
}

}  // namespace ajar::control
