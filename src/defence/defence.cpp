// Summing up and deciding, once an epoch.
#include "ajar/defence/defence.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "ajar/flow/siphash.hpp"
#include "ajar/tracker.hpp"
#include "defence/spans.hpp"

namespace ajar {
namespace {

constexpr Duration kTellEvery = std::chrono::milliseconds(100);
constexpr Duration kShareDwell = std::chrono::seconds(1);

CountMarks service_marks(const DefencePolicy& policy) {
    return {policy.service_high, policy.service_low, policy.dwell, kLinger};
}

constexpr std::uint32_t kNever = ~std::uint32_t{0};

std::uint32_t mark_of(std::uint32_t limit) { return limit == 0 ? kNever : limit; }

CountMarks host_marks(const DefencePolicy& policy) {
    const auto high = mark_of(policy.destination_high);
    return {high, std::min(policy.destination_low, high), policy.dwell, kLinger};
}

/// What a cell holds of others: as much as any does.
std::uint32_t noise(std::span<const std::uint32_t> cells) {
    const auto all = std::accumulate(cells.begin(), cells.end(), std::uint64_t{0});
    return static_cast<std::uint32_t>(all / cells.size());
}

std::uint32_t above(std::uint32_t limit, std::uint32_t more) {
    return limit == kNever ? kNever : limit + more;
}

CountMarks source_marks(std::uint32_t limit, Duration block_time) {
    return {limit, limit - limit / 4, std::chrono::seconds(1), block_time};
}
CountMarks limit_marks(std::uint32_t limit) { return {limit, limit, {}, {}}; }

std::uint32_t least_rate(const DefencePolicy& policy) {
    return std::min(
        {mark_of(policy.service_rate), mark_of(policy.service_rate_limit), mark_of(policy.source_rate)});
}

/// Per mille.
std::uint32_t part(std::uint64_t used, std::uint64_t capacity) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(used * 1000 / std::max<std::uint64_t>(1, capacity), 1000));
}

}  // namespace

std::uint32_t sketch_lines(const TableSizes& sizes) {
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(std::bit_ceil(sizes.embryonic / 64), 1U << 8U, 1U << 15U));
}

tcp::cookie::Secret cookie_secret(const HashKey& key) {
    const auto half = [&](std::uint64_t which) {
        return siphash<2, 4>(key.secret, std::array{std::uint64_t{0x636f6f6b6965}, which}, 0, 16);
    };
    return {half(0), half(1)};
}

Defence::Defence(const TableSizes& sizes, const tcp::cookie::Secret& secret)
    : sizes_(sizes),
      secret_(secret),
      half_open_(memory_, sketch_lines(sizes)),
      cookies_(memory_, sketch_lines(sizes)),
      base_(half_open_.cells().size()),
      next_base_(base_.size()),
      in_flight_(base_.size()),
      pending_(in_flight_),
      services_(sketch_lines(sizes)),
      sources_(sketch_lines(sizes)),
      full_(sketch_lines(sizes)),
      hosts_(sketch_lines(sizes)),
      coverage_(memory_, sketch_lines(sizes)),
      profiles_(std::make_shared<ServerProfiles>()),
      posture_(std::make_shared<Posture>()) {}

Defence::Totals Defence::totals_of(std::span<Tracker* const> shards) {
    Totals totals;
    for (const Tracker* shard : shards) {
        const Counters& counters = shard->counters();
        for (std::size_t f = 0; f < 2; ++f) {
            totals.embryonic[f] += counters.embryonic_used[f].get();
            totals.confirmed[f] += counters.confirmed_used[f].get();
        }
        totals.half_open += counters.half_open.get();
        const auto answers = counters.cookies_sent.get() + counters.challenges_sent.get();
        const auto proofs = counters.cookies_accepted.get() - counters.cookies_repeated.get();
        totals.cookies += answers - proofs - counters.challenges_met.get();
        totals.asked += counters.flows_created.get() + answers;
    }
    return totals;
}

// By ordinal: of two that contradict each other the later one holds, whichever shard saw it.
void Defence::learn(std::span<Tracker* const> shards) {
    std::vector<Observation> seen;
    Observation next;
    for (Tracker* shard : shards) {
        while (shard->observations().pop(next)) seen.push_back(next);
    }
    std::sort(seen.begin(), seen.end(), [](const Observation& a, const Observation& b) {
        return a.time != b.time ? a.time < b.time : a.ordinal < b.ordinal;
    });
    for (const Observation& o : seen) {
        const ServerProfile* const known = known_.find(o.service);
        news_ = true;
        if (o.closed) {
            if (known != nullptr) known_.put(o.service, refused(*known));
        } else {
            known_.put(o.service, known == nullptr ? o.profile : updated(*known, o.profile));
        }
    }
}

