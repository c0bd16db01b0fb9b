// Comparing a flow with what a person has written.
#include "control/flow_name.hpp"

#include <fmt/format.h>

#include <utility>

#include "export/text.hpp"

namespace ajar::control {
namespace {

bool is_at(const explain::Endpoint& end, const Seen& flow, Side s) {
    return end.family == flow.family && end.port == flow.port(s) && end.address == flow.key.address[s];
}

std::string uid_of(const Seen& flow) {
    exporting::Text text;
    exporting::put_uid(text, flow.flow_id);
    return fmt::to_string(text);
}

}  // namespace

Result<FlowName> FlowName::parse(std::string_view text) {
    auto wanted = explain::Wanted::parse(text);
    if (!wanted) return Error{wanted.error()};
    return FlowName(std::move(*wanted));
}

bool FlowName::names(const Seen& flow) const {
    constexpr std::uint64_t kEveBits = (std::uint64_t{1} << 53U) - 1;
    const auto* const ends = wanted_.ends();
    if (ends == nullptr) return wanted_.is_id(uid_of(flow), flow.flow_id & kEveBits);
    return (is_at((*ends)[0], flow, 0) && is_at((*ends)[1], flow, 1)) ||
           (is_at((*ends)[0], flow, 1) && is_at((*ends)[1], flow, 0));
}

std::optional<FlowName::Ends> FlowName::ends() const {
    const auto* const named = wanted_.ends();
    if (named == nullptr) return std::nullopt;
    auto a = (*named)[0], b = (*named)[1];
    if (std::pair(b.address, b.port) < std::pair(a.address, a.port)) std::swap(a, b);
    Ends out{a.family, {}};
    out.key.address = {a.address, b.address};
    out.key.port = {be16::of(a.port), be16::of(b.port)};
    out.key.zone = 0;
    return out;
}

}  // namespace ajar::control
