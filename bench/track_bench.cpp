// What does a whole shard cost per packet: find, machine, window, record, counters, timers running?
//
// "established" sends the next segment of random flows; "connect" is SYN, SYN-ACK, ACK of new flows, each at
// last closed by a RST and expired; "flood" is SYNs into a full embryonic store, each of which ends the
// oldest. "ajar" is the shard. Beside it: "walk" reads and writes the same flows' lines without judging
// anything, which is what memory alone would allow; boost's map deletes its oldest flow and inserts a new
// one.
#include <vector>

#include "ajar/flow/pool.hpp"
#include "map_table.hpp"
#include "shard.hpp"

namespace ajar::bench {
namespace {

constexpr int kBursts = 2048;
constexpr std::size_t kPackets = ShardBench::kPackets;
constexpr std::uint64_t kFewHandshakes = 1U << 16U;

/// `next()` adds one burst's packets, which are so many items.
template <typename Next>
void measure(::benchmark::State& state, std::size_t items, Next next) {
    for (auto _ : state) {
        const auto start = stopwatch();
        for (int b = 0; b < kBursts; ++b) next();
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(state.iterations() * kBursts * static_cast<std::int64_t>(items));
}

void established(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(room_for(flows), kFewHandshakes);
    for (std::uint32_t n = 0; n < flows; ++n) bench.connect(n);
    bench.send();
    if (bench.flows(TcpState::established) != flows) state.SkipWithError("not every flow was established");
    std::uint64_t turn = 0;
    measure(state, kPackets, [&] {
        for (std::size_t i = 0; i < kPackets; ++i, ++turn)
            bench.ack(static_cast<std::uint32_t>(mixed(turn)) & (flows - 1), turn % 2 == 0);
    });
}

/// Each connection lives until `flows` others have come; then a RST closes it, and soon it expires.
void connect(::benchmark::State& state, std::uint32_t flows) {
    constexpr std::uint32_t kExpiring = 1U << 18U;  // closed ones that wait for their tick
    ShardBench bench(room_for(flows) + kExpiring, kFewHandshakes);
    bench.policy().timeouts[static_cast<std::size_t>(TimerClass::close)] = std::chrono::milliseconds(1);
    std::uint32_t n = 0;
    while (n < flows) bench.connect(n++);
    measure(state, kPackets / 4, [&] {
        for (std::size_t i = 0; i < kPackets / 4; ++i, ++n) {
            bench.connect(n);
            bench.reset(n - flows);
        }
    });
    const auto promoted = bench.counters().flows_promoted.get();
    if (promoted + kPackets < n) state.SkipWithError("not every handshake was completed");
}

void flood(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(1024, flows);
    std::uint32_t n = 0;
    for (std::uint32_t i = 0; i < 2 * flows; ++i) bench.syn(n++);
    measure(state, kPackets, [&] {
        for (std::size_t i = 0; i < kPackets; ++i) bench.syn(n++);
    });
}

#if defined(AJAR_BENCH_BOOST)
KeyV4 flood_key(std::uint32_t n) { return segment(n, true, TcpFlags::kSyn, 0, 0).v4; }

void boost_flood(::benchmark::State& state, std::uint32_t flows) {
    BoostTable table(flows);
    std::array<KeyV4, kPackets> dead, born;
    std::uint32_t n = 0;
    const auto draw = [&](auto& keys, std::uint32_t from) {
        for (auto& k : keys) k = flood_key(from++);
    };
    for (; n < flows; n += kPackets) {
        draw(born, n);
        table.insert(born);
    }
    const auto turn = [&] {
        draw(dead, n - flows);
        draw(born, n);
        table.turn(dead, born);
        n += kPackets;
    };
    while (n < 2 * flows) turn();
    measure(state, kPackets, turn);
}
#endif

/// The limit: two lines of a random flow read and written, prefetched by the burst.
void walk(::benchmark::State& state, std::uint32_t flows) {
    PageMemory memory(setup().pages);
    const auto entries = take_array<Entry<KeyV4>>(memory, flows);
    for (auto& e : entries) e.warm.sent[0].packets = 1;
    std::uint64_t turn = 0;
    measure(state, kPackets, [&] {
        std::array<std::uint32_t, kPackets> at;
        for (auto& i : at) i = static_cast<std::uint32_t>(mixed(turn++)) & (flows - 1);
        for (const auto i : at) {
            __builtin_prefetch(&entries[i], 1);
            __builtin_prefetch(&entries[i].warm, 1);
        }
        for (const auto i : at) {
            ++entries[i].warm.sent[0].packets;
            entries[i].tick.count += entries[i].conn.flags;
        }
    });
}

}  // namespace

void register_runs() {
    for (const auto flows : setup().flows) {
        run("established", flows, "ajar", [flows](auto& s) { established(s, flows); });
        run("established", flows, "walk", [flows](auto& s) { walk(s, flows); });
        run("connect", flows, "ajar", [flows](auto& s) { connect(s, flows); });
        run("flood", flows, "ajar", [flows](auto& s) { flood(s, flows); });
#if defined(AJAR_BENCH_BOOST)
        run("flood", flows, "boost", [flows](auto& s) { boost_flood(s, flows); });
#endif
    }
}

}  // namespace ajar::bench
