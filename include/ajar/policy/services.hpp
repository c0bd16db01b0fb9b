// Which service does a connection ask for, and what holds for it?
//
// A service is a name for prefixes and ports. The longest prefix that names the port wins; of equal ones the
// earlier service. Prefixes nest, so they cut the addresses into intervals, each with its own list of port
// ranges: two binary searches find a service, whether there are three or thousands.
//
// Only a flow's first packet is looked up. What later packets have to know of its service, they read from
// the flow itself: the number of its terms (Conn::terms). Services whose mode and timers agree share one.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ajar/flow/count_key.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"

namespace ajar {

struct Prefix {
    Family family = Family::ipv4;
    std::uint8_t bits = 0;  ///< of the address, which is zero behind them
    Ipv6Address address{};  ///< an IPv4 address in the first four bytes
    friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// Host order, both ends included.
struct PortRange {
    std::uint16_t first = 0, last = 0xffff;
    friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// What a flow is promised at its birth, and keeps.
struct Terms {
    Mode mode = Mode::observe;
    Timeouts timeouts{};
    friend bool operator==(const Terms&, const Terms&) = default;
};
inline constexpr std::size_t kMostTerms = 8;  ///< three bits of a flow; the first are the policy's own

struct Service {
    std::string name;
    std::vector<Prefix> prefixes;
    std::vector<PortRange> ports;  ///< none: all
    std::uint8_t terms = 0;
    bool counted = false;   ///< its marks are its own, for all of its addresses together
    DefencePolicy defence;  ///< where it says nothing of its own, the policy's
    friend bool operator==(const Service&, const Service&) = default;
};

/// 0: none that has a name.
using ServiceId = std::uint16_t;
inline constexpr std::size_t kMostServices = 4096;

namespace detail {

/// An IPv6 address as a number, host order.
struct Wide {
    std::uint64_t high = 0, low = 0;
    friend auto operator<=>(const Wide&, const Wide&) = default;
};
inline std::uint32_t number_of(const Ipv4Address& a) { return a.value(); }
inline Wide number_of(const Ipv6Address& a) { return {load_be64(a.data()), load_be64(a.data() + 8)}; }

/// The services of one family's addresses.
template <typename Number>
class AddressMap {
public:
    /// `services` by their ids less one.
    void build(const std::vector<Service>& services, Family family);
    [[nodiscard]] ServiceId find(Number address, std::uint16_t port) const;
    [[nodiscard]] bool empty() const { return starts_.empty(); }

private:
    struct PortSegment {
        std::uint16_t first;
        ServiceId id;
    };
    std::vector<Number> starts_;           // of intervals, ascending
    std::vector<std::uint32_t> segments_;  // where those of each begin; one more than intervals
    std::vector<PortSegment> ports_;       // ascending within an interval, the first from port 0
};

}  // namespace detail

/// Immutable, shared by all threads.
class Services {
public:
    /// At most kMostServices, with names that differ, their terms from assign_terms(). `serial` is another
    /// one for each table of a run, and not 0.
    Services(std::vector<Service> services, const std::array<Terms, kMostTerms>& terms, unsigned taken,
             std::uint32_t serial);

    [[nodiscard]] ServiceId find(const Ipv4Address& address, be16 port) const {
        return v4_.empty() ? ServiceId{0} : v4_.find(detail::number_of(address), port.value());
    }
    [[nodiscard]] ServiceId find(const Ipv6Address& address, be16 port) const {
        return v6_.empty() ? ServiceId{0} : v6_.find(detail::number_of(address), port.value());
    }

    /// `id` is not 0.
    [[nodiscard]] const Service& operator[](ServiceId id) const { return services_[id - 1U]; }
    [[nodiscard]] std::size_t size() const { return services_.size(); }
    [[nodiscard]] const std::array<Terms, kMostTerms>& terms() const { return terms_; }
    [[nodiscard]] unsigned taken() const { return taken_; }  ///< terms that flows may have, a bit each
    [[nodiscard]] std::uint32_t serial() const { return serial_; }
    /// But for the serial.
    [[nodiscard]] bool same_as(const Services& other) const {
        return services_ == other.services_ && terms_ == other.terms_;
    }
    [[nodiscard]] bool enforces() const { return enforces_; }          ///< at least one does
    [[nodiscard]] bool answers_ever() const { return answers_ever_; }  ///< at least one may be answered for

private:
    std::vector<Service> services_;
    std::array<Terms, kMostTerms> terms_;
    unsigned taken_;
    std::uint32_t serial_;
    bool enforces_, answers_ever_;
    detail::AddressMap<std::uint32_t> v4_;
    detail::AddressMap<detail::Wide> v6_;
};

/// Which terms each service gets. Those of number 0 are `usual`.
struct TermsTable {
    std::array<Terms, kMostTerms> terms{};
    unsigned taken = 1;
    std::vector<std::uint8_t> of;  ///< by service
};
/// `wanted` by service. Flows that live under the table `running` keep their number, so what it stands for
/// follows the service of that name, and a number that no service has any more keeps its meaning as long as
/// there are others. None: too many kinds.
std::optional<TermsTable> assign_terms(const Terms& usual, const std::vector<Service>& services,
                                       const std::vector<Terms>& wanted, const Services* running);

enum class Standing : std::uint8_t {
    usual,
    trusted,  ///< no limit applies to it
    blocked,  ///< its SYNs are dropped
};

/// Which sources are trusted or blocked, by prefix; the longest wins, of equal ones trust. Immutable.
class SourceLists {
public:
    SourceLists(std::vector<Prefix> trusted, std::vector<Prefix> blocked);
    [[nodiscard]] Standing of(const Ipv4Address& address) const {
        return v4_.empty() ? Standing::usual : static_cast<Standing>(v4_.find(detail::number_of(address), 0));
    }
    [[nodiscard]] Standing of(const Ipv6Address& address) const {
        return v6_.empty() ? Standing::usual : static_cast<Standing>(v6_.find(detail::number_of(address), 0));
    }

private:
    detail::AddressMap<std::uint32_t> v4_;  // service 1: trusted, 2: blocked
    detail::AddressMap<detail::Wide> v6_;
};

/// Of a source's name (CountKind::source), by its first address where it is a whole prefix.
Standing standing_of(const Policy& policy, const CountKey& source);

/// Is anything ever done, or only said?
inline bool enforces(const Policy& policy) {
    return policy.mode == Mode::enforce || (policy.services && policy.services->enforces());
}
/// May any SYN be answered?
inline bool answers_ever(const Policy& policy) {
    return policy.defence.answer != Answering::off || (policy.services && policy.services->answers_ever());
}
/// A frame whose port is not known, and whose destination may take it for a SYN. A flood of such would be
/// counted by nobody, and pass the cookies: one service that is defended is reason enough to drop it.
inline bool drops_hidden_syn(const Policy& policy, Reason reason) {
    const bool hides = reason == Reason::fragment_too_small || reason == Reason::too_many_extensions;
    return hides && policy.boundaries == Boundaries::conntrack && enforces(policy) && answers_ever(policy);
}

}  // namespace ajar
