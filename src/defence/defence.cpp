// Summing up and deciding, once an epoch.
#include "ajar/defence/defence.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "ajar/flow/siphash.hpp"
#include "ajar/tracker.hpp"

namespace ajar {
namespace {

constexpr Duration kGeneration = std::chrono::seconds(5);
// Cookies are sealed for one period and accepted for one more.
constexpr Duration kLinger = 2 * tcp::cookie::kPeriod;
constexpr Duration kTellEvery = std::chrono::milliseconds(100);

CountMarks service_marks(const DefencePolicy& policy) {
    return {policy.service_high, policy.service_low, policy.dwell, kLinger};
}

constexpr std::uint32_t kNever = ~std::uint32_t{0};

CountMarks source_marks(const DefencePolicy& policy) {
    const std::uint32_t limit = policy.source_limit == 0 ? kNever : policy.source_limit;
    return {limit, limit - limit / 4, std::chrono::seconds(1), {}};
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
      services_(sketch_lines(sizes)),
      sources_(sketch_lines(sizes)),
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
        totals.cookies += counters.cookies_sent.get() - counters.cookies_accepted.get();
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
            known_.remove(o.service);
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

bool Defence::active() const { return every_ || !services_.idle(); }

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
    if (services_.idle()) {
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

bool Defence::weigh(std::span<Tracker* const> shards, const Policy& policy, const Totals& totals, Time now) {
    const auto marks = service_marks(policy.defence), limit = source_marks(policy.defence);
    const bool quiet = services_.idle() && sources_.idle();
    const bool begins = begin_generation(totals, now);
    if (quiet && totals.half_open < std::min(marks.enter, limit.enter)) return false;
    sum_up(shards, begins);
    const std::size_t open = services_.open().size();
    const bool services = services_.update(in_flight_, marks, tick_of(now));
    opened_ |= services_.open().size() > open;
    const bool sources = sources_.update(half_open_.cells(), limit, tick_of(now));
    return services || sources;
}

/// Per mille of the places of the family that has the fewest left; `more` come to the one with more flows.
std::uint32_t Defence::fullest(const std::array<std::uint64_t, 2>& used, std::uint64_t places,
                               std::uint64_t more) const {
    const std::uint64_t v6 = places * sizes_.ipv6_percent / 100;
    return std::max(part(used[0] + (used[0] >= used[1] ? more : 0), places - v6),
                    part(used[1] + (used[0] < used[1] ? more : 0), v6));
}

bool Defence::climb(const Totals& totals, const Policy& policy, Time now) {
    // A cookie in flight stands for the handshake that it keeps out of the store: else it would fill again as
    // soon as cookies stop.
    const auto unanswered =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(totals.cookies - total_base_));
    const auto embryonic = fullest(totals.embryonic, sizes_.embryonic, 0);
    const Fill fill{fullest(totals.embryonic, sizes_.embryonic, static_cast<std::uint64_t>(unanswered)),
                    fullest(totals.confirmed, sizes_.confirmed, 0)};
    const bool changed = ladder_.update(kLadderMarks, fill, now) != 0;
    const std::uint32_t share = embryonic_share(embryonic);
    const bool every = policy.defence.cookies == Cookies::always || ladder_.on(Rung::cookies);
    opened_ |= every && !every_;
    if (every) every_until_ = now + kLinger;
    const bool same = share == share_ && every == every_ && (now < every_until_) == posture_->lately_every;
    share_ = share;
    every_ = every;
    return changed || !same;
}

// Keys follow from the time: new ones when a period begins, and in its last second.
bool Defence::rotate(Time now) {
    const Duration age = now.time_since_epoch();
    const auto period = static_cast<std::uint64_t>(age / tcp::cookie::kPeriod);
    const bool near_the_end = age % tcp::cookie::kPeriod >= tcp::cookie::kPeriod - tcp::cookie::kSkew;
    const std::uint64_t phase = 2 * period + (near_the_end ? 2 : 1);
    if (phase == key_phase_) return false;
    key_phase_ = phase;
    keys_ = std::make_shared<tcp::cookie::Keys>(secret_, now);
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

std::shared_ptr<const Posture> Defence::update(Time now, std::span<Tracker* const> shards,
                                               const Policy& policy) {
    const Totals totals = totals_of(shards);
    learn(shards);
    if (policy.defence.cookies == Cookies::off && policy.defence.source_limit == 0) {
        if (first_) return posture_;
        first_ = true;
        return posture_ = std::make_shared<Posture>();
    }
    bool changed = weigh(shards, policy, totals, now);
    changed |= climb(totals, policy, now);
    changed |= rotate(now);
    changed |= purge(now);
    changed |= tell_profiles(now);
    if (!changed && !first_) return posture_;
    first_ = false;
    auto next = std::make_shared<Posture>();
    const bool answers = policy.defence.cookies != Cookies::off;
    next->since = now;
    next->every_service = answers && every_;
    next->lately_every = answers && now < every_until_;
    next->rungs = ladder_.rungs();
    next->share = share_;
    next->purge = purge_;
    if (answers) {
        next->flooded = services_.open();
        next->lately = services_.lingering();
    }
    next->crowded = sources_.open();
    next->profiles = profiles_;
    next->keys = keys_;
    next->active = next->lately_every || !next->lately.empty() || !next->crowded.empty();
    posture_ = std::move(next);
    return posture_;
}

}  // namespace ajar
