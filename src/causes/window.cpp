// How attempts wait, and the four steps of a window's judgement.
#include "causes/window.hpp"

#include <algorithm>
#include <bit>

namespace ajar::causes {
namespace {

/// Mute attempts at one service that are a flood however long they have been waiting.
constexpr std::uint64_t kSurge = Window::kMost / 64;

bool began_before(const Trial& a, const Trial& b) { return a.began < b.began; }

}  // namespace

void Window::Crowds::clear(std::size_t most) { places_.assign(std::bit_ceil(2 * most + 1), {}); }

Window::Crowd& Window::Crowds::operator[](std::uint64_t name) {
    const auto mask = places_.size() - 1;
    auto at = name & mask;
    while (places_[at].name != name && places_[at].name != 0) at = (at + 1) & mask;
    places_[at].name = name;
    return places_[at];
}

Window::Window(const HashKey& key) : key_(prepare(key)), suspects_(key) {}

std::uint64_t Window::name_of(CountKind kind, const Trial& trial) const {
    const auto hash = keyed_hash(key_of(kind, trial.server, trial.zone), key_);
    return hash != 0 ? hash : 1;  // 0 is nobody's
}

void Window::add(const Trial& trial, const Sink& sink) {
    if (trial.attempt == Attempt::none) return;
    if (waiting_.size() == kMost) relieve(sink);
    if (waiting_.empty()) begin_ = std::max(begin_, trial.began);
    waiting_.push_back(trial);
    while (!waiting_.empty() && trial.time - begin_ >= kLength + kWait) judge_next(sink);
}

void Window::close(const Sink& sink) {
    while (!waiting_.empty()) judge_next(sink);
}

/// Those that began in the next window or, and came late, before it.
void Window::judge_next(const Sink& sink) {
    const Time end = begin_ + kLength;
    const auto later = std::stable_partition(waiting_.begin(), waiting_.end(),
                                             [&](const Trial& t) { return t.began < end; });
    due_.assign(waiting_.begin(), later);
    waiting_.erase(waiting_.begin(), later);
    judge(due_, sink);
    begin_ = end;
    if (!waiting_.empty())
        begin_ = std::max(end, std::min_element(waiting_.begin(), waiting_.end(), began_before)->began);
}

void Window::judge(std::vector<Trial>& trials, const Sink& sink) {
    std::stable_sort(trials.begin(), trials.end(), began_before);
    count(services_, CountKind::service, trials);
    for (const Trial& t : trials)
        if (!of_flood(t)) suspects_.add(t);
    count(addresses_, CountKind::destination, trials);
    for (const Trial& t : trials) sink(t, label_of(t.attempt, around(t)));
}

void Window::relieve(const Sink& sink) {
    count(services_, CountKind::service, waiting_);
    const auto kept = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Trial& t) {
        if (!mute(t.attempt) || suspects_.scanner(t)) return true;
        Crowd& service = services_[name_of(CountKind::service, t)];
        if (service.mute < kSurge) return true;
        return service.served++ < kFlood;  // from here on: how many of it are kept
    });
    for (auto t = kept; t != waiting_.end(); ++t) sink(*t, label_of(t->attempt, {.service_flooded = true}));
    waiting_.erase(kept, waiting_.end());
    if (waiting_.size() <= kMost / 2) return;
    due_.swap(waiting_);
    waiting_.clear();
    judge(due_, sink);
}

void Window::count(Crowds& crowds, CountKind kind, std::span<const Trial> trials) {
    crowds.clear(trials.size());
    for (const Trial& t : trials) {
        if (t.attempt == Attempt::used) ++crowds[name_of(kind, t)].served;
        if (mute(t.attempt) && !suspects_.scanner(t)) ++crowds[name_of(kind, t)].mute;
    }
}

bool Window::of_flood(const Trial& trial) {
    return mute(trial.attempt) && services_[name_of(CountKind::service, trial)].flood();
}

Surroundings Window::around(const Trial& trial) {
    return {.scanner = suspects_.scanner(trial),
            .service_flooded = services_[name_of(CountKind::service, trial)].flood(),
            .address_flooded = addresses_[name_of(CountKind::destination, trial)].flood()};
}

}  // namespace ajar::causes
