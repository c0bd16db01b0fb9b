// Each condition of a filter; all of them must hold.
#include "control/filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/prefixes.hpp"

namespace ajar::control {
namespace {

/// Reads the options of one request and remembers the first fault.
class GivenOptions {
public:
    explicit GivenOptions(const Request& request) : request_(request) {}

    [[nodiscard]] unsigned conditions() const { return conditions_; }
    [[nodiscard]] const std::string& fault() const { return fault_; }

    bool flag(std::string_view name) { return given(name); }
    template <std::size_t N>
    std::bitset<N> words(std::string_view name) {
        std::bitset<N> out;
        if (given(name))
            for (const auto at : request_.words(name)) out.set(at);
        return out;
    }
    std::optional<Prefix> prefix(std::string_view name) {
        if (!given(name)) return std::nullopt;
        return take(name, config::parse_prefix(request_.text(name)));
    }
    std::optional<PortRange> ports(std::string_view name) {
        if (!given(name)) return std::nullopt;
        return take(name, config::parse_ports(request_.text(name)));
    }
    std::optional<std::uint64_t> count(std::string_view name) {
        return given(name) ? std::optional(request_.count(name, 0)) : std::nullopt;
    }
    SpanBounds span(std::string_view name) {
        return given(name) ? *parse_span(request_.text(name)) : SpanBounds{};
    }

private:
    bool given(std::string_view name) {
        const bool there = request_.has(name);
        conditions_ += there ? 1U : 0U;
        return there;
    }
    template <typename T>
    std::optional<T> take(std::string_view name, const Result<T>& parsed) {
        if (parsed) return *parsed;
        if (fault_.empty())
            fault_ = fmt::format("{} {}: {}", name, shown(request_.text(name)), parsed.error());
        return std::nullopt;
    }

    const Request& request_;
    unsigned conditions_ = 0;
    std::string fault_;
};

bool within(const SpanBounds& bounds, Duration d) { return bounds.least <= d && d <= bounds.most; }

}  // namespace

bool holds(const Prefix& prefix, Family family, const Ipv6Address& address) {
    if (prefix.family != family) return false;
    const std::size_t whole = prefix.bits / 8U, rest = prefix.bits % 8U;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                    prefix.address.begin()))
        return false;
    return rest == 0 || (address[whole] ^ prefix.address[whole]) >> (8U - rest) == 0;
}

Result<Filter> Filter::of(const Request& request) {
    GivenOptions read(request);
    Filter out;
    out.states_ = read.words<kTcpStateCount>("state");
    out.reasons_ = read.words<kReasonCount>("reason");
    out.embryonic_ = read.flag("embryonic");
    out.flagged_ = read.flag("flagged");
    if (const auto family = read.words<2>("family"); family.count() == 1)
        out.family_ = family.test(0) ? Family::ipv4 : Family::ipv6;
    out.addr_ = read.prefix("addr");
    out.src_ = read.prefix("src");
    out.dst_ = read.prefix("dst");
    out.port_ = read.ports("port");
    out.sport_ = read.ports("sport");
    out.dport_ = read.ports("dport");
    out.vlan_ = read.count("vlan");
    out.pair_ = read.count("pair");
    if (const auto worker = read.count("worker"))
        out.worker_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(*worker, 0xffffffffU));
    out.age_ = read.span("age");
    out.idle_ = read.span("idle");
    out.conditions_ = read.conditions();
    if (!read.fault().empty()) return Error{read.fault()};
    return out;
}

bool Filter::selects(const Seen& flow, Time now) const {
    return conditions_ == 0 || (selects_marks(flow) && selects_ends(flow) && selects_course(flow, now));
}

bool Filter::selects_marks(const Seen& flow) const {
    if (states_.any() && !states_.test(static_cast<std::size_t>(flow.conn.state))) return false;
    if (embryonic_ && !is_embryonic(flow.conn.state)) return false;
    if (flagged_ && !flow.flagged()) return false;
    if (reasons_.any() && !reasons_.test(static_cast<std::size_t>(flow.reason))) return false;
    return wants_worker(flow.worker);
}

bool Filter::selects_ends(const Seen& flow) const {
    const Side client = flow.client(), server = flow.server();
    const auto in = [&](const Prefix& prefix, Side s) {
        return holds(prefix, flow.family, flow.key.address[s]);
    };
    if (family_ && *family_ != flow.family) return false;
    if (src_ && !in(*src_, client)) return false;
    if (dst_ && !in(*dst_, server)) return false;
    if (addr_ && !in(*addr_, client) && !in(*addr_, server)) return false;
    if (sport_ && !holds(*sport_, flow.port(client))) return false;
    if (dport_ && !holds(*dport_, flow.port(server))) return false;
    if (port_ && !holds(*port_, flow.port(client)) && !holds(*port_, flow.port(server))) return false;
    if (vlan_ && *vlan_ != flow.vlan(false) && (*vlan_ == 0 || *vlan_ != flow.vlan(true))) return false;
    return !pair_ || *pair_ == port_pair_of(flow.key.zone);
}

bool Filter::selects_course(const Seen& flow, Time now) const {
    return within(age_, now - flow.first) && within(idle_, now - flow.last);
}

}  // namespace ajar::control
