// One shard of the tracker: bursts of parsed packets in, verdicts, crafted frames and events out.
//
// A shard owns whole partitions of the state, each with tables of its own. All calls come from one thread,
// the shard's writer; counters and entries may be read by others at any time. No call allocates, locks, logs
// or asks for the time. Verdicts and events of a partition depend only on the sequence of its packets and of
// advance() calls, so they are the same for any distribution of partitions over shards.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/counters.hpp"
#include "ajar/defence/posture.hpp"
#include "ajar/defence/service_counts.hpp"
#include "ajar/event.hpp"
#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/count_min.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/table_sizes.hpp"
#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/spsc_ring.hpp"
#include "ajar/tcp/translate.hpp"

namespace ajar {

inline constexpr std::size_t kPartitions = 128;
inline constexpr std::size_t kBurst = 64;  ///< most packets of one process() call

enum class Disposal : std::uint8_t {
    forward,
    drop,
    consume,
    translate,  ///< forward, when the next of rewrites() has been carried out
    answer,     ///< the next of answers() takes the frame's place, and goes back where it came from
};

/// nf_conntrack's word for what a packet is to its flow.
enum class CtVerdict : std::uint8_t { untracked, fresh, established, related, invalid };

struct Verdict {
    Disposal disposal = Disposal::forward;
    Reason reason = Reason::none;
    CtVerdict ct = CtVerdict::untracked;
    TcpState state = TcpState::none;  ///< of the flow, after the packet
    bool watched = false;             ///< the flow was flagged, or shows a sign of being half open
};

/// How a frame's numbers are translated (tcp/translate.hpp), before it is forwarded.
struct Rewrite {
    bool from_client = false;  ///< who sent it (an ICMP error: what it quotes)
    tcp::Translation by{};
};

struct TrackerOptions {
    TableSizes sizes{};
    HashKey key{};                          ///< from `seed`; the same for all shards
    std::array<bool, kPartitions> owned{};  ///< this shard's partitions
    std::size_t event_ring = 1U << 14U;     ///< events, a power of two
    std::size_t link_headers = 4096;        ///< interned link headers
    Recording recording = Recording::on;    ///< Boundaries::zeek and conn_state need it
};

/// Of an operator's order to evict a flow.
struct EvictTerms {
    std::optional<std::uint32_t> birth{};  ///< Warm::birth_ordinal: that flow, none that has its tuple since
    std::optional<Action> action{};        ///< else the policy's for `administrative`
};

/// How full a shard's stores are, and how far its look-ups go. Each number is whole, two of them need not
/// agree.
struct Occupancy {
    struct Places {
        std::uint64_t used = 0, all = 0;
    };
    std::array<Places, 2> embryonic{}, confirmed{};  ///< IPv4, IPv6
    Places tombstones{};
    Places directory{};         ///< slots of living flows and tombstones
    std::uint64_t strays = 0;   ///< of them, those whose look-up reads two lines, the others' one
    std::uint64_t kicks = 0;    ///< flows moved by inserts so far,
    unsigned longest_path = 0;  ///< and by the longest of them

    void add(const Occupancy& other);
};

/// Bytes that such a shard takes from its Memory. Its event ring comes on top.
std::uint64_t memory_needed(const TrackerOptions& options);

class Tracker {
public:
    /// Takes all the memory it will ever use, but for its event ring, from `memory`, which must outlive it.
    /// Throws std::bad_alloc.
    Tracker(const TrackerOptions& options, Memory& memory);
    ~Tracker();
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;

    /// `packet` is identified and will be judged soon: the line where its flow is looked up is fetched while
    /// its caller reads the next one. Changes nothing; a packet that was not announced costs a wait.
    void expect(const Packet& packet) const;

    /// Judges up to kBurst packets in order; `verdicts` is as long. Packet::hash and Packet::partition must
    /// be set (Steering in flow/steer.hpp), the partitions be owned, times not run backwards. Frames to
    /// send, if any, are in outbox() until the next call.
    void process(std::span<const Packet> packets, std::span<Verdict> verdicts, const Policy& policy,
                 const Posture& posture = Posture::calm());

