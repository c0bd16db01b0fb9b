// Which hosts are flooded, though no service of theirs is? A flood over many ports of one address passes no
// service's mark: then SYNs to all of its services are answered.
//
// What counts is what an address has pending beyond its flooded services and those with marks of their own:
// these are answered by themselves, and a flood of one service is no reason to answer for its neighbours. A
// sketch knows no such difference, so hosts and services are named first, from the samples of asks
// (defence/herald.hpp says how surely), where cells are above the mark at all; and only when that was just
// done may a gate open.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/defence/cell_gates.hpp"
#include "ajar/defence/few_names.hpp"
#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/policy/policy.hpp"

namespace ajar {

class Tracker;

/// Control's. Knows FewNames::kMost hosts at a time, the heaviest of those that it finds at once.
class HostGates {
public:
    struct Host {
        CountKey name{};
        std::uint64_t hash = 0;
        std::uint64_t pending = 0;  ///< beyond the services that are answered by themselves
        bool open = false;
        Time busy{};    ///< last time that it was, while it is open
        Time closed{};  ///< its latest closing, if there was one
    };
    /// Which services are answered by themselves?
    struct Services {
        const Policy& policy;
        const CellSet& flooded;
        const CellSet* flooded_by_rate;  ///< null: none
        [[nodiscard]] bool answered(const CountKey& service, std::uint64_t hash) const;
    };

    explicit HostGates(std::uint32_t lines) : lines_(lines), busy_(lines) {}

    /// `pending` are the cells of what is half open and of cookies in flight. Returns whether open() or
    /// lately() are others than before.
    bool update(Time now, std::span<Tracker* const> shards, std::span<const std::uint32_t> pending,
                const Services& services, const CountMarks& marks);

    /// Nothing to do while all cells are below the mark.
    [[nodiscard]] bool idle() const { return hosts_.empty() && busy_.idle(); }
    [[nodiscard]] bool opened() const { return opened_; }  ///< one has, at the latest update
    /// In the order of their names.
    [[nodiscard]] std::span<const Host> hosts() const { return hosts_; }
    [[nodiscard]] const FewNames& open() const { return open_; }
    /// Those that are open, and those that were until lately.
    [[nodiscard]] const FewNames& lately() const { return lately_; }

private:
    struct Known {
        CountKey name{};
        std::uint64_t hash = 0, host = 0;
    };
    struct Scene;
    [[nodiscard]] bool look_is_due(const Scene& s);
    void look_for_hosts(const Scene& s, std::span<const AskPart> parts);
    void look_for_services(const Scene& s, std::span<const AskPart> parts);
    [[nodiscard]] bool knows_host(std::uint64_t hash) const;
    void judge(Host& host, const CountMarks& marks, Time now, bool looked);
    bool publish(const CountMarks& marks, Time now);

    std::uint32_t lines_;
    CellGates busy_;  // cells above the mark: where to look for hosts at all
    std::size_t busy_cells_ = 0;
    bool soon_ = false;  // more of them than at the last look
    Time looked_{};
    std::vector<Host> hosts_;
    std::vector<Known> services_;  // of these hosts, answered by themselves
    FewNames open_, lately_;
    bool opened_ = false;
};

}  // namespace ajar
