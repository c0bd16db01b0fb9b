// From one posture to the next.
#include "ajar/defence/herald.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/tracker.hpp"
#include "defence/names.hpp"

namespace ajar {
namespace {

constexpr Duration kWalkSoon = std::chrono::milliseconds(100), kWalkAgain = std::chrono::seconds(1);
constexpr Duration kFlapping = std::chrono::seconds(1);

Change change(ChangeKind kind, Time now, const Policy& policy) {
    Change c;
    c.kind = kind;
    c.time = c.since = now;
    c.mode = policy.mode;
    c.generation = policy.generation;
    return c;
}

Mode mode_of(const Policy& policy, const Service& named) {
    return named.terms == 0 ? policy.mode : policy.services->terms()[named.terms].mode;
}

/// Of a flood.
void set_method(Change& c, const Policy& policy, const Service* named, bool profile) {
    if (info(c.kind).measure != Measure::flood) return;
    c.method = proof_by(policy, named == nullptr ? policy.defence : named->defence);
    c.server_known = profile || c.method != SynProof::cookie;
}

ServiceId id_of(const Services& services, const std::string& name) {
    for (std::size_t id = 1; id <= services.size(); ++id)
        if (services[static_cast<ServiceId>(id)].name == name) return static_cast<ServiceId>(id);
    return 0;
}

/// By whichever is nearer to its mark, or further beyond it.
void weigh(Change& c, std::uint64_t half_open, std::uint32_t high, std::uint32_t low, std::uint64_t a_second,
           std::uint32_t rate, std::uint32_t low_rate) {
    const bool by_rate = rate != 0 && (high == 0 || a_second * high > half_open * rate);
    c.gauge = by_rate ? Gauge::a_second : Gauge::half_open;
    c.value = by_rate ? a_second : half_open;
    c.enter = by_rate ? rate : high;
    c.leave = by_rate ? low_rate : low;
}

void weigh_flood(Change& c, const DefencePolicy& marks, std::uint64_t pending, std::uint64_t asked) {
    weigh(c, pending, marks.service_high, marks.service_low, asked, marks.service_rate,
          marks.service_rate / 2);
}
void weigh_limit(Change& c, const DefencePolicy& marks, std::uint64_t half_open, std::uint64_t begun) {
    weigh(c, half_open, marks.service_limit, marks.service_limit, begun, marks.service_rate_limit,
          marks.service_rate_limit);
}
void weigh_source(Change& c, const DefencePolicy& marks, std::uint64_t half_open, std::uint64_t begun) {
    const auto three_quarters = [](std::uint32_t mark) { return mark - mark / 4; };
    weigh(c, half_open, marks.source_limit, three_quarters(marks.source_limit), begun, marks.source_rate,
          three_quarters(marks.source_rate));
}

}  // namespace

std::uint64_t Evidence::Counts::of(std::uint64_t hash) const {
    return cells.empty() ? 0 : estimate_of(hash, cells, lines);
}

struct Herald::Scene {
    Time now;
    const Posture& posture;
    const Policy& policy;
    std::span<Tracker* const> shards;
    const Evidence& evidence;