    /// Collects what has expired by `now`. Of about `budget`, a stamp that is looked at costs 1, and a flow
    /// that is due TimerSweep::kDueCost. Returns true when nothing that is due is left, so
    /// `while (!advance(...))` collects all. Frames to send are in outbox().
    bool advance(Time now, std::size_t budget, const Policy& policy,
                 const Posture& posture = Posture::calm());

    /// No deadline of any flow lies before this instant; Time::max() when there are no flows. Lets a caller
    /// jump.
    [[nodiscard]] Time next_deadline(const Policy& policy, const Posture& posture = Posture::calm()) const;

    /// `process`: the appliance goes, and what Policy::on_exit says is done; `capture`: only what was
    /// recorded ends.
    enum class Ending : std::uint8_t { capture, process };
    /// Ends every flow with its record, at most `budget` of them a call; true when
    /// done. Of a process, connections that are not to go on are told in the outbox.
    bool finish(Time now, std::size_t budget, const Policy& policy, const Posture& posture = Posture::calm(),
                Ending ending = Ending::capture);

    /// Frames of outbox() have not left, by any shard's, or nobody knows which: who has not answered by then
    /// may never have been asked, and is asked again, twice as often as usual at the most.
    void frames_lost(Time now);

    /// Evicts one flow on the operator's order (cause `administrative`). False if there is no such flow.
    /// Frames to send are in outbox().
    bool evict(const Packet& tuple, Time now, const Policy& policy, const Posture& posture = Posture::calm(),
               const EvictTerms& terms = {});

    [[nodiscard]] std::span<const Craft> outbox() const;
    /// Of the latest process(), in the order of the verdicts that speak of them.
    [[nodiscard]] std::span<const Rewrite> rewrites() const;
    [[nodiscard]] std::span<const Craft> answers() const;

    // What Defence adds up. Sketches at any moment, by any thread; observations by one.
    [[nodiscard]] const CountMin& half_open() const;  ///< by CountKey
    [[nodiscard]] const CountMin& cookies()
        const;  ///< and challenges, sent less those that came back, by service, modulo 2^32
    [[nodiscard]] const CountMin& births()
        const;  ///< connections begun, by service, and made, by source; modulo 2^32
    [[nodiscard]] const CountMin& heard() const;    ///< by network: connections both ends of which were,
    [[nodiscard]] const CountMin& unheard() const;  ///< and those that an end's words pass by; modulo 2^32
    [[nodiscard]] const ServiceCounts& services() const;
    [[nodiscard]] SpscRing<Observation>& observations();
    /// Each partition's sample of that second, if that is the latest in which it was asked, or the one
    /// before: appended to `parts`. Any thread.
    void asked(Second second, std::vector<AskPart>& parts) const;
    [[nodiscard]] std::uint64_t asked(Second second) const;  ///< how often, in all
    /// Under which a name is counted in all sketches. Any thread.
    [[nodiscard]] std::uint64_t hash_of(const CountKey& name) const;

    [[nodiscard]] SpscRing<Event>& events();
    [[nodiscard]] const Counters& counters() const;

    /// Readers' side: copies living flows from position `cursor` on, at most out.size(); any thread,
    /// lock-free. Returns how many; `cursor` moves on and is 0 again after the last.
    struct Snapshot;
    std::size_t list(std::uint64_t& cursor, std::span<Snapshot> out) const;
    /// The same of one partition, which has a cursor of its own. None where this shard does not own it.
    std::size_t list(std::uint8_t partition, std::uint64_t& cursor, std::span<Snapshot> out) const;
    /// Under which its events know the flow. Any thread.
    [[nodiscard]] std::uint64_t flow_id_of(const Snapshot& flow) const;
    /// Any thread.
    [[nodiscard]] Occupancy occupancy() const;

    /// Embryonic flows by age (bounds of kEmbryonicAgeBounds) at `now`; any thread.
    [[nodiscard]] std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> embryonic_ages(Time now) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One flow as a reader sees it: a consistent copy.
struct Tracker::Snapshot {
    Family family = Family::ipv4;
    KeyV6 key{};  ///< IPv4 addresses in the first four bytes
    Tick tick{};
    Conn conn{};
    Warm warm{};
    bool recorded = false;  ///< `record` counts
    Record record{};
};

}  // namespace ajar
