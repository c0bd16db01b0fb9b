// Construction of a shard: all the memory it will ever use.
#include "tracker/shard.hpp"

#include "ajar/defence/defence.hpp"
#include "tracker/proxy.hpp"

#include "tracker/ordinary.hpp"

namespace ajar::tracker {
namespace {

std::uint32_t share(std::uint64_t total, std::uint32_t percent) {
    const std::uint64_t part = (total * percent / 100 + kPartitions - 1) / kPartitions;
    return static_cast<std::uint32_t>(part);
}

}  // namespace

// In a burst of new services some wait to be seen again.
constexpr std::size_t kObservations = 2048;

FamilySizes family_sizes(const TableSizes& sizes, Family family) {
    const std::uint32_t percent = family == Family::ipv6 ? sizes.ipv6_percent : 100 - sizes.ipv6_percent;
    FamilySizes out{};
    out.confirmed = share(sizes.confirmed, percent);
    out.embryonic = std::max(1U, share(sizes.embryonic, percent));
    out.tombstones = std::max(1U, share(sizes.tombstones, percent));
    out.mid_stream = std::max<std::uint32_t>(1, out.embryonic * sizes.mid_stream_percent / 100);
    return out;
}

std::uint64_t challenge_places(const TableSizes& sizes) { return share(sizes.embryonic, 100); }

namespace {

template <typename Key>
std::uint64_t family_bytes(const FamilySizes& s, Recording recording) {
    return Directory::bytes_for(s.slots()) + Pool<Key>::bytes_for(s.confirmed, recording) +
           Pool<Key>::bytes_for(s.embryonic, recording) + BirthLists::bytes_for(s.embryonic) +
           TimerSweep::bytes_for(s.confirmed) + Tombstones::bytes_for(s.tombstones) +
           Probes::bytes_for(Probes::capacity_for(s.confirmed)) + Suspicions::bytes_for(s.confirmed) +
           kAlignmentSlack;
}

}  // namespace

std::uint64_t partition_bytes(const TableSizes& sizes, Recording recording) {
    return family_bytes<KeyV4>(family_sizes(sizes, Family::ipv4), recording) +
           family_bytes<KeyV6>(family_sizes(sizes, Family::ipv6), recording) + AskSample::bytes_for() +
           Challenges::bytes_for(challenge_places(sizes));
}

Shard::Shard(const TrackerOptions& options, Memory& memory)
    : hash_key(options.key),
      count_hash_key(prepare(options.key)),
      recording(options.recording),
      links(options.link_headers, memory, options.key.secret[0]),
      events(options.event_ring),
      outbox(memory),
      half_open(memory, sketch_lines(options.sizes)),
      cookies(memory, sketch_lines(options.sizes)),
      births(memory, sketch_lines(options.sizes)),
      heard(memory, sketch_lines(options.sizes)),
      unheard(memory, sketch_lines(options.sizes)),
      service_counts(memory),
      observations(kObservations) {
    for (std::size_t p = 0; p < kPartitions; ++p) {
        if (!options.owned[p]) continue;
        const auto seed = siphash<2, 4>(options.key.secret, std::array{std::uint64_t{p}}, 0, sizeof p);
        const auto number = static_cast<std::uint32_t>(p);
        owned.push_back(std::make_unique<Partition>(memory, number, options.sizes, options.recording, seed));
        partitions[p] = owned.back().get();
        doors_v4[p] = partitions[p]->v4.door();
        doors_v6[p] = partitions[p]->v6.door();
    }
    for (auto& t : wanted_) t = Duration(-1);
}

void Shard::use(const Policy& p, const Posture& at) {
    adopt(p, at.share, at.rungs);
    posture = &at;
    const bool conntrack = p.boundaries == Boundaries::conntrack;
    wary = (at.active || p.sources) && conntrack;
    defends = wary && enforces(p);
    heaviest = at.heaviest.empty() || !conntrack || !enforces(p) ? nullptr : &at.heaviest;
    challenges = at.active && defends;
    counts_births = p.defence.service_rate != 0 || p.defence.service_rate_limit != 0;
    counts_proven = p.defence.source_rate != 0;
    counts_coverage = conntrack;
    counts_heard = counts_coverage && at.unheard_lately;
    learns = answers_ever(p) && conntrack;
}

void Shard::adopt(const Policy& p, std::uint32_t share, std::uint8_t rungs) {
    policy = &p;
    short_way = short_way_open(p, recording);
    const Services* const services = p.services.get();
    if (p.timeouts == wanted_ && p.mode == modes[0] && share == share_ && rungs == rungs_ &&
        services == services_ && (services == nullptr || p.generation == generation_))
        return;
    collected.reset();
    timeouts_since = latest;
    wanted_ = p.timeouts;
    adopt_services(services);
    generation_ = p.generation;
    share_ = share;
    rungs_ = rungs;
    for (std::size_t t = 0; t < kMostTerms; ++t) {
        const bool own = t != 0 && services != nullptr;
        modes[t] = own ? services->terms()[t].mode : p.mode;
        timeouts_[t] = in_force(own ? services->terms()[t].timeouts : p.timeouts, p.boundaries, modes[t]);
    }
    count_ticks();
}

// With the pressure ladder's first, fourth and fifth rung, but in observe, where a posture changes nothing.
Timeouts Shard::in_force(const Timeouts& wanted, Boundaries boundaries, Mode mode) const {
    Timeouts out = wanted;
    const auto of = [&](TimerClass c) -> Duration& { return out[static_cast<std::size_t>(c)]; };
    of(TimerClass::unacknowledged) = std::min(of(TimerClass::unacknowledged), of(TimerClass::established));
    if (boundaries == Boundaries::conntrack) of(TimerClass::attempt) = kServerPatience;
    if (mode == Mode::observe) return out;
    const auto shorten = [&](std::initializer_list<TimerClass> classes, std::uint32_t share) {
        for (const TimerClass c : classes) of(c) = scaled(of(c), share);
    };
    constexpr std::uint32_t kQuarter = 8;
    shorten({TimerClass::syn_sent, TimerClass::syn_recv, TimerClass::mid_stream}, share_);
    const auto on = [&](Rung r) { return (rungs_ >> static_cast<unsigned>(r) & 1U) != 0; };
    if (on(Rung::closing_states))
        shorten({TimerClass::last_ack, TimerClass::time_wait, TimerClass::close}, kQuarter);
    if (on(Rung::dead_connections))
        shorten({TimerClass::fin_wait, TimerClass::close_wait, TimerClass::unverified_rst,
                 TimerClass::unacknowledged},
                kQuarter);
    return out;
}

void Shard::adopt_services(const Services* next) {
    const std::uint32_t serial = next == nullptr ? 0 : next->serial();
    services_ = next;
    if (serial == service_counts.serial()) return;
    // A flow knows the time of its birth in coarser units: the next one begins the count.
    Warm unit;
    unit.set_first(latest);
    services_since = unit.first() < latest ? unit.first() + Warm::kUnit : latest;
    service_counts.begin(serial);
}

/// What is due after so long is never overdue: half a circle of ticks is the past.
constexpr std::uint32_t kNeverTicks = 1U << 30U;

void Shard::count_ticks() {
    const auto before = timeout_ticks;
    const auto stamps_before = stamp_ticks;
    const std::uint32_t version = stamps_for + 1;
    for (std::size_t c = 0; c < kTimerClassCount; ++c) {
        stamp_ticks[c] = 0;
        for (std::size_t t = 0; t < kMostTerms; ++t) {
            timeout_ticks[t][c] = ticks_for(timeouts_[t][c]);
            if (c == static_cast<std::size_t>(TimerClass::untimed)) timeout_ticks[t][c] = kNeverTicks;
            stamp_ticks[c] = std::max(stamp_ticks[c], timeout_ticks[t][c]);
        }
        for (std::size_t t = 0; t < kMostTerms; ++t)
            if (stamp_ticks[c] - timeout_ticks[t][c] > stamps_before[c] - before[t][c])
                doubted_at[c] = stamps_for = version;
    }
}

}  // namespace ajar::tracker