    [[nodiscard]] std::uint64_t rate(const Evidence::Counts& counts, std::uint64_t hash) const {
        return counts.cells.empty() ? 0 : evidence.window->a_second(counts.of(hash), now);
    }
    [[nodiscard]] const CellSet& cells_of(const Topic& topic) const {
        const Measure measure = info(topic.begins).measure;
        if (measure == Measure::flood) return posture.flooded;
        return measure == Measure::limit ? posture.full : posture.crowded;
    }
    /// Is anything done because of this name's cells? Services with marks of their own go by these.
    [[nodiscard]] bool concerns(Measure measure, const CountKey& name) const {
        if (name.kind == CountKind::source) return standing_of(policy, name) != Standing::trusted;
        if (name.kind != CountKind::service) return true;
        const Service* const named = named_of(policy, name);
        if (named != nullptr && named->counted) return false;
        const auto& defence = named == nullptr ? policy.defence : named->defence;
        return measure != Measure::flood || defence.answer != Answering::off;
    }
    /// Of what is pending.
    [[nodiscard]] std::uint64_t elsewhere(std::uint64_t hash) const {
        const auto all = evidence.pending.of(hash);
        return all - std::min(all, evidence.here.of(hash));
    }
    void weigh(Change& c, std::uint64_t hash) const {
        const Evidence& e = evidence;
        switch (info(c.kind).measure) {
            case Measure::flood:
                weigh_flood(c, policy.defence, e.pending.of(hash), rate(e.asked, hash));
                c.elsewhere = c.gauge == Gauge::half_open ? elsewhere(hash) : 0;
                return;
            case Measure::limit:
                return weigh_limit(c, policy.defence, e.half_open.of(hash), rate(e.begun, hash));
            default:
                return weigh_source(c, policy.defence, e.half_open.of(hash), rate(e.begun, hash));
        }
    }
    void weigh(Change& c, ServiceId id) const {
        const auto* const r = evidence.named->reading(id);
        if (r == nullptr) return;
        const DefencePolicy& marks = (*policy.services)[id].defence;
        if (info(c.kind).measure != Measure::flood) return weigh_limit(c, marks, r->half_open, r->begun);
        weigh_flood(c, marks, r->pending, r->asked);
        c.elsewhere = c.gauge == Gauge::half_open ? r->elsewhere : 0;
    }
};

Herald::Herald()
    : topics_{{{ChangeKind::flooded, ChangeKind::flood_over, CountKind::service, {}},
               {ChangeKind::limit_reached, ChangeKind::limit_left, CountKind::service, kFlapping},
               {ChangeKind::source_blocked, ChangeKind::source_unblocked, CountKind::source, {}}}},
      named_{{{ChangeKind::flooded, ChangeKind::flood_over, ServiceStates::kAnswers, {}},
              {ChangeKind::limit_reached, ChangeKind::limit_left, ServiceStates::kFull, kFlapping}}} {}

std::span<const Change> Herald::tell(Time now, const Posture& posture, const Policy& policy,
                                     std::span<Tracker* const> shards, const Evidence& evidence) {
    changes_.clear();
    const Scene scene{now, posture, policy, shards, evidence};
    tell_of_rungs(scene);
    tell_of_hosts(scene);
    tell_of_heavy(scene);
    tell_of_all(scene);
    for (NamedTopic& topic : named_) tell_of_named(scene, topic);
    states_ = posture.named;
    for (Topic& topic : topics_) tell_of_names(scene, topic);
    if (walk_is_due(scene)) find_names(scene);
    return changes_;
}

void Herald::tell_of_rungs(const Scene& s) {
    const unsigned differ = std::exchange(rungs_, s.posture.rungs) ^ unsigned { s.posture.rungs };
    for (std::size_t r = 0; r < kRungCount && differ != 0; ++r) {
        const auto rung = static_cast<Rung>(r);
        if ((differ >> r & 1U) == 0) continue;
        const bool on = s.posture.on(rung), embryonic = rung <= Rung::cookies;
        Change c = change(on ? ChangeKind::rung_entered : ChangeKind::rung_left, s.now, s.policy);
        c.subject = Subject::rung;
        c.rung = rung;
        c.gauge = embryonic ? Gauge::embryonic : Gauge::confirmed;
        c.value = embryonic ? s.evidence.fill.embryonic : s.evidence.fill.confirmed;
        c.enter = kLadderMarks[r].enter;
        c.leave = kLadderMarks[r].leave;
        if (on) rung_since_[r] = s.now;
        c.since = rung_since_[r];
        changes_.push_back(std::move(c));
    }
}

void Herald::tell_of_hosts(const Scene& s) {
    const auto hosts = s.evidence.hosts;
    const auto find = [&](std::uint64_t hash) {
        return std::find_if(hosts.begin(), hosts.end(), [hash](const auto& h) { return h.hash == hash; });
    };
    std::erase_if(hosts_, [&](const Told& told) {
        const auto host = find(told.hash);
        if (host != hosts.end() && host->open) return false;
        Change c = told.begin;
        c.kind = ChangeKind::flood_over;
        c.time = s.now;
        c.value = host == hosts.end() ? 0 : host->pending;
        c.elsewhere = std::min(c.value, s.elsewhere(told.hash));
        changes_.push_back(std::move(c));
        return true;
    });
    for (const HostGates::Host& host : hosts) {
        const auto is_it = [&](const Told& told) { return told.hash == host.hash; };
        if (!host.open || std::any_of(hosts_.begin(), hosts_.end(), is_it)) continue;
        Change c = change(ChangeKind::flooded, s.now, s.policy);
        c.subject = Subject::name;
        c.name = host.name;
        c.gauge = Gauge::half_open;
        c.value = host.pending;
        c.elsewhere = std::min(c.value, s.elsewhere(host.hash));
        c.enter = s.policy.defence.destination_high;
        c.leave = s.policy.defence.destination_low;
        set_method(c, s.policy, nullptr, true);
        changes_.push_back(c);
        hosts_.push_back({std::move(c), host.hash, 0, s.now});
    }
}

void Herald::tell_of_heavy(const Scene& s) {
    const auto networks = s.evidence.heavy;
    const auto say = [&](Change c, ChangeKind kind, std::uint64_t half_open) {
        c.kind = kind;
        c.time = s.now;
        c.value = half_open;
        changes_.push_back(c);
        return c;
    };
    std::erase_if(heavy_, [&](const Told& told) {
        const auto is_it = [&](const Heaviest::Network& n) { return n.hash == told.hash; };
        if (std::any_of(networks.begin(), networks.end(), is_it)) return false;
        say(told.begin, ChangeKind::heavy_network_over, s.evidence.half_open.of(told.hash));
        return true;
    });
    for (const Heaviest::Network& n : networks) {
        const auto is_it = [&](const Told& told) { return n.hash == told.hash; };
        if (std::any_of(heavy_.begin(), heavy_.end(), is_it)) continue;
        Change c = change(ChangeKind::heavy_network, s.now, s.policy);
        c.subject = Subject::name;
        c.name = n.name;
        c.gauge = Gauge::half_open;
        c.enter = s.evidence.places / Heaviest::kPart;
        c.leave = c.enter / 2;
        heavy_.push_back({say(c, ChangeKind::heavy_network, n.half_open), n.hash, 0, s.now});
    }
}

void Herald::tell_of_all(const Scene& s) {
    const bool every = s.posture.every_service;
    if (std::exchange(every_, every) != every) {
        if (every) every_since_ = s.now;
        changes_.push_back(
            change(every ? ChangeKind::answers_for_all : ChangeKind::answers_for_all_over, s.now, s.policy));
        changes_.back().since = every_since_;
    }
    if (std::exchange(purge_, s.posture.purge) != s.posture.purge)
        changes_.push_back(change(ChangeKind::backlog_freed, s.now, s.policy));
}

void Herald::tell_of_named(const Scene& s, NamedTopic& topic) {
    const auto& states = s.posture.named;
    const Services* const services = s.policy.services.get();
    if (states == states_ && topic.told.empty()) return;
    const auto on = [&](ServiceId id) {
        return states != nullptr && services != nullptr && id != 0 &&
               states->says(services->serial(), id, topic.state);
    };
    std::erase_if(topic.told, [&](Told& told) {
        if (states != states_) told.id = services == nullptr ? 0 : id_of(*services, told.begin.service);
        if (on(told.id)) told.seen = s.now;
        if (on(told.id) || (told.id != 0 && s.now - told.seen < topic.quiet)) return false;
        Change c = told.begin;
        c.kind = topic.ends;
        c.time = s.now;
        if (told.id != 0) s.weigh(c, told.id);
        changes_.push_back(std::move(c));
        return true;
    });
    if (states == states_ || states == nullptr || services == nullptr) return;
    for (ServiceId id = 1; id <= services->size() && topic.told.size() < kMost; ++id) {
        const auto is_it = [&](const Told& told) { return told.id == id; };
        if (!on(id) || std::any_of(topic.told.begin(), topic.told.end(), is_it)) continue;
        Change c = change(topic.begins, s.now, s.policy);
        c.subject = Subject::named;
        c.service = (*services)[id].name;
        c.mode = mode_of(s.policy, (*services)[id]);
        set_method(c, s.policy, &(*services)[id], true);
        s.weigh(c, id);
        changes_.push_back(c);
        topic.told.push_back({std::move(c), 0, id, s.now});
    }
}

void Herald::tell_of_names(const Scene& s, Topic& topic) {
    const Measure measure = info(topic.begins).measure;
    const CellSet& cells = s.cells_of(topic);
    std::erase_if(topic.told, [&](Told& told) {
        const bool holds = cells.holds(told.hash) && s.concerns(measure, told.begin.name);
        if (holds) told.seen = s.now;
        if (holds && measure == Measure::block) follow_block(s, told);
        if (holds || s.now - told.seen < topic.quiet) return false;
        Change c = told.begin;
        c.kind = topic.ends;
        c.time = s.now;
        c.until = {};
        c.server_known = true;
        s.weigh(c, told.hash);
        changes_.push_back(std::move(c));
        return true;
    });
}

/// A blocked source falls below its limits, or comes back above them: then its block ends at another time.
void Herald::follow_block(const Scene& s, Told& told) {
    Time end = Time::max();
    for (const std::uint32_t cell : cells_of(told.hash, s.evidence.half_open.lines)) {
        std::optional<Tick> last;
        bool open = false;
        for (const CellGates* const gates : s.evidence.sources) {
            if (gates == nullptr || !gates->lingering().has(cell)) continue;
            const auto ends = gates->end_of(cell, s.policy.defence.block_time);
            open |= !ends.has_value();
            if (ends && (!last || *ends - *last > 0)) last = ends;
        }
        if (!open && last) end = std::min(end, time_of(*last, s.now));
    }
    const Time until = end == Time::max() ? Time{} : end;
    if (until == told.begin.until) return;
    Change& c = told.begin;
    c.kind = until == Time{} ? ChangeKind::source_blocked : ChangeKind::source_subsided;
    c.time = s.now;
    c.until = until;
    c.by_rate = s.posture.eager.holds(told.hash);
    s.weigh(c, told.hash);
    changes_.push_back(c);
}

/// Soon after cells have opened, then now and then.
bool Herald::walk_is_due(const Scene& s) {
    const std::size_t cells = s.posture.flooded.size() + s.posture.full.size() + s.posture.crowded.size();
    opened_ |= cells > open_cells_;
    open_cells_ = cells;
    if (cells == 0) opened_ = false;
    return cells != 0 && !s.shards.empty() && s.now - walked_ >= (opened_ ? kWalkSoon : kWalkAgain);
}

void Herald::find_names(const Scene& s) {
    walked_ = s.now;
    opened_ = false;
    const std::vector<AskPart> parts = asked_lately(s.shards, s.now);
    for (Topic& topic : topics_) {
        const CellSet& cells = s.cells_of(topic);
        if (cells.empty() || topic.told.size() == kMost) continue;
        std::vector<CountKey> candidates;
        Sieve sieve;
        for (const AskPart& part : parts) {
            for (const Ask& ask : part.sample) {
                const CountKey name = name_of(ask, topic.kind);
                const std::uint64_t hash = s.shards.front()->hash_of(name);
                if (cells.holds(hash) && sieve.passes(hash)) candidates.push_back(name);
            }
        }
        this->name(s, topic, candidates);
    }
}

/// In an order that does not depend on who saw them.
void Herald::name(const Scene& s, Topic& topic, std::vector<CountKey>& candidates) {
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    const Measure measure = info(topic.begins).measure;
    for (const CountKey& name : candidates) {
        const auto known = [&](const Told& told) { return told.begin.name == name; };
        if (topic.told.size() == kMost) return;
        if (!s.concerns(measure, name) || std::any_of(topic.told.begin(), topic.told.end(), known)) continue;
        const std::uint64_t hash = s.shards.front()->hash_of(name);
        Change c = change(topic.begins, s.now, s.policy);
        c.subject = Subject::name;
        c.name = name;
        const Service* const named = topic.kind == CountKind::service ? named_of(s.policy, name) : nullptr;
        if (named != nullptr) c.mode = mode_of(s.policy, *named);
        const ServerProfile* const server = s.posture.profile(hash);
        set_method(c, s.policy, named, server != nullptr && server->reliable());
        s.weigh(c, hash);
        c.by_rate = measure == Measure::block && s.posture.eager.holds(hash);
        changes_.push_back(c);
        topic.told.push_back({std::move(c), hash, 0, s.now});
        if (measure == Measure::block) follow_block(s, topic.told.back());
    }
}

}  // namespace ajar
