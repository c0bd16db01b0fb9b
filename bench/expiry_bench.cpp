// What does a shard's background work cost, on a full table whose flows have all run out, and what are its
// flows' bytes?
//
// Slices as in a live worker. "visit" finds that each flow has been heard since its stamp was written, and
// arms it again; "expire" evicts each and writes its event, "expire embryonic" likewise for SYNs that nobody
// has answered; "idle slice" is one in which nothing is due (its item is the slice). Events are read outside
// of the time.
#include "shard.hpp"

#include <string>

namespace ajar::bench {
namespace {

using std::chrono::seconds;

void establish(ShardBench& bench, std::uint32_t flows) {
    for (std::uint32_t n = 0; n < flows; ++n) bench.connect(n);
    bench.send();
    bench.drain();
}

/// Collects all that is due; returns the nanoseconds of that.
std::int64_t collect(ShardBench& bench) {
    std::int64_t spent = 0;
    for (bool done = false; !done;) {
        const auto start = stopwatch();
        while (!done && !bench.events_pile_up()) done = bench.advance();
        spent += stopwatch() - start;
        bench.drain();
    }
    return spent;
}

/// Every flow is heard, then two thirds of its timeout pass: its stamp is older than its last packet.
std::int64_t round_of_visits(ShardBench& bench, std::uint32_t flows) {
    for (std::uint32_t n = 0; n < flows; ++n) bench.ack(n, true);
    bench.send();
    bench.pass_time(seconds(5000));
    return collect(bench);
}

void visit(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(room_for(flows), 1U << 16U);
    establish(bench, flows);
    round_of_visits(bench, flows);
    for (auto _ : state) state.SetIterationTime(static_cast<double>(round_of_visits(bench, flows)) * 1e-9);
    if (bench.flows(TcpState::established) != flows) state.SkipWithError("not every flow is still there");
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

void expire(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(room_for(flows), 1U << 16U);
    bench.policy().actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    for (auto _ : state) {
        establish(bench, flows);
        if (bench.flows(TcpState::established) != flows)
            state.SkipWithError("not every flow was established");
        bench.pass_time(seconds(8000));
        state.SetIterationTime(static_cast<double>(collect(bench)) * 1e-9);
        if (bench.flows(TcpState::established) != 0) state.SkipWithError("not every flow has expired");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

void expire_embryonic(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(1024, room_for(flows));
    bench.policy().actions[static_cast<std::size_t>(Cause::embryonic_stale)] = Action::evict;
    for (auto _ : state) {
        for (std::uint32_t n = 0; n < flows; ++n) bench.syn(n);
        bench.send();
        bench.drain();
        const auto alive = bench.flows(TcpState::syn_sent);
        bench.pass_time(seconds(100));
        state.SetIterationTime(static_cast<double>(collect(bench)) * 1e-9);
        if (alive != flows || bench.flows(TcpState::syn_sent) != 0) state.SkipWithError("not all at once");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

void idle_slice(::benchmark::State& state, std::uint32_t flows) {
    ShardBench bench(room_for(flows), 1U << 16U);
    establish(bench, flows);
    constexpr int kSlices = 1024;
    for (auto _ : state) {
        const auto start = stopwatch();
        for (int i = 0; i < kSlices; ++i) {
            bench.pass_time(std::chrono::microseconds(100));
            if (!bench.advance()) state.SkipWithError("something was due");
        }
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(state.iterations() * kSlices);
}

/// Bytes that one more flow of a kind takes, all included: the directory is full at its load of 0.8.
void state_bytes(const std::string& what, std::uint64_t TableSizes::*kind, std::uint32_t ipv6_percent) {
    const auto needed = [&](std::uint64_t flows) {
        TrackerOptions options;
        options.recording = Recording::off;
        options.sizes = {0, 0, 0, ipv6_percent, 25};
        options.sizes.*kind = flows;
        options.owned.fill(true);
        return memory_needed(options);
    };
    constexpr std::uint64_t kMany = 1U << 24U;
    const auto bytes = static_cast<double>(needed(2 * kMany) - needed(kMany)) / kMany;
    ::benchmark::AddCustomContext("bytes of " + what, std::to_string(std::lround(bytes)));
}

}  // namespace

void register_runs() {
    state_bytes("a confirmed IPv4 flow", &TableSizes::confirmed, 0);
    state_bytes("a confirmed IPv6 flow", &TableSizes::confirmed, 100);
    state_bytes("an embryonic IPv4 flow", &TableSizes::embryonic, 0);
    state_bytes("an embryonic IPv6 flow", &TableSizes::embryonic, 100);
    state_bytes("an IPv4 tombstone", &TableSizes::tombstones, 0);
    state_bytes("an IPv6 tombstone", &TableSizes::tombstones, 100);
    for (const auto flows : setup().flows) {
        run("visit", flows, "ajar", [flows](auto& s) { visit(s, flows); });
        run("expire", flows, "ajar", [flows](auto& s) { expire(s, flows); });
        run("expire embryonic", flows, "ajar", [flows](auto& s) { expire_embryonic(s, flows); });
        run("idle slice", flows, "ajar", [flows](auto& s) { idle_slice(s, flows); });
    }
}

}  // namespace ajar::bench
