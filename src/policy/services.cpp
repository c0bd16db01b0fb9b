// Prefixes cut into intervals, and each interval's ports into segments.
#include "ajar/policy/services.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace ajar {
namespace detail {
namespace {

std::uint32_t last_of(std::uint32_t first, unsigned bits) {
    return bits == 32 ? first : first | (~std::uint32_t{0} >> bits);
}
Wide last_of(Wide first, unsigned bits) {
    const auto host = [](unsigned network) { return network >= 64 ? 0 : ~std::uint64_t{0} >> network; };
    return {first.high | host(std::min(bits, 64U)), first.low | host(bits < 64 ? 0 : bits - 64)};
}
std::optional<std::uint32_t> after(std::uint32_t n) {
    return n == ~std::uint32_t{0} ? std::nullopt : std::optional(n + 1);
}
std::optional<Wide> after(Wide n) {
    const std::uint64_t low = n.low + 1;
    if (low != 0) return Wide{n.high, low};
    return n.high + 1 == 0 ? std::nullopt : std::optional(Wide{n.high + 1, 0});
}

std::uint32_t number_of(const Prefix& prefix, std::uint32_t) { return load_be32(prefix.address.data()); }
Wide number_of(const Prefix& prefix, Wide) { return detail::number_of(prefix.address); }

/// One prefix of one service.
template <typename Number>
struct Block {
    Number first, last;
    std::uint8_t bits;
    ServiceId id;
};

/// By where they begin; what encloses another, or yields to it, comes before it.
template <typename Number>
std::vector<Block<Number>> blocks_of(const std::vector<Service>& services, Family family) {
    std::vector<Block<Number>> blocks;
    for (std::size_t s = 0; s < services.size(); ++s) {
        for (const Prefix& prefix : services[s].prefixes) {
            if (prefix.family != family) continue;
            const Number first = number_of(prefix, Number{});
            blocks.push_back(
                {first, last_of(first, prefix.bits), prefix.bits, static_cast<ServiceId>(s + 1)});
        }
    }
    std::sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first < b.first;
        return a.bits != b.bits ? a.bits < b.bits : a.id > b.id;
    });
    return blocks;
}

/// Which of the services, the first that has a port, is whose: by where each port segment begins.
std::vector<std::pair<std::uint16_t, ServiceId>> cut_ports(const std::vector<Service>& services,
                                                           const std::vector<ServiceId>& by_rank) {
    constexpr std::size_t kPorts = 1U << 16U;
    static const std::vector<PortRange> kAll(1);
    std::vector<std::uint32_t> cuts{0};
    const auto ranges = [&](ServiceId id) -> const std::vector<PortRange>& {
        const auto& own = services[id - 1U].ports;
        return own.empty() ? kAll : own;
    };
    for (const ServiceId id : by_rank) {
        for (const PortRange& range : ranges(id)) {
            cuts.push_back(range.first);
            cuts.push_back(range.last + 1U);
        }
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    if (cuts.back() == kPorts) cuts.pop_back();

    std::vector<ServiceId> owner(cuts.size(), 0);
    const auto place = [&](std::uint32_t port) {
        return static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), port) - cuts.begin());
    };
    for (auto id = by_rank.rbegin(); id != by_rank.rend(); ++id) {
        for (const PortRange& range : ranges(*id))
            std::fill(owner.begin() + static_cast<std::ptrdiff_t>(place(range.first)),
                      owner.begin() + static_cast<std::ptrdiff_t>(place(range.last + 1U)), *id);
    }
    std::vector<std::pair<std::uint16_t, ServiceId>> out;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
        if (out.empty() || out.back().second != owner[i])
            out.emplace_back(static_cast<std::uint16_t>(cuts[i]), owner[i]);
    }
    return out;
}

/// What `at` names. The first of them is not above it.
template <typename T, typename U, typename Get>
std::size_t last_not_above(const T* sorted, std::size_t n, U at, Get get) {
    std::size_t base = 0;
    while (n > 1) {
        const std::size_t half = n / 2;
        base += get(sorted[base + half]) <= at ? half : 0;
        n -= half;
    }
    return base;
}

}  // namespace

