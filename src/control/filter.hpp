// Which flows are meant: the filter options of a request, compiled once, asked of each flow.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ajar/policy/services.hpp"
#include "ajar/reason.hpp"
#include "control/request.hpp"
#include "control/seen.hpp"

namespace ajar::control {

/// Why flows were flagged, by their ids: a flow itself knows only that it was.
using FlagReasons = std::unordered_map<std::uint64_t, Reason>;

class Filter {
public:
    /// Selects everything.
    Filter() = default;
    /// The fault's code is bad_value.
    static Result<Filter> of(const Request& request);

    /// `now` is what ages are counted from.
    [[nodiscard]] bool selects(const Seen& flow, Time now) const;
    /// What is remembered of flags; shared with all copies.
    void remember(std::shared_ptr<const FlagReasons> flags) { flags_ = std::move(flags); }
    [[nodiscard]] Reason reason_of(std::uint64_t flow_id) const {
        if (!flags_) return Reason::none;
        const auto at = flags_->find(flow_id);
        return at == flags_->end() ? Reason::none : at->second;
    }
    [[nodiscard]] bool selects_all() const { return conditions_ == 0; }
    /// By who tracks it alone: false, and no flow of that worker can be meant.
    [[nodiscard]] bool wants_worker(std::uint32_t worker) const { return !worker_ || *worker_ == worker; }

private:
    [[nodiscard]] bool selects_ends(const Seen& flow) const;
    [[nodiscard]] bool selects_course(const Seen& flow, Time now) const;
    [[nodiscard]] bool selects_marks(const Seen& flow) const;

    std::shared_ptr<const FlagReasons> flags_;
    unsigned conditions_ = 0;
    std::bitset<kTcpStateCount> states_;
    std::bitset<kReasonCount> reasons_;
    bool embryonic_ = false, flagged_ = false;
    std::optional<Family> family_;
    std::optional<Prefix> addr_, src_, dst_;
    std::optional<PortRange> port_, sport_, dport_;
    std::optional<std::uint64_t> vlan_, pair_;
    std::optional<std::uint32_t> worker_;
    SpanBounds age_, idle_;
};

bool holds(const Prefix& prefix, Family family, const Ipv6Address& address);
constexpr bool holds(const PortRange& range, std::uint16_t port) {
    return range.first <= port && port <= range.last;
}

}  // namespace ajar::control
