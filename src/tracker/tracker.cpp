// The public face of a shard: bursts, background work, counters.
#include "ajar/tracker.hpp"

#include <algorithm>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/hash.hpp"
#include "tracker/accounts.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"
#include "tracker/impl.hpp"
#include "tracker/judge.hpp"
#include "tracker/prefetch.hpp"
#include "tracker/shard.hpp"

namespace ajar {

using namespace tracker;  // NOLINT(google-build-using-namespace): this file is that namespace's face

std::uint64_t memory_needed(const TrackerOptions& options) {
    const auto partitions = std::count(options.owned.begin(), options.owned.end(), true);
    return partition_bytes(options.sizes, options.recording) * static_cast<std::uint64_t>(partitions) +
           LinkTable::memory_needed(options.link_headers) + Outbox::kBytes +
           5 * CountMin::bytes_for(sketch_lines(options.sizes)) + ServiceCounts::bytes_for() +
           kAlignmentSlack;
}

Tracker::Tracker(const TrackerOptions& options, Memory& memory)
    : impl_(std::make_unique<Impl>(options, memory)) {}
Tracker::~Tracker() = default;

namespace {

void count_frames(Counters& counters, std::uint64_t frames, Disposal disposal, Reason reason) {
    counters.packets.add(frames);
    switch (disposal) {
        case Disposal::forward:
        case Disposal::translate:
            counters.forwarded.add(frames);
            break;
        case Disposal::drop:
            counters.dropped.add(frames);
            break;
        case Disposal::consume:
        case Disposal::answer:
            counters.consumed.add(frames);
            break;
    }
    counters.reason[static_cast<std::size_t>(reason)].add(frames);
}

/// The frames of a fragmented datagram share its fate; all but one of them were held for it.
void count_earlier(Counters& counters, const Packet& datagram, const Verdict& verdict) {
    const bool forwarded = verdict.disposal == Disposal::forward || verdict.disposal == Disposal::translate;
    count_frames(counters, datagram.pieces - 1U, verdict.disposal,
                 forwarded ? Reason::fragment_released : verdict.reason);
}

/// What a burst adds to the counters. Nearly all packets are whole segments that pass for no reason: they are
/// summed up here, and the rest as it comes.
class BurstCount {
public:
    void add(Counters& counters, const Packet& packet, const Verdict& verdict) {
        bytes_ += packet.wire_length;
        tcp_ += packet.kind == PacketKind::tcp ? 1U : 0U;
        if (verdict.disposal == Disposal::forward && verdict.reason == Reason::none) [[likely]] {
            ++passed_;
        } else {
            count_frames(counters, 1, verdict.disposal, verdict.reason);
        }
        if (packet.pieces > 1) [[unlikely]]
            count_earlier(counters, packet, verdict);
    }
    void settle(Counters& counters) const {
        count_frames(counters, passed_, Disposal::forward, Reason::none);
        counters.bytes.add(bytes_);
        counters.tcp_packets.add(tcp_);
    }

private:
    std::uint64_t bytes_ = 0, tcp_ = 0, passed_ = 0;
};

void note_time(Shard& shard, Time now) {
    if (shard.latest == Time{}) shard.target = now;
    shard.latest = std::max(shard.latest, now);
}

/// At the end of a call that may have changed tables.
void settle(Shard& shard) {
    settle_counts(shard);
    shard.counters.link_headers.set(shard.links.size());
    shard.counters.links_refused.set(shard.links.refused());
}

// A timer's stamp is right for ages below 15 days: longer silences are crossed in steps.
constexpr Duration kLongestStep = std::chrono::hours(24 * 5);

/// A look at a partition in which nothing is due, in units of the budget.
constexpr std::size_t kPartitionCost = 64;

/// Of one flow that ends with the process: each end's, and another one where data is on its way to it.
constexpr std::size_t kResetsAtExit = 4;

/// Of one call, so that all its frames find room.
constexpr std::size_t kMostBudget = kOutbox / kResetsPerVisit / 2 * kExpiryCost;

/// One partition after the other, until the budget is spent.
void collect_pending(Shard& shard, std::size_t budget) {
    while (shard.pending != 0 && collect(shard, *shard.owned[shard.cursor], shard.target, budget)) {
        shard.cursor = (shard.cursor + 1) % shard.owned.size();
        --shard.pending;
        budget -= std::min(budget, kPartitionCost);
        if (budget == 0) return;
    }
}

/// Deadlines are ticks: within the tick whose collection is complete nothing more can come due.
bool is_collected(const Shard& shard, Time now) {
    return shard.pending == 0 && shard.collected == tick_of(now);
}

}  // namespace

void Tracker::expect(const Packet& packet) const { tracker::expect(*impl_, packet); }

void Tracker::process(std::span<const Packet> packets, std::span<Verdict> verdicts, const Policy& policy,
                      const Posture& posture) {
    Shard& shard = *impl_;
    shard.use(policy, posture);
    shard.outbox.clear();
    shard.rewrites.clear();
    shard.answers.clear();
    if (packets.empty()) return;
    note_time(shard, packets.back().time);
    std::array<Slot, kBurst> guesses;
    approach(shard, packets, guesses);
    BurstCount counted;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        verdicts[i] = judge(shard, packets[i], guesses[i]);
        counted.add(shard.counters, packets[i], verdicts[i]);
    }
    counted.settle(shard.counters);
    settle(shard);
}

