// How conversations begin, take turns in time, and end.
#include "generate/source.hpp"

#include <algorithm>

#include "generate/scenarios/failures.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint64_t kLatestStart = 7'258'118'400;  // Time counts nanoseconds and ends in 2262

std::optional<Error> check(const GenOptions& o) {
    const auto want = [](bool good, std::string_view text) -> std::optional<Error> {
        if (good) return {};
        return Error{std::string(text)};
    };
    const auto percent = [](double p) { return p >= 0 && p <= 100; };
    for (auto& e : {
             want(o.rate >= 1 && o.rate <= 1'000'000'000, "--rate: 1 to 1G new conversations a second"),
             want(o.connections > 0 || o.duration > Duration{0},
                  "--connections 0 means without limit: give --duration as well"),
             want(o.start <= kLatestStart, "--start: seconds of the Unix epoch, at most the year 2200"),
             want(o.clients >= 1 && o.clients <= 65'000, "--clients: 1 to 65000"),
             want(o.servers >= 1 && o.servers <= 65'000, "--servers: 1 to 65000"),
             want(o.ipv6_percent <= 100, "--ipv6: 0 to 100 percent"),
             want(o.vlan <= 4094, "--vlan: a tag of 1 to 4094, or 0 for none"),
             want(o.payload <= 100'000'000, "--payload: at most 100M bytes"),
             want(o.rtt >= Duration{0} && o.rtt <= std::chrono::minutes(1), "--rtt: 0 to 60s"),
             want(percent(o.loss_percent), "--loss: 0 to 100 percent"),
             want(percent(o.reorder_percent), "--reorder: 0 to 100 percent"),
             want(percent(o.duplicate_percent), "--duplicate: 0 to 100 percent"),
             want(percent(o.detour_percent), "--detours: 0 to 100 percent"),
             want(o.syn_acks <= kMostSynAcks, "--syn-acks: 0 to 6, as a server sends them"),
         }) {
        if (e) return e;
    }
    return {};
}

/// Equal-cost paths are not all equally long.
void detour(Conversation& c, Rng& rng, double percent) {
    if (percent == 0 || !rng.chance(static_cast<std::uint32_t>(percent * 10'000))) return;
    c.detours = true;
    for (Step& s : c.steps) s.detour = rng.below(10) == 0 ? 1 : 0;
}

Time first_instant(const GenOptions& o) { return Time(std::chrono::seconds(o.start)); }

}  // namespace

Result<Source> Source::make(const GenOptions& options) {
    if (auto error = check(options)) return *error;
    auto shares = shares_of(options);
    if (!shares) return Error{shares.error()};
    return Source(options, std::move(*shares));
}

Source::Source(const GenOptions& options, std::vector<Share> shares)
    : options_(options),
      shares_(std::move(shares)),
      arrivals_(rng_for(options.seed, ~std::uint64_t{0})),
      arrival_(first_instant(options)),
      begun_of_kind_(scenarios().size()),
      now_(arrival_) {
    for (const auto& s : shares_) weight_sum_ += s.weight;
    truth_.kinds.resize(scenarios().size());
    truth_.first = truth_.last = arrival_;
}

bool Source::arrivals_left() const {
    return (options_.connections == 0 || begun_ < options_.connections) &&
           (options_.duration == Duration{0} || arrival_ - first_instant(options_) < options_.duration);
}

std::uint8_t Source::draw_kind() {
    auto pick = arrivals_.below(weight_sum_);
    for (const auto& s : shares_) {
        if (pick < s.weight) return s.kind;
        pick -= s.weight;
    }
    return shares_.front().kind;
}

std::uint32_t Source::free_slot() {
    if (free_.empty()) {
        living_.emplace_back();
        truth_.most_alive = living_.size();
        return static_cast<std::uint32_t>(living_.size() - 1);
    }
    const auto slot = free_.back();
    free_.pop_back();
    return slot;
}

/// Begins every conversation whose first segment may come before the next one of those alive.
void Source::begin_due() {
    const auto mean = Duration(1'000'000'000) / static_cast<std::int64_t>(options_.rate);
    while (arrivals_left() && (heap_.empty() || arrival_ <= heap_.front().at)) {
        begin(free_slot());
        const auto twice = static_cast<std::uint32_t>(2 * mean.count());
        arrival_ += Duration(arrivals_.below(twice + 1));
    }
}

void Source::begin(std::uint32_t slot) {
    living_[slot].step = 0;
    auto& c = living_[slot].conversation;
    c.steps.clear();
    c.outcomes.clear();
    c = {.kind = draw_kind(),
         .ordinal = begun_++,
         .start = arrival_,
         .steps = std::move(c.steps),
         .outcomes = std::move(c.outcomes)};
    auto rng = rng_for(options_.seed, c.ordinal);
    Draw draw{options_, begun_of_kind_[c.kind]++, rng, c};
    scenarios()[c.kind].write(draw);
    detour(c, rng, options_.detour_percent);
    std::stable_sort(c.steps.begin(), c.steps.end(),
                     [](const Step& a, const Step& b) { return a.at < b.at; });
    truth_.begun(c);
    if (observer_) observer_(c);
    schedule(slot);
}

void Source::schedule(std::uint32_t slot) {
    const auto& l = living_[slot];
    if (l.step == l.conversation.steps.size()) return free_.push_back(slot);
    heap_.push_back({l.conversation.start + l.conversation.steps[l.step].at, l.conversation.ordinal, slot});
    std::push_heap(heap_.begin(), heap_.end());
}

/// Encodes the next segment of all.
void Source::speak() {
    std::pop_heap(heap_.begin(), heap_.end());
    const auto due = heap_.back();
    heap_.pop_back();
    auto& l = living_[due.slot];
    const auto& c = l.conversation;
    const auto& step = c.steps[l.step];
    encoder_.encode(c, step, static_cast<std::uint32_t>(c.ordinal * 131 + l.step), frames_);
    frame_ = 0;
    backwards_ = c.ordinal % 4 == 3;
    now_ = due.at;
    port_ = static_cast<std::uint8_t>(index(sender_of(step)));
    truth_.passed(c, step, frames_.size(), frames_.bytes());
    ++l.step;
    schedule(due.slot);
}

/// The last frames of all: an ARP request and its reply. True while there is one.
bool Source::linger() {
    if (options_.linger == Duration{0} || lingered_ == 2) return false;
    if (lingered_ == 0) now_ += options_.linger;
    Encoder::arp(lingered_ == 1, frames_);
    frame_ = 0;
    port_ = lingered_++;
    return true;
}

std::optional<TimedFrame> Source::next() {
    if (frame_ == frames_.size()) {
        begin_due();
        if (!heap_.empty()) {
            speak();
        } else if (!linger()) {
            return {};
        }
    }
    return take();
}

std::optional<TimedFrame> Source::take() {
    ++truth_.by_port[port_];
    truth_.last = now_;
    const auto i = backwards_ ? frames_.size() - 1 - frame_ : frame_;
    ++frame_;
    return TimedFrame{now_, port_, frames_[i]};
}

}  // namespace ajar::gen
