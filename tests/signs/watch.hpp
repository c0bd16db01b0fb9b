// A tracker that watches frames go by, as a replay does, and what it says about them. It may ask, too, and
// learn of networks whose words pass elsewhere.
#pragma once

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/parse.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"

namespace ajar::signs {

/// In a mix of all signs: AJAR_SIGNS, or so many that there are ten thousand of each.
inline std::uint64_t connections() {
    const char* const wanted = std::getenv("AJAR_SIGNS");
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 135'000;
}

/// Two endpoints, in the order of the key.
using Tuple = std::pair<std::array<Ipv6Address, 2>, std::array<std::uint16_t, 2>>;

inline Tuple tuple_of(const KeyV6& key) { return {key.address, {key.port[0].value(), key.port[1].value()}}; }
inline KeyV6 wide_key(const Packet& p) {
    if (p.family == Family::ipv6) return p.v6;
    KeyV6 key{};
    for (std::size_t s = 0; s < 2; ++s)
        std::copy(p.v4.address[s].bytes.begin(), p.v4.address[s].bytes.end(), key.address[s].begin());
    key.port = p.v4.port;
    key.zone = p.v4.zone;
    return key;
}
inline Tuple tuple_of(const Packet& p) { return tuple_of(wide_key(p)); }

class Watch {
public:
    explicit Watch(std::uint64_t flows = 1U << 17U, Recording recording = Recording::on)
        : options_(options_for(flows, recording)), tracker_(options_, memory_) {
        policy.flow_end_events = true;
        policy.binding = Binding::floating;
        policy.checksums = ChecksumPolicy::ignore;
        policy.probe.on = false;
    }

    /// Before the first frame: where words pass elsewhere is counted, and heeded.
    void learn_coverage() {
        policy.mode = Mode::enforce;  // in which it is counted
        policy.defence.answer = Answering::off;
        defence_ = std::make_unique<Defence>(options_.sizes, cookie_secret(options_.key));
    }

    /// Times may run back, as they do in captures.
    void see(Time time, std::span<const std::uint8_t> frame, std::uint32_t wire_length,
             const ParseOptions& how = {}, std::uint8_t port = 0) {
        Packet p;
        parse(frame, wire_length, how, p);
        if (p.kind != PacketKind::tcp) return;
        now_ = std::max(now_, time);
        p.time = now_;
        p.port = port;
        if (wanted && !wanted(p)) return;
        p.ordinal = ordinal_++;
        steering_.identify(p);
        if (seen) seen(p, frame);
        advance(now_);
        Verdict verdict;
        tracker_.process({&p, 1}, {&verdict, 1}, policy, *posture_);
        drain();
    }
    /// Nothing is said until then.
    void pass_until(Time time) {
        now_ = std::max(now_, time);
        advance(now_);
    }

    void finish() {
        advance(now_ + std::chrono::minutes(5));
        while (!tracker_.finish(now_, 1000, policy, *posture_)) drain();
        drain();
    }

    std::function<bool(const Packet&)> wanted;  ///< others have never been there
    std::function<void(const Packet&, std::span<const std::uint8_t>)> seen;
    std::function<void(const Craft&)> sends;  ///< a frame of its own
    std::vector<Event> verdicts;              ///< EventKind::half_open
    std::vector<Event> asked;                 ///< EventKind::probed
    std::vector<Event> ends;
    Policy policy = policy_of(Profile::ajar);

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] const Counters& counters() const { return tracker_.counters(); }

private:
    static constexpr Duration kEpoch = std::chrono::milliseconds(100);

    static TrackerOptions options_for(std::uint64_t flows, Recording recording) {
        TrackerOptions options;
        options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = flows;
        options.recording = recording;
        options.owned.fill(true);
        return options;
    }
    void advance(Time now) {
        if (tick_of(now) == ticked_) return;
        ticked_ = tick_of(now);
        if (defence_ && now - updated_ >= kEpoch) {
            Tracker* const only = &tracker_;
            posture_ = defence_->update(updated_ = now, {&only, 1}, policy);
        }
        while (!tracker_.advance(now, 1000, policy, *posture_)) drain();
        drain();
    }
    void drain() {
        if (sends)
            for (const Craft& c : tracker_.outbox()) sends(c);
        for (Event e; tracker_.events().pop(e);) {
            if (e.kind == EventKind::half_open) verdicts.push_back(e);
            if (e.kind == EventKind::probed) asked.push_back(e);
            if (e.kind == EventKind::flow_end) ends.push_back(e);
        }
    }

    TrackerOptions options_;
    Steering steering_{options_.key, Steer::rss};
    PageMemory memory_;
    Tracker tracker_;
    std::unique_ptr<Defence> defence_;
    std::shared_ptr<const Posture> posture_{std::shared_ptr<const Posture>(), &Posture::calm()};
    Time now_{}, updated_{};
    Tick ticked_{};
    std::uint64_t ordinal_ = 0;
};

/// A verdict as a test prints it.
inline std::string text_of(const Event& e) {
    return std::string(name(e.reason)) + "/" + std::string(name(e.evidence.confidence));
}

}  // namespace ajar::signs