template <typename Number>
void AddressMap<Number>::build(const std::vector<Service>& services, Family family) {
    const auto blocks = blocks_of<Number>(services, family);
    if (blocks.empty()) return;
    std::vector<Block<Number>> open;  // each within the one before it
    const auto begin_at = [&](Number start) {
        if (!starts_.empty() && starts_.back() == start) {
            starts_.pop_back();
            ports_.resize(segments_.back());
            segments_.pop_back();
        }
        starts_.push_back(start);
        segments_.push_back(static_cast<std::uint32_t>(ports_.size()));
        std::vector<ServiceId> by_rank;
        for (auto block = open.rbegin(); block != open.rend(); ++block) by_rank.push_back(block->id);
        for (const auto& [first, id] : cut_ports(services, by_rank)) ports_.push_back({first, id});
    };
    const auto close_before = [&](const Number* next) {
        while (!open.empty() && (next == nullptr || open.back().last < *next)) {
            const auto behind = after(open.back().last);
            open.pop_back();
            if (behind) begin_at(*behind);
        }
    };
    begin_at(Number{});
    for (const auto& block : blocks) {
        close_before(&block.first);
        open.push_back(block);
        begin_at(block.first);
    }
    close_before(nullptr);
    segments_.push_back(static_cast<std::uint32_t>(ports_.size()));
}

template <typename Number>
ServiceId AddressMap<Number>::find(Number address, std::uint16_t port) const {
    const auto i = last_not_above(starts_.data(), starts_.size(), address, [](const Number& n) { return n; });
    const PortSegment* const first = ports_.data() + segments_[i];
    const std::size_t n = segments_[i + 1] - segments_[i];
    return first[last_not_above(first, n, port, [](const PortSegment& s) { return s.first; })].id;
}

template class AddressMap<std::uint32_t>;
template class AddressMap<Wide>;

}  // namespace detail

Services::Services(std::vector<Service> services, const std::array<Terms, kMostTerms>& terms, unsigned taken,
                   std::uint32_t serial)
    : services_(std::move(services)),
      terms_(terms),
      taken_(taken),
      serial_(serial),
      enforces_(std::any_of(services_.begin(), services_.end(),
                            [&](const Service& s) { return terms_[s.terms].mode == Mode::enforce; })),
      answers_ever_(std::any_of(services_.begin(), services_.end(),
                                [](const Service& s) { return s.defence.answer != Answering::off; })) {
    v4_.build(services_, Family::ipv4);
    v6_.build(services_, Family::ipv6);
}

namespace {

/// What the number means to flows that began under `running`.
Terms inherited(std::size_t number, const std::vector<Service>& services, const std::vector<Terms>& wanted,
                const Services& running) {
    for (ServiceId id = 1; id <= running.size(); ++id) {
        if (running[id].terms != number) continue;
        for (std::size_t i = 0; i < services.size(); ++i)
            if (services[i].name == running[id].name) return wanted[i];
    }
    return running.terms()[number];
}

}  // namespace

std::optional<TermsTable> assign_terms(const Terms& usual, const std::vector<Service>& services,
                                       const std::vector<Terms>& wanted, const Services* running) {
    TermsTable table;
    table.terms.fill(usual);
    for (std::size_t n = 1; running != nullptr && n < kMostTerms; ++n) {
        if ((running->taken() >> n & 1U) == 0) continue;
        table.terms[n] = inherited(n, services, wanted, *running);
        table.taken |= 1U << n;
    }
    const auto has = [&](std::size_t n) { return (table.taken >> n & 1U) != 0; };
    const auto find = [&](auto good) {
        std::size_t n = 0;
        while (n < kMostTerms && !good(n)) ++n;
        return n;
    };
    for (const Terms& its : wanted) {
        std::size_t n = find([&](std::size_t i) { return has(i) && table.terms[i] == its; });
        if (n == kMostTerms) n = find([&](std::size_t i) { return !has(i); });
        if (n == kMostTerms)
            n = find([&](std::size_t i) {
                return i != 0 && std::find(wanted.begin(), wanted.end(), table.terms[i]) == wanted.end();
            });
        if (n == kMostTerms) return std::nullopt;
        table.terms[n] = its;
        table.taken |= 1U << n;
        table.of.push_back(static_cast<std::uint8_t>(n));
    }
    return table;
}

SourceLists::SourceLists(std::vector<Prefix> trusted, std::vector<Prefix> blocked) {
    std::vector<Service> lists(2);
    lists[0].prefixes = std::move(trusted);
    lists[1].prefixes = std::move(blocked);
    v4_.build(lists, Family::ipv4);
    v6_.build(lists, Family::ipv6);
}

Standing standing_of(const Policy& policy, const CountKey& source) {
    if (policy.sources == nullptr) return Standing::usual;
    if (source.family == Family::ipv6) return policy.sources->of(source.address);
    Ipv4Address address;
    std::memcpy(&address, source.address.data(), sizeof address);
    return policy.sources->of(address);
}

}  // namespace ajar
