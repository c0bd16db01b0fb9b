// How suspects come, walk and go.
#include "causes/suspects.hpp"

#include <algorithm>
#include <numeric>

namespace ajar::causes {
namespace {

bool taken(const Suspect& s) { return s.total() != 0; }

/// Who gives way first: a free place, then the least suspect, then the one not heard of for longest.
bool gives_way_before(const Suspect& a, const Suspect& b) {
    if (taken(a) != taken(b)) return !taken(a);
    if (a.flagged != b.flagged) return !a.flagged;
    if (a.walk.at() != b.walk.at()) return a.walk.at() < b.walk.at();
    return a.last < b.last;
}

CountKey source_of(const Trial& trial) { return key_of(CountKind::source, trial.client, trial.zone); }

Endpoint host_of(const Endpoint& server) { return {server.address, 0, server.family}; }

}  // namespace

std::uint64_t Suspect::total() const {
    return std::accumulate(attempts.begin(), attempts.end(), std::uint64_t{0});
}

Suspects::Suspects(const HashKey& key) : key_(prepare(key)), sets_(kSets) {}

const Suspect* Suspects::find(const CountKey& source) const {
    const Set& set = sets_[keyed_hash(source, key_) % kSets];
    const auto* const at = std::find_if(set.begin(), set.end(),
                                        [&](const Suspect& s) { return taken(s) && s.source == source; });
    return at == set.end() ? nullptr : at;
}

Suspect& Suspects::place_for(const CountKey& source) {
    Set& set = sets_[keyed_hash(source, key_) % kSets];
    Suspect& place = *std::min_element(set.begin(), set.end(), gives_way_before);
    if (place.flagged) ++forgotten_;
    place = Suspect{};
    place.source = source;
    return place;
}

void Suspects::touch(Suspect& suspect, const Trial& trial) const {
    const Endpoint host = host_of(trial.server);
    suspect.hosts.add(keyed_hash(key_of(CountKind::destination, host, trial.zone), key_));
    suspect.ports.add(
        keyed_hash(key_of(CountKind::service, Endpoint{{}, trial.server.port, Family::ipv4}, 0), key_));
    suspect.first_hosts.add(host);
    suspect.first_ports.add(trial.server.port);
}

void Suspects::add(const Trial& trial) {
    const int step = step_of(trial.attempt);
    if (step == 0) return;
    const CountKey source = source_of(trial);
    auto* known = const_cast<Suspect*>(find(source));  // of a table that is ours
    if (known == nullptr && step < 0) return;
    Suspect& suspect = known != nullptr ? *known : place_for(source);
    if (suspect.total() == 0) suspect.first = trial.began;
    suspect.last = std::max(suspect.last, trial.began);
    ++suspect.attempts[static_cast<std::size_t>(trial.attempt)];
    suspect.alive |= lives(trial.attempt);
    touch(suspect, trial);
    if (suspect.targets.meet(keyed_hash(key_of(CountKind::service, trial.server, trial.zone), key_)))
        suspect.walk.step(step);
    if (suspect.flagged || !suspect.walk.crossed()) return;
    suspect.flagged = true;
    suspect.flagged_at = trial.time;
}

bool Suspects::scanner(const Trial& trial) const {
    const Suspect* const suspect = find(source_of(trial));
    return suspect != nullptr && suspect->scanner();
}

std::vector<const Suspect*> Suspects::flagged() const {
    std::vector<const Suspect*> out;
    for (const Set& set : sets_)
        for (const Suspect& s : set)
            if (s.flagged) out.push_back(&s);
    std::sort(out.begin(), out.end(), [](const Suspect* a, const Suspect* b) {
        return a->total() != b->total() ? a->total() > b->total() : a->source < b->source;
    });
    return out;
}

}  // namespace ajar::causes
