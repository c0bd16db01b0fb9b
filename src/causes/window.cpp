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

void Window::Crowds::clear(std::size_t most) { places_.assign(std::bit_ceil(most + most / 2 + 1), {}); }

Window::Crowd& Window::Crowds::operator[](std::uint64_t name) {
    const auto mask = places_.size() - 1;
    auto at = name & mask;
    while (places_[at].name != name && places_[at].name != 0) at = (at + 1) & mask;
    places_[at].name = name;
    return places_[at];
}

Window::Window(const HashKey& key) : suspects_(key) {}

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

/// Those that are `wanted` go to `taker`; the others keep their order.
template <typename Wanted, typename Taker>
void Window::take_out(Wanted wanted, Taker taker) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        if (wanted(waiting_[i])) {
            taker(waiting_[i]);
        } else {
            waiting_[kept++] = waiting_[i];
        }
    }
    waiting_.resize(kept);
}

/// Those that began in the next window or, and came late, before it.
void Window::judge_next(const Sink& sink) {
    const Time end = begin_ + kLength;
    due_.clear();
    take_out([&](const Trial& t) { return t.began < end; }, [&](const Trial& t) { due_.push_back(t); });
    judge(due_, sink);
    begin_ = end;
    if (!waiting_.empty())
        begin_ = std::max(end, std::min_element(waiting_.begin(), waiting_.end(), began_before)->began);
}

void Window::judge(std::vector<Trial>& trials, const Sink& sink) {
    std::stable_sort(trials.begin(), trials.end(), began_before);
    count(services_, &Trial::service, trials);
    for (const Trial& t : trials)
        if (!of_flood(t)) suspects_.add(t);
    count(addresses_, &Trial::address, trials);
    for (const Trial& t : trials) sink(t, label_of(t.attempt, around(t)));
}

void Window::relieve(const Sink& sink) {
    count(services_, &Trial::service, waiting_);
    const auto surplus = [&](const Trial& t) {
        if (!mute(t.attempt) || suspects_.scanner(t)) return false;
        Crowd& service = services_[t.service];
        return service.mute >= kSurge && service.served++ >= kFlood;  // from here on: how many of it are kept
    };
    take_out(surplus, [&](const Trial& t) { sink(t, label_of(t.attempt, {.service_flooded = true})); });
    if (waiting_.size() <= kMost / 2) return;
    due_.swap(waiting_);
    waiting_.clear();
    judge(due_, sink);
}

void Window::count(Crowds& crowds, std::uint64_t Trial::*name, std::span<const Trial> trials) {
    crowds.clear(trials.size());
    for (const Trial& t : trials) {
        if (t.attempt == Attempt::used) ++crowds[t.*name].served;
        if (mute(t.attempt) && !suspects_.scanner(t)) ++crowds[t.*name].mute;
    }
}

bool Window::of_flood(const Trial& trial) { return mute(trial.attempt) && services_[trial.service].flood(); }

Surroundings Window::around(const Trial& trial) {
    return {.scanner = suspects_.scanner(trial),
            .service_flooded = services_[trial.service].flood(),
            .address_flooded = addresses_[trial.address].flood()};
}

}  // namespace ajar::causes