/// A copy, so not oftener than needed; at once where cookies are sent by it.
bool Defence::tell_profiles(Time now) {
    if (!news_ || (!active() && now - told_ < kTellEvery)) return false;
    news_ = false;
    told_ = now;
    profiles_ = std::make_shared<ServerProfiles>(known_);
    return true;
}

bool Defence::none_open() const {
    const bool by_rate =
        !rates_ || (rates_->services.idle() && rates_->sources.idle() && rates_->full.idle());
    return services_.idle() && hosts_.idle() && sources_.idle() && full_.idle() && by_rate;
}

bool Defence::active() const {
    return every_ || !services_.idle() || !hosts_.idle() || !named_.idle() ||
           (rates_ && !rates_->services.idle());
}

bool Defence::begin_generation(const Totals& totals, Time now) {
    if (now - generation_ < kGeneration) return false;
    generation_ = now;
    total_base_ = std::exchange(next_total_base_, totals.cookies);
    return true;
}

/// `begins`: a generation does.
void Defence::sum_up(std::span<Tracker* const> shards, bool begins) {
    half_open_.clear();
    cookies_.clear();
    for (const Tracker* shard : shards) {
        half_open_.add(shard->half_open());
        cookies_.add_modulo(shard->cookies());
    }
    const auto cookies = cookies_.cells();
    if (services_.idle() && hosts_.idle() && (!rates_ || rates_->services.idle())) {
        std::copy(cookies.begin(), cookies.end(), base_.begin());
        next_base_ = base_;
    } else if (begins) {
        base_.swap(next_base_);
        std::copy(cookies.begin(), cookies.end(), next_base_.begin());
    }
    const auto half_open = half_open_.cells();
    for (std::size_t i = 0; i < in_flight_.size(); ++i) {
        const auto unanswered = static_cast<std::int32_t>(cookies[i] - base_[i]);
        in_flight_[i] = half_open[i] + static_cast<std::uint32_t>(std::max(0, unanswered));
    }
}

Defence::Rates::Rates(Memory& memory, std::uint32_t lines)
    : sums(memory, lines),
      base(std::size_t{lines} * kSketchLine),
      next_base(base),
      grown(base),
      asked_base(base),
      asked_next_base(base),
      asked(base),
      services(lines),
      sources(lines),
      full(lines) {}

/// After sum_up(). `steps`: the window does.
void Defence::sum_rates(std::span<Tracker* const> shards, bool steps) {
    Rates& r = *rates_;
    r.sums.clear();
    for (const Tracker* shard : shards) r.sums.add_modulo(shard->births());
    const auto births = r.sums.cells(), cookies = cookies_.cells();
    if (steps && !r.begun) {  // what was before counts for nothing
        std::copy(births.begin(), births.end(), r.next_base.begin());
        for (std::size_t i = 0; i < births.size(); ++i) r.asked_next_base[i] = births[i] + cookies[i];
        r.begun = true;
    }
    if (steps) {
        r.base.swap(r.next_base);
        r.asked_base.swap(r.asked_next_base);
        for (std::size_t i = 0; i < births.size(); ++i) {
            r.next_base[i] = births[i];
            r.asked_next_base[i] = births[i] + cookies[i];
        }
    }
    for (std::size_t i = 0; i < births.size(); ++i) {
        r.grown[i] = births[i] - r.base[i];
        // A cookie of the time before may have been accepted since.
        const auto asked = static_cast<std::int32_t>(births[i] + cookies[i] - r.asked_base[i]);
        r.asked[i] = static_cast<std::uint32_t>(std::max(0, asked));
    }
}

bool Defence::weigh_rates(const DefencePolicy& policy, Time now) {
    const auto growth = [&](std::uint32_t rate) { return window_.growth(mark_of(rate), now); };
    const std::uint32_t busy = growth(policy.service_rate);
    Rates& r = *rates_;
    const Tick tick = tick_of(now);
    const std::size_t open = r.services.open().size();
    bool changed = r.services.update(r.asked, {busy, busy - busy / 2, policy.dwell, kLinger}, tick);
    opened_ |= r.services.open().size() > open;
    const std::uint32_t others = noise(r.grown);
    const auto limit = [&](std::uint32_t rate) { return above(growth(rate), others); };
    changed |= r.sources.update(r.grown, source_marks(limit(policy.source_rate), policy.block_time), tick);
    changed |= r.full.update(r.grown, limit_marks(limit(policy.service_rate_limit)), tick);
    return changed;
}

