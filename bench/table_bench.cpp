// What does it cost to find, insert and replace a flow, beside rte_hash, TBB's and Abseil's maps?
//
// All tables hold the same number of flows of 16-byte keys, Ajar's at its full load of 0.8, and work in
// bursts of 64. "hit" and "miss" look up random flows, "insert" fills an empty table whose memory has been
// touched before, "churn" replaces the oldest flow by a new one at full load; each item of these includes the
// check that the new key is not there yet. A hit of Ajar's has compared the key in the flow's entry, with
// both of its lines fetched: the others would have to fetch theirs yet.
#include <memory>
#include <span>
#include <vector>

#include "ajar_table.hpp"
#include "harness.hpp"
#include "map_table.hpp"
#if defined(AJAR_BENCH_DPDK)
#include "rte_table.hpp"
#endif

namespace ajar::bench {
namespace {

constexpr std::size_t kStream = 1U << 18U;  // keys looked up before the stream repeats
constexpr std::size_t kBurstsAtOnce = 256;  // between two looks at the clock

KeyV4 key_of(std::uint64_t n) {
    const auto a = mixed(2 * n), b = mixed(2 * n + 1);
    return {{be32::of(static_cast<std::uint32_t>(a)), be32::of(static_cast<std::uint32_t>(a >> 32U))},
            {be16::of(static_cast<std::uint16_t>(b)), be16::of(static_cast<std::uint16_t>(b >> 16U))},
            0};
}

/// A full table and the keys in it, oldest at `oldest`.
template <class Table>
struct Loaded {
    explicit Loaded(std::uint32_t flows) : table(flows) {
        for (std::uint32_t i = 0; i < flows; ++i) keys.push_back(key_of(next++));
        for (std::size_t i = 0; i < keys.size(); i += kBurstKeys) table.insert(burst(keys, i));
    }
    static Keys burst(const std::vector<KeyV4>& from, std::size_t at) {
        return Keys(from).subspan(at, kBurstKeys);
    }

    Table table;
    std::vector<KeyV4> keys;
    std::uint64_t next = 0;
    std::size_t oldest = 0;
};

/// Made once for all repetitions.
template <class Table>
Loaded<Table>& loaded(std::uint32_t flows) {
    static std::vector<std::pair<std::uint32_t, std::unique_ptr<Loaded<Table>>>> made;
    for (auto& [size, table] : made) {
        if (size == flows) return *table;
    }
    made.emplace_back(flows, std::make_unique<Loaded<Table>>(flows));
    return *made.back().second;
}

/// Times `burst(i)` for i = 0, 64, ... of a stream.
template <class Burst>
void time_bursts(::benchmark::State& state, std::size_t stream, Burst&& burst) {
    std::size_t at = 0;
    for (auto _ : state) {
        const auto start = stopwatch();
        for (std::size_t b = 0; b < kBurstsAtOnce; ++b, at = (at + kBurstKeys) % stream) burst(at);
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kBurstsAtOnce * kBurstKeys});
}

template <class Table>
void look_up(::benchmark::State& state, std::uint32_t flows, bool hits) {
    auto& full = loaded<Table>(flows);
    std::vector<KeyV4> stream(kStream);
    for (std::size_t i = 0; i < kStream; ++i) {
        stream[i] = hits ? full.keys[mixed(i) % flows] : key_of(i + (std::uint64_t{1} << 60U));
    }
    std::array<std::uint32_t, kBurstKeys> out;
    std::uint64_t found = 0, asked = 0;
    time_bursts(state, kStream, [&](std::size_t at) {
        found += full.table.find(full.burst(stream, at), out);
        asked += kBurstKeys;
        ::benchmark::DoNotOptimize(out);
    });
    if (found != (hits ? asked : 0)) state.SkipWithError("wrong number of hits");
}

template <class Table>
void read(::benchmark::State& state, std::uint32_t flows) {
    auto& full = loaded<Table>(flows);
    std::vector<KeyV4> stream(kStream);
    for (std::size_t i = 0; i < kStream; ++i) stream[i] = full.keys[mixed(i) % flows];
    time_bursts(state, kStream,
                [&](std::size_t at) { ::benchmark::DoNotOptimize(full.table.read(full.burst(stream, at))); });
}

template <class Table>
void churn(::benchmark::State& state, std::uint32_t flows) {
    auto& full = loaded<Table>(flows);
    std::vector<KeyV4> born(kBurstsAtOnce * kBurstKeys);
    for (auto _ : state) {
        for (auto& k : born) k = key_of(full.next++);
        const auto start = stopwatch();
        for (std::size_t at = 0; at < born.size(); at += kBurstKeys) {
            const auto place = (full.oldest + at) % flows;
            full.table.turn(full.burst(full.keys, place), full.burst(born, at));
        }
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        std::copy(born.begin(), born.end(), full.keys.begin() + static_cast<std::ptrdiff_t>(full.oldest));
        full.oldest = (full.oldest + born.size()) % flows;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(born.size()));
}

/// Empties the table in the reverse order of filling, so that places come back in the order of their use.
template <class Table>
void insert(::benchmark::State& state, std::uint32_t flows) {
    auto& full = loaded<Table>(flows);
    std::vector<KeyV4> batch;
    for (auto _ : state) {
        for (std::size_t i = flows; i != 0; i -= kBurstKeys)
            full.table.erase(full.burst(full.keys, i - kBurstKeys));
        const auto start = stopwatch();
        for (std::size_t i = 0; i < flows; i += kBurstKeys) full.table.insert(full.burst(full.keys, i));
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    full.oldest = 0;
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

template <class Table>
void register_table(std::uint32_t flows) {
    run("hit", flows, Table::kName, [flows](auto& s) { look_up<Table>(s, flows, true); });
    run("miss", flows, Table::kName, [flows](auto& s) { look_up<Table>(s, flows, false); });
    if constexpr (requires(Table t, Keys keys) { t.read(keys); }) {
        run("read", flows, Table::kName, [flows](auto& s) { read<Table>(s, flows); });
    }
    run("churn", flows, Table::kName, [flows](auto& s) { churn<Table>(s, flows); });
    run("insert", flows, Table::kName, [flows](auto& s) { insert<Table>(s, flows); });
}

}  // namespace

void register_runs() {
    for (const auto flows : sizes()) {
        register_table<AjarTable>(flows);
#if defined(AJAR_BENCH_DPDK)
        register_table<RteTable>(flows);
#endif
        register_table<TbbTable>(flows);
#if defined(AJAR_BENCH_ABSL)
        register_table<AbslTable>(flows);
#endif
    }
}

}  // namespace ajar::bench
