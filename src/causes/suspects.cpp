// How suspects come, walk and go.
#include "causes/suspects.hpp"

#include <algorithm>
#include <numeric>

namespace ajar::causes {
namespace {

Endpoint host_of(const Endpoint& server) { return {server.address, 0, server.family}; }

}  // namespace

std::uint64_t Suspect::total() const {
    return std::accumulate(attempts.begin(), attempts.end(), std::uint64_t{0});
}

Suspects::Suspects(const HashKey& key) : key_(prepare(key)), sets_(kSets), suspects_(kSets * kWays) {}

/// Its place, or one past the last.
std::size_t Suspects::find(std::uint64_t source) const {
    const auto set = source % kSets;
    const auto& names = sets_[set].source;
    const auto way = static_cast<std::size_t>(std::find(names.begin(), names.end(), source) - names.begin());
    return way == kWays ? suspects_.size() : set * kWays + way;
}

/// A free place, then the least suspect, then the one not heard of for longest.
bool Suspects::gives_way_before(std::size_t a, std::size_t b) const {
    const auto free = [&](std::size_t at) { return sets_[at / kWays].source[at % kWays] == 0; };
    if (free(a) || free(b)) return free(a) && !free(b);
    const Suspect &x = suspects_[a], &y = suspects_[b];
    if (x.flagged != y.flagged) return !x.flagged;
    if (x.walk.at() != y.walk.at()) return x.walk.at() < y.walk.at();
    return x.last < y.last;
}

std::size_t Suspects::place_for(const Trial& trial) {
    const auto first = trial.source % kSets * kWays;
    auto place = first;
    for (auto at = first + 1; at < first + kWays; ++at)
        if (gives_way_before(at, place)) place = at;
    if (suspects_[place].flagged) ++forgotten_;
    sets_[place / kWays].source[place % kWays] = trial.source;
    suspects_[place] = Suspect{};
    suspects_[place].source = key_of(CountKind::source, trial.client, trial.zone);
    suspects_[place].first = trial.began;
    return place;
}

void Suspects::touch(Suspect& suspect, const Trial& trial) const {
    const Endpoint host = host_of(trial.server);
    suspect.hosts.add(trial.address);
    suspect.ports.add(
        name_of(key_of(CountKind::service, Endpoint{{}, trial.server.port, Family::ipv4}, 0), key_));
    suspect.first_hosts.add(host);
    suspect.first_ports.add(trial.server.port);
}

void Suspects::add(const Trial& trial) {
    const int step = step_of(trial.attempt);
    if (step == 0) return;
    const auto known = find(trial.source);
    if (known == suspects_.size() && step < 0) return;
    Suspect& suspect = suspects_[known != suspects_.size() ? known : place_for(trial)];
    suspect.last = std::max(suspect.last, trial.began);
    ++suspect.attempts[static_cast<std::size_t>(trial.attempt)];
    suspect.alive |= lives(trial.attempt);
    touch(suspect, trial);
    if (suspect.targets.meet(trial.service)) suspect.walk.step(step);
    if (suspect.flagged || !suspect.walk.crossed()) return;
    suspect.flagged = true;
    suspect.flagged_at = trial.time;
}

bool Suspects::scanner(const Trial& trial) const {
    const auto at = find(trial.source);
    return at != suspects_.size() && suspects_[at].scanner();
}

std::vector<const Suspect*> Suspects::flagged() const {
    std::vector<const Suspect*> out;
    for (const Suspect& s : suspects_)
        if (s.flagged) out.push_back(&s);
    std::sort(out.begin(), out.end(), [](const Suspect* a, const Suspect* b) {
        return a->total() != b->total() ? a->total() > b->total() : a->source < b->source;
    });
    return out;
}

}  // namespace ajar::causes
