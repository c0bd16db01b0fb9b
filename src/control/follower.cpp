// What is followed.
#include "control/follower.hpp"

#include <fmt/format.h>

#include "control/seen.hpp"

namespace ajar::control {

Result<Follower> Follower::of(const Request& request) {
    auto filter = Filter::of(request);
    if (!filter) return Error{filter.error()};
    Follower out;
    out.filter_ = std::move(*filter);
    out.defence_ = request.has("defence");
    for (const auto at : request.words("type")) out.types_.set(at);
    return out;
}

bool Follower::wants(const Event& event) const {
    if (types_.any() && !types_.test(static_cast<std::size_t>(event.kind))) return false;
    return filter_.selects_all() || filter_.selects(seen_of(event), event.time);
}

bool Follower::wants_all() const {
    return types_.none() || types_.test(static_cast<std::size_t>(EventKind::flow_start)) ||
           types_.test(static_cast<std::size_t>(EventKind::flow_end));
}

std::string event_text(const Event& event) {
    exporting::Text text;
    exporting::append_event(text, event);
    return {text.data(), text.size() - 1};
}

}  // namespace ajar::control
