// What does a whole shard cost per packet: find, machine, window, record, counters, timers running?
//
// Packets are values (parsing has its own bench), 32 a burst. "established" sends the next segment of random
// flows; "connect" is SYN, SYN-ACK, ACK of new flows, each at last closed by a RST and expired; "flood" is
// SYNs into a full embryonic store, each of which ends the oldest. "ajar" is the shard; "walk" reads and
// writes the same flows' lines without judging anything, which is what memory alone would allow.
#include <memory>
#include <vector>

#include "ajar/flow/pool.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"
#include "harness.hpp"

namespace ajar::bench {
namespace {

constexpr std::size_t kPackets = 32;
constexpr int kBursts = 2048;
constexpr Time kStart{Duration(1'700'000'000'000'000'000)};

/// Packet `flags` of flow n, from its client or its server.
Packet segment(std::uint32_t n, bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    Packet p;
    p.kind = PacketKind::tcp;
    p.v4.address = {be32::of(0x0a000000U + (n >> 8U)), be32::of(0xc0a80001U)};
    p.v4.port = {be16::of(static_cast<std::uint16_t>(1024U + (n & 0xffU))), be16::of(443)};
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

class Bench {
public:
    explicit Bench(std::uint32_t flows) : memory_(setup().pages) {
        TrackerOptions options;
        options.sizes = {flows + flows / 8U, flows, 1024, 0, 25};  // a partition is not exactly 1/128 of all
        options.key = key_;
        options.owned.fill(true);
        tracker_ = std::make_unique<Tracker>(options, memory_);
    }

    void add(Packet p) {
        p.time = now_;
        p.ordinal = ordinal_++;
        identify(p, key_, Steer::rss);
        burst_[filled_++] = p;
        if (filled_ == kPackets) send();
    }
    void send() {
        tracker_->process({burst_.data(), filled_}, {verdicts_.data(), filled_}, policy_);
        filled_ = 0;
        now_ += std::chrono::microseconds(3);
        (void)tracker_->advance(now_, 64, policy_);
        Event event;
        while (tracker_->events().pop(event)) ::benchmark::DoNotOptimize(event.time);
    }
    void connect(std::uint32_t n) {
        add(segment(n, true, TcpFlags::kSyn, 1000, 0));
        add(segment(n, false, TcpFlags::kSyn | TcpFlags::kAck, 5000, 1001));
        add(segment(n, true, TcpFlags::kAck, 1001, 5001));
    }
    /// What was not established counts as an error of the bench.
    [[nodiscard]] std::uint64_t established() const {
        return tracker_->counters().flows[static_cast<std::size_t>(TcpState::established)].get();
    }
    void shorten(TimerClass c, Duration d) { policy_.timeouts[static_cast<std::size_t>(c)] = d; }

private:
    HashKey key_ = hash_key_from_seed(1);
    PageMemory memory_;
    std::unique_ptr<Tracker> tracker_;
    Policy policy_ = policy_of(Profile::ajar);
    std::array<Packet, kPackets> burst_;
    std::array<Verdict, kPackets> verdicts_{};
    std::size_t filled_ = 0;
    Time now_ = kStart;
    std::uint64_t ordinal_ = 0;
};

/// `next()` adds one burst's packets.
template <typename Next>
void measure(::benchmark::State& state, Next next) {
    for (auto _ : state) {
        const auto start = stopwatch();
        for (int b = 0; b < kBursts; ++b) next();
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(state.iterations() * kBursts * static_cast<std::int64_t>(kPackets));
}

void established(::benchmark::State& state, std::uint32_t flows) {
    Bench bench(flows);
    for (std::uint32_t n = 0; n < flows; ++n) bench.connect(n);
    bench.send();
    if (bench.established() != flows) state.SkipWithError("not every flow was established");
    std::uint64_t turn = 0;
    measure(state, [&] {
        for (std::size_t i = 0; i < kPackets; ++i) {
            const auto n = static_cast<std::uint32_t>(mixed(turn++)) & (flows - 1);
            bench.add(segment(n, (turn & 1U) != 0, TcpFlags::kAck, (turn & 1U) != 0 ? 1001 : 5001,
                              (turn & 1U) != 0 ? 5001 : 1001));
        }
    });
}

void connect(::benchmark::State& state, std::uint32_t flows) {
    Bench bench(flows);
    bench.shorten(TimerClass::close, std::chrono::milliseconds(1));
    std::uint32_t n = 0;
    measure(state, [&] {
        for (std::size_t i = 0; i < kPackets / 4; ++i, ++n) {
            bench.connect(n & (flows - 1));
            bench.add(segment(n & (flows - 1), true, TcpFlags::kRst, 1001, 0));
        }
    });
}

void flood(::benchmark::State& state, std::uint32_t flows) {
    Bench bench(flows);
    std::uint32_t n = 0;
    for (std::uint32_t i = 0; i < 2 * flows; ++i) bench.add(segment(n++, true, TcpFlags::kSyn, 1000, 0));
    measure(state, [&] {
        for (std::size_t i = 0; i < kPackets; ++i) bench.add(segment(n++, true, TcpFlags::kSyn, 1000, 0));
    });
}

/// The limit: two lines of a random flow read and written, prefetched by the burst.
void walk(::benchmark::State& state, std::uint32_t flows) {
    PageMemory memory(setup().pages);
    Pool<KeyV4> pool(memory, flows);
    for (std::uint32_t i = 0; i < flows; ++i) pool.entry(pool.take()).warm.packets[0] = i;
    std::uint64_t turn = 0;
    measure(state, [&] {
        std::array<std::uint32_t, kPackets> at;
        for (auto& i : at) i = static_cast<std::uint32_t>(mixed(turn++)) & (flows - 1);
        for (const auto i : at) pool.prefetch(i);
        for (const auto i : at) {
            ++pool.entry(i).warm.packets[0];
            pool.entry(i).tick.count += pool.entry(i).conn.flags;
        }
    });
}

}  // namespace

void register_runs() {
    for (const auto flows : sizes()) {
        run("established", flows, "ajar", [flows](::benchmark::State& s) { established(s, flows); });
        run("established", flows, "walk", [flows](::benchmark::State& s) { walk(s, flows); });
        run("connect", flows, "ajar", [flows](::benchmark::State& s) { connect(s, flows); });
        run("flood", flows, "ajar", [flows](::benchmark::State& s) { flood(s, flows); });
    }
}

}  // namespace ajar::bench
