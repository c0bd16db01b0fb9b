// Who tells what the defence does: from one posture to the next, by name.
//
// Gates of sketches know cells, not names. Whoever passes a mark asks for connections, or is asked, so the
// names come from the samples of asks (flow/ask_sample.hpp): of the second under way and the one before, as
// soon as cells have opened, and then once a second while any is open. What a sample of a million asks a
// second misses has less than a thousandth of them, and is missed again each second with that chance. A name
// that is in by chance, all of its cells being others' too, is told like any other: the shards treat it so.
//
// What is told has a bound: kMost names of each kind stand at a time, further ones wait until one is over.
// What flaps, because its gate has no dwell, is over when it has been closed for a second.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ajar/defence/cell_gates.hpp"
#include "ajar/defence/change.hpp"
#include "ajar/defence/heaviest.hpp"
#include "ajar/defence/host_gates.hpp"
#include "ajar/defence/named_gates.hpp"
#include "ajar/defence/posture.hpp"
#include "ajar/defence/rate_window.hpp"
#include "ajar/policy/pressure.hpp"
#include "ajar/policy/services.hpp"

namespace ajar {

class Tracker;

/// What Defence has summed up and judged by, as of its latest look.
struct Evidence {
    /// Cells of one sketch; empty: nobody wanted to know.
    struct Counts {
        std::span<const std::uint32_t> cells;
        std::uint32_t lines = 0;
        [[nodiscard]] std::uint64_t of(std::uint64_t hash) const;
    };
    Counts half_open, pending;  ///< the second with unanswered answers, and what others tell
    Counts here;                ///< without that
    Counts begun, asked;        ///< grown in the window; the second with answers sent
    const RateWindow* window = nullptr;
    std::array<const CellGates*, 2> sources{};  ///< by half-open flows, and by rate; null: none
    const NamedGates* named = nullptr;
    std::span<const HostGates::Host> hosts{};
    std::span<const Heaviest::Network> heavy{};
    std::uint64_t places = 0;  ///< of the embryonic store
    Fill fill{};
};

/// One thread's own.
class Herald {
public:
    static constexpr std::size_t kMost = 128;

    Herald();
    /// What has changed since the last call, `posture` being what holds from `now` on. Valid until the next.
    std::span<const Change> tell(Time now, const Posture& posture, const Policy& policy,
                                 std::span<Tracker* const> shards, const Evidence& evidence);

private:
    /// What was told of, and is not over.
    struct Told {
        Change begin;
        std::uint64_t hash = 0;  // of its name
        ServiceId id = 0;        // of a named service
        Time seen{};             // last time that it held
    };
    /// Gates of one sketch.
    struct Topic {
        ChangeKind begins, ends;
        CountKind kind;
        Duration quiet;  // closed for so long, it is over
        std::vector<Told> told{};
    };
    /// Gates of named services.
    struct NamedTopic {
        ChangeKind begins, ends;
        std::uint8_t state;  // of ServiceStates
        Duration quiet;
        std::vector<Told> told{};
    };
    struct Scene;  // what one call is about

    void tell_of_rungs(const Scene& s);
    void tell_of_hosts(const Scene& s);
    void tell_of_heavy(const Scene& s);
    void tell_of_all(const Scene& s);
    void tell_of_named(const Scene& s, NamedTopic& topic);
    void tell_of_names(const Scene& s, Topic& topic);
    void follow_block(const Scene& s, Told& told);
    [[nodiscard]] bool walk_is_due(const Scene& s);
    void find_names(const Scene& s);
    void name(const Scene& s, Topic& topic, std::vector<CountKey>& candidates);

    std::vector<Change> changes_;
    std::array<Topic, 3> topics_;
    std::array<NamedTopic, 2> named_;
    std::vector<Told> hosts_, heavy_;
    std::shared_ptr<const ServiceStates> states_;  // as of the last call
    std::uint8_t rungs_ = 0;
    bool every_ = false;
    Time every_since_{};
    std::array<Time, kRungCount> rung_since_{};
    std::uint32_t purge_ = 0;
    std::size_t open_cells_ = 0;
    bool opened_ = false;  // cells, since the last walk
    Time walked_{};
};

}  // namespace ajar