/// No mark can have been reached, whoever it is.
bool Defence::all_quiet(const DefencePolicy& policy, const Totals& totals, Time now) const {
    if (!none_open() || nearly_full(totals)) return false;
    const auto least = std::min({policy.service_high, mark_of(policy.destination_high),
                                 mark_of(policy.source_limit), mark_of(policy.service_limit)});
    if (totals.half_open + fleet_.most() >= least) return false;
    return !rates_ || totals.asked - asked_base_ < window_.growth(least_rate(policy), now);
}

bool Defence::weigh(std::span<Tracker* const> shards, const Policy& policy, const Totals& totals, Time now) {
    DefencePolicy marks = policy.defence;
    if (!answers_ever(policy)) {
        marks.service_high = marks.service_low = kNever;
        marks.service_rate = marks.destination_high = 0;
    }
    if (!rates_ && least_rate(marks) != kNever) {
        rates_ = std::make_unique<Rates>(memory_, half_open_.lines());
        asked_next_base_ = totals.asked;
    }
    const bool steps = rates_ && window_.begin(now);
    if (steps) asked_base_ = std::exchange(asked_next_base_, totals.asked);
    const bool quiet = all_quiet(marks, totals, now);
    const bool begins = begin_generation(totals, now);
    const bool looks = fleet_.due(now);
    if (quiet && !steps && !looks) return false;
    sum_up(shards, begins);
    if (rates_) sum_rates(shards, steps);
    if (looks) fleet_.look(now, shards, in_flight_, half_open_.lines(), named_, policy);
    if (quiet) return false;
    pending_ = fleet_.join(in_flight_, half_open_.lines(), shards);
    const Tick tick = tick_of(now);
    const std::size_t open = services_.open().size();
    bool changed = services_.update(pending_, service_marks(marks), tick);
    opened_ |= services_.open().size() > open;
    // A limit bars whoever is above it: none must be for the company that it keeps in its cells.
    const std::uint32_t others = noise(half_open_.cells());
    changed |= sources_.update(
        half_open_.cells(), source_marks(above(mark_of(marks.source_limit), others), marks.block_time), tick);
    changed |=
        full_.update(half_open_.cells(), limit_marks(above(mark_of(marks.service_limit), others)), tick);
    if (rates_) changed |= weigh_rates(marks, now);
    return weigh_hosts(shards, policy, host_marks(marks), now) || changed;
}

/// After the services.
bool Defence::weigh_hosts(std::span<Tracker* const> shards, const Policy& policy, const CountMarks& marks,
                          Time now) {
    const HostGates::Services services{policy, services_.open(), rates_ ? &rates_->services.open() : nullptr};
    const bool changed = hosts_.update(now, shards, pending_, services, marks);
    opened_ |= hosts_.opened();
    return changed;
}

/// Per mille of the places of the family that has the fewest left; `more` come to the one with more flows.
std::uint32_t Defence::fullest(const std::array<std::uint64_t, 2>& used, std::uint64_t places,
                               std::uint64_t more) const {
    const std::uint64_t v6 = places * sizes_.ipv6_percent / 100;
    return std::max(part(used[0] + (used[0] >= used[1] ? more : 0), places - v6),
                    part(used[1] + (used[0] < used[1] ? more : 0), v6));
}

/// Down at once, up once a second: whoever holds the store around a step would make all timers anew with each
/// epoch.
std::uint32_t Defence::next_share(std::uint32_t embryonic, Time now) {
    const std::uint32_t share = embryonic_share(embryonic);
    if (share <= share_ || now - share_risen_ < kShareDwell) {
        if (share < share_) share_risen_ = now;
        return std::min(share, share_);
    }
    share_risen_ = now;
    return share;
}

bool Defence::climb(const Totals& totals, const Policy& policy, Time now) {
    // While all services are answered for, a cookie in flight stands for the handshake that it keeps out of
    // the store: else it would fill again as soon as cookies stop. One flooded service alone does not fill
    // it: its own gate sees to that.
    const auto unanswered =
        ladder_.on(Rung::cookies)
            ? std::max<std::int64_t>(0, static_cast<std::int64_t>(totals.cookies - total_base_))
            : 0;
    const auto embryonic = fullest(totals.embryonic, sizes_.embryonic, 0);
    fill_ = {fullest(totals.embryonic, sizes_.embryonic, static_cast<std::uint64_t>(unanswered)),
             fullest(totals.confirmed, sizes_.confirmed, 0)};
    const bool changed = ladder_.update(kLadderMarks, fill_, now) != 0;
    const std::uint32_t share = next_share(embryonic, now);
    const bool every =
        policy.defence.answer == Answering::always || (answers_ever(policy) && ladder_.on(Rung::cookies));
    opened_ |= every && !every_;
    if (every) every_until_ = now + kLinger;
    const bool same = share == share_ && every == every_ && (now < every_until_) == posture_->lately_every;
    share_ = share;
    every_ = every;
    return changed || !same;
}