bool Tracker::advance(Time now, std::size_t budget, const Policy& policy, const Posture& posture) {
    Shard& shard = *impl_;
    shard.use(policy, posture);
    shard.outbox.clear();
    note_time(shard, now);
    if (is_collected(shard, now)) return true;
    if (shard.pending == 0) {
        shard.target = std::min(now, shard.target + kLongestStep);
        shard.pending = shard.owned.size();
    }
    collect_pending(shard, std::min(budget, kMostBudget));
    shard.counters.timer_backlog.set(shard.pending);
    settle(shard);
    if (shard.pending == 0) shard.collected = tick_of(shard.target);
    return is_collected(shard, now);
}

Time Tracker::next_deadline(const Policy& policy, const Posture& posture) const {
    Shard& shard = *impl_;
    shard.use(policy, posture);
    Time earliest = Time::max();
    for (const auto& partition : shard.owned)
        earliest =
            std::min({earliest, first_deadline(shard, partition->v4), first_deadline(shard, partition->v6)});
    return earliest;
}

bool Tracker::finish(Time now, std::size_t budget, const Policy& policy, const Posture& posture,
                     Ending ending) {
    Shard& shard = *impl_;
    shard.use(policy, posture);
    shard.outbox.clear();
    shard.exits = ending == Ending::process;
    budget = std::min(budget, kOutbox / kResetsAtExit);
    const bool done = std::all_of(shard.owned.begin(), shard.owned.end(), [&](const auto& partition) {
        return end_all<KeyV4>(shard, *partition, now, budget) &&
               end_all<KeyV6>(shard, *partition, now, budget);
    });
    settle(shard);
    return done;
}

void Tracker::frames_lost(Time now) { impl_->frames_lost = tick_of(now); }

namespace {

template <typename Key>
bool evict_tuple(Shard& shard, const Packet& tuple, Time now, const EvictTerms& terms) {
    Partition& partition = *shard.partitions[tuple.partition];
    auto& tables = partition.tables<Key>();
    const Slot slot = find_slot(tables, key_of<Key>(tuple), tuple.hash);
    if (slot.store() != Store::confirmed && slot.store() != Store::embryonic) return false;
    const auto flow = view_of(tables, slot, tuple.hash);
    if (terms.birth && *terms.birth != flow.birth()) return false;
    Occasion occasion{now, flow.birth(), 0};
    const auto action =
        terms.action.value_or(shard.policy->actions[static_cast<std::size_t>(Cause::administrative)]);
    evict(shard, partition, occasion, flow, Cause::administrative, action, Reason::administrative);
    return true;
}

}  // namespace

bool Tracker::evict(const Packet& tuple, Time now, const Policy& policy, const Posture& posture,
                    const EvictTerms& terms) {
    Shard& shard = *impl_;
    shard.use(policy, posture);
    shard.outbox.clear();
    const bool found = tuple.family == Family::ipv4 ? evict_tuple<KeyV4>(shard, tuple, now, terms)
                                                    : evict_tuple<KeyV6>(shard, tuple, now, terms);
    settle(shard);
    return found;
}

std::span<const Craft> Tracker::outbox() const { return impl_->outbox.frames(); }
std::span<const Rewrite> Tracker::rewrites() const { return impl_->rewrites.values(); }
std::span<const Craft> Tracker::answers() const { return impl_->answers.values(); }
const CountMin& Tracker::half_open() const { return impl_->half_open; }
const CountMin& Tracker::cookies() const { return impl_->cookies; }
const CountMin& Tracker::births() const { return impl_->births; }
const CountMin& Tracker::heard() const { return impl_->heard; }
const CountMin& Tracker::unheard() const { return impl_->unheard; }
const ServiceCounts& Tracker::services() const { return impl_->service_counts; }
SpscRing<Observation>& Tracker::observations() { return impl_->observations; }
void Tracker::asked(Second second, std::vector<AskPart>& parts) const {
    for (const auto& partition : impl_->owned)
        if (auto part = partition->asked.of(second); part.count != 0) parts.push_back(std::move(part));
}
std::uint64_t Tracker::asked(Second second) const {
    std::uint64_t sum = 0;
    for (const auto& partition : impl_->owned) sum += partition->asked.count_of(second);
    return sum;
}
std::uint64_t Tracker::hash_of(const CountKey& name) const { return keyed_hash(name, impl_->count_hash_key); }

SpscRing<Event>& Tracker::events() { return impl_->events; }
const Counters& Tracker::counters() const { return impl_->counters; }

}  // namespace ajar
