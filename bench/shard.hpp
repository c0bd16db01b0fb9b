// A whole shard under a bench: packets as values (parsing has its own bench), 32 a burst, timers as in a live
// worker.
#pragma once

#include <array>
#include <cmath>
#include <memory>

#include "ajar/flow/steer.hpp"
#include "ajar/flow/timer_sweep.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"
#include "harness.hpp"

namespace ajar::bench {

/// Room for `flows`: a partition's share is not exactly 1/128 of all, but within six deviations of it.
inline std::uint64_t room_for(std::uint32_t flows) {
    const auto share = flows / kPartitions;
    return flows + kPartitions * 6 * static_cast<std::uint64_t>(std::sqrt(share));
}

/// Packet `flags` of flow n, from its client or its server.
inline Packet segment(std::uint32_t n, bool from_client, std::uint8_t flags, std::uint32_t seq,
                      std::uint32_t ack) {
    Packet p;
    p.kind = PacketKind::tcp;
    // Each n has an address of its own, and partitions, which go by a linear hash, fill alike.
    p.v4.address = {be32::of((n + 1) * 0x9e3779b1U), be32::of(0xc0a80001U)};
    p.v4.port = {be16::of(static_cast<std::uint16_t>(1024U | mixed(n))), be16::of(443)};
    p.side = from_client ? 0 : 1;
    p.flags.bits = flags;
    p.seq = seq;
    p.ack = ack;
    p.window = 65535;
    p.ip_length = 40;
    p.wire_length = 64;
    p.ttl = 64;
    return p;
}

class ShardBench {
public:
    static constexpr std::size_t kPackets = 32;
    static constexpr std::size_t kTimersBudget = 10 * TimerSweep::kDueCost;

    /// IPv4 alone.
    ShardBench(std::uint64_t confirmed, std::uint64_t embryonic) : memory_(setup().pages) {
        TrackerOptions options;
        options.sizes = {confirmed, embryonic, 1024, 0, 25};
        options.key = key_;
        options.recording = Recording::off;
        options.owned.fill(true);
        tracker_ = std::make_unique<Tracker>(options, memory_);
    }

    void add(Packet p) {
        p.time = now_;
        p.ordinal = ordinal_++;
        steering_.identify(p);
        tracker_->expect(p);
        burst_[filled_++] = p;
        if (filled_ == kPackets) send();
    }
    void send() {
        tracker_->process({burst_.data(), filled_}, {verdicts_.data(), filled_}, policy_);
        filled_ = 0;
        pass_time(std::chrono::microseconds(3));
        if (now_ < next_timers_) return;
        if (tracker_->advance(now_, kTimersBudget, policy_))
            next_timers_ = now_ + std::chrono::microseconds(100);
        drain();
    }
    void syn(std::uint32_t n) { add(segment(n, true, TcpFlags::kSyn, 1000, 0)); }
    void connect(std::uint32_t n) {
        syn(n);
        add(segment(n, false, TcpFlags::kSyn | TcpFlags::kAck, 5000, 1001));
        add(segment(n, true, TcpFlags::kAck, 1001, 5001));
    }
    /// An ACK of an established flow.
    void ack(std::uint32_t n, bool from_client) {
        add(segment(n, from_client, TcpFlags::kAck, from_client ? 1001 : 5001, from_client ? 5001 : 1001));
    }
    void reset(std::uint32_t n) { add(segment(n, true, TcpFlags::kRst, 1001, 0)); }

    void pass_time(Duration d) { now_ += d; }
    /// One slice of background work, as a live worker's; true when nothing is left.
    bool advance() { return tracker_->advance(now_, kTimersBudget, policy_); }
    void drain() {
        Event event;
        while (tracker_->events().pop(event)) ::benchmark::DoNotOptimize(event.time);
    }
    /// Events that wait, and whether many more find room.
    [[nodiscard]] bool events_pile_up() {
        auto& events = tracker_->events();
        return events.space() < events.capacity() / 2;
    }

    [[nodiscard]] std::uint64_t flows(TcpState s) const {
        return tracker_->counters().flows[static_cast<std::size_t>(s)].get();
    }
    [[nodiscard]] const Counters& counters() const { return tracker_->counters(); }
    Policy& policy() { return policy_; }

private:
    HashKey key_ = hash_key_from_seed(1);
    Steering steering_{key_, Steer::rss};
    PageMemory memory_;
    std::unique_ptr<Tracker> tracker_;
    Policy policy_ = policy_of(Profile::ajar);
    std::array<Packet, kPackets> burst_;
    std::array<Verdict, kPackets> verdicts_{};
    std::size_t filled_ = 0;
    Time now_{Duration(1'700'000'000'000'000'000)};
    Time next_timers_{};
    std::uint64_t ordinal_ = 0;
};

}  // namespace ajar::bench