/// Then networks are weighed.
bool Defence::nearly_full(const Totals& totals) const {
    return ladder_.on(Rung::heaviest_first) ||
           fullest(totals.embryonic, sizes_.embryonic, 0) >=
               kLadderMarks[static_cast<std::size_t>(Rung::heaviest_first)].enter;
}

bool Defence::weigh_networks(std::span<Tracker* const> shards, Time now) {
    if (!ladder_.on(Rung::heaviest_first)) return heaviest_.clear();
    return heaviest_.update(now, shards, half_open_, sizes_.embryonic);
}

// Keys follow from the time: new ones when a period begins, and in its last second.
bool Defence::rotate(Time now, Time wall) {
    const Duration age = wall.time_since_epoch();
    const auto period = static_cast<std::uint64_t>(age / tcp::cookie::kPeriod);
    const bool near_the_end = age % tcp::cookie::kPeriod >= tcp::cookie::kPeriod - tcp::cookie::kSkew;
    const std::uint64_t phase = 2 * period + (near_the_end ? 2 : 1);
    if (phase == key_phase_) return false;
    key_phase_ = phase;
    ahead_ = wall - now;
    keys_ = std::make_shared<tcp::cookie::Keys>(secret_, wall);
    return true;
}

// When all that began before the gate opened is old enough.
bool Defence::purge(Time now) {
    if (std::exchange(opened_, false)) purge_at_ = now + kPurgeAge + 2 * kTickLength;
    if (now < purge_at_) return false;
    purge_at_ = Time::max();
    ++purge_;
    return true;
}

std::shared_ptr<const Posture> Defence::update(Time now, Time wall, std::span<Tracker* const> shards,
                                               const Policy& policy) {
    const Totals totals = totals_of(shards);
    learn(shards);
    bool changed = weigh(shards, policy, totals, now);
    changed |= named_.update(shards, policy.services, now, fleet_.others());
    opened_ |= named_.opened();
    changed |= climb(totals, policy, now);
    changed |= weigh_networks(shards, now);
    changed |= rotate(now, wall);
    changed |= purge(now);
    changed |= tell_profiles(now);
    changed |= coverage_.update(now, shards);
    if (changed || first_) publish(now);
    first_ = false;
    changes_ = herald_.tell(now, *posture_, policy, shards, evidence());
    return posture_;
}

void Defence::publish(Time now) {
    auto next = std::make_shared<Posture>();
    next->every_service = every_;
    next->lately_every = now < every_until_;
    next->rungs = ladder_.rungs();
    next->share = share_;
    next->purge = purge_;
    next->heaviest = heaviest_.hashes();
    next->flooded = services_.open();
    next->lately = services_.lingering();
    next->hosts = hosts_.open();
    next->hosts_lately = hosts_.lately();
    next->full = full_.open();
    next->crowded = sources_.lingering();
    if (rates_) {
        next->flooded.join(rates_->services.open());
        next->lately.join(rates_->services.lingering());
        next->full.join(rates_->full.open());
        next->eager = rates_->sources.lingering();
        next->crowded.join(next->eager);
    }
    next->named = named_.states();
    next->profiles = profiles_;
    next->coverage = coverage_.coverage();
    next->unheard_lately = coverage_.unheard_lately();
    next->keys = keys_;
    next->ahead = ahead_;
    next->active = next->lately_every || !none_open() || !named_.idle();
    posture_ = std::move(next);
}

Evidence Defence::evidence() const {
    const std::uint32_t lines = half_open_.lines();
    Evidence e;
    e.half_open = {half_open_.cells(), lines};
    e.pending = {pending_, lines};
    e.here = {in_flight_, lines};
    e.sources = {&sources_, rates_ ? &rates_->sources : nullptr};
    e.window = &window_;
    if (rates_) {
        e.begun = {rates_->grown, lines};
        e.asked = {rates_->asked, lines};
    }
    e.named = &named_;
    e.hosts = hosts_.hosts();
    e.heavy = heaviest_.networks();
    e.places = sizes_.embryonic;
    e.fill = fill_;
    return e;
}

}  // namespace ajar
