// What does it cost to find, insert and replace a flow, beside rte_hash, boost's, Abseil's and TBB's maps?
//
// All tables hold the same flows of 16-byte keys, Ajar's at its full load of 0.8, and work in bursts of 32.
// "hit" finds random flows, reads their state and writes their time last seen; "miss" looks for flows that
// are not there. Both after four turnovers of the table, in which every flow was replaced four times in
// random order. "churn" goes on replacing; each item is a delete and an insert. "insert" fills an empty table
// whose memory has been touched before. No key is asked for twice before all others, so no cache knows it.
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "ajar_table.hpp"
#include "map_table.hpp"
#include "random_lines.hpp"
#include "tbb_table.hpp"
#if defined(AJAR_BENCH_DPDK)
#include "rte_table.hpp"
#endif

namespace ajar::bench {
namespace {

constexpr std::size_t kAtOnce = 1U << 13U;  // keys between two looks at the clock
constexpr std::uint32_t kTurnovers = 4;

KeyV4 key_of(std::uint64_t n) {
    const auto a = mixed(2 * n), b = mixed(2 * n + 1);
    return {{be32::of(static_cast<std::uint32_t>(a)), be32::of(static_cast<std::uint32_t>(a >> 32U))},
            {be16::of(static_cast<std::uint16_t>(b)), be16::of(static_cast<std::uint16_t>(b >> 16U))},
            0};
}

/// Calls body(i) for each burst of `keys`, i being its first key.
template <class Body>
void for_bursts(std::size_t keys, Body&& body) {
    for (std::size_t i = 0; i < keys; i += kBurstKeys) body(i);
}

/// A table and the numbers of the flows in it.
template <class Table>
class Filled {
public:
    explicit Filled(std::uint32_t flows) : table(flows), alive_(flows), dead_(kAtOnce), born_(kAtOnce) {
        fill();
    }

    Table table;

    [[nodiscard]] std::uint32_t flows() const { return static_cast<std::uint32_t>(alive_.size()); }
    /// Keys of random flows that are there, or of some that never were.
    void draw(std::vector<KeyV4>& keys, bool hits) {
        for (auto& k : keys) {
            k = hits ? key_of(alive_[mixed(drawn_) & (flows() - 1)])
                     : key_of(drawn_ + (std::uint64_t{1} << 60U));
            ++drawn_;
        }
    }
    /// Replaces kAtOnce flows; returns the nanoseconds of that.
    std::int64_t turn() {
        for (std::size_t i = 0; i < kAtOnce; ++i) {
            auto& number = alive_[shuffled(victim_++, flows())];
            dead_[i] = key_of(number);
            number = next_++;
            born_[i] = key_of(number);
        }
        const auto start = stopwatch();
        for_bursts(kAtOnce, [this](std::size_t i) {
            table.turn(Keys(dead_).subspan(i, kBurstKeys), Keys(born_).subspan(i, kBurstKeys));
        });
        return stopwatch() - start;
    }
    /// As after hours of work.
    void age() {
        for (; turnovers_ < kTurnovers; ++turnovers_) {
            for (std::uint32_t i = 0; i < flows(); i += kAtOnce) (void)turn();
        }
    }
    /// Empties the table and fills it; returns the nanoseconds of the latter.
    std::int64_t refill() {
        table.clear();
        turnovers_ = 0;
        return fill();
    }

private:
    std::int64_t fill() {
        std::int64_t spent = 0;
        next_ = 0;
        for (std::uint32_t at = 0; at < flows(); at += kAtOnce) {
            for (std::size_t i = 0; i < kAtOnce; ++i) {
                alive_[at + i] = next_++;
                born_[i] = key_of(alive_[at + i]);
            }
            const auto start = stopwatch();
            for_bursts(kAtOnce, [this](std::size_t i) { table.insert(Keys(born_).subspan(i, kBurstKeys)); });
            spent += stopwatch() - start;
        }
        return spent;
    }

    std::vector<std::uint32_t> alive_;
    std::vector<KeyV4> dead_, born_;
    std::uint32_t next_ = 0, victim_ = 0, turnovers_ = 0;
    std::uint64_t drawn_ = 0;
};

/// The only one of its kind and size, made once for all repetitions.
template <class Thing>
Thing& only(std::uint32_t size, std::size_t argument) {
    static std::vector<std::pair<std::uint32_t, std::unique_ptr<Thing>>> made;
    for (auto& [s, thing] : made) {
        if (s == size) return *thing;
    }
    made.emplace_back(size, std::make_unique<Thing>(argument));
    return *made.back().second;
}
template <class Table>
Filled<Table>& filled(std::uint32_t flows) {
    return only<Filled<Table>>(flows, flows);
}

template <class Table>
void look_up(::benchmark::State& state, std::uint32_t flows, bool hits) {
    auto& full = filled<Table>(flows);
    full.age();
    std::vector<KeyV4> keys(kAtOnce);
    std::uint64_t found = 0;
    std::uint32_t now = 0;
    for (auto _ : state) {
        full.draw(keys, hits);
        const auto start = stopwatch();
        for_bursts(kAtOnce, [&](std::size_t i) {
            found += full.table.touch(Keys(keys).subspan(i, kBurstKeys), ++now);
        });
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    const auto asked = state.iterations() * static_cast<std::int64_t>(kAtOnce);
    if (static_cast<std::int64_t>(found) != (hits ? asked : 0)) state.SkipWithError("wrong number of hits");
    state.SetItemsProcessed(asked);
    state.counters["bytes_per_flow"] = static_cast<double>(full.table.bytes()) / flows;
}

template <class Table>
void churn(::benchmark::State& state, std::uint32_t flows) {
    auto& full = filled<Table>(flows);
    full.age();
    for (auto _ : state) state.SetIterationTime(static_cast<double>(full.turn()) * 1e-9);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAtOnce));
}

template <class Table>
void insert(::benchmark::State& state, std::uint32_t flows) {
    auto& full = filled<Table>(flows);
    for (auto _ : state) state.SetIterationTime(static_cast<double>(full.refill()) * 1e-9);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

/// `index`: lines of index to read besides; 0 for none.
void random_lines(::benchmark::State& state, std::size_t bytes, std::uint32_t index) {
    auto& lines = only<RandomLines>(static_cast<std::uint32_t>(bytes / 64), bytes);
    std::vector<std::uint64_t> random(kAtOnce);
    std::uint64_t drawn = 0;
    std::uint32_t now = 0;
    for (auto _ : state) {
        for (auto& r : random) r = mixed(drawn++);
        const auto start = stopwatch();
        for_bursts(kAtOnce, [&](std::size_t i) {
            const auto burst = std::span<const std::uint64_t>(random).subspan(i, kBurstKeys);
            ::benchmark::DoNotOptimize(index == 0 ? lines.touch(burst, ++now)
                                                  : lines.touch_two(burst, ++now, index));
        });
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAtOnce));
}

template <class Table>
void register_table(std::uint32_t flows) {
    run("hit", flows, Table::kName, [flows](auto& s) { look_up<Table>(s, flows, true); });
    run("miss", flows, Table::kName, [flows](auto& s) { look_up<Table>(s, flows, false); });
    run("churn", flows, Table::kName, [flows](auto& s) { churn<Table>(s, flows); });
    run("insert", flows, Table::kName, [flows](auto& s) { insert<Table>(s, flows); });
}

/// 64Ki flows lie in a cache; from 1Mi on the limit is memory's.
void register_lines(std::uint32_t flows) {
    const auto own = std::size_t{flows} * 64;
    const auto limit = flows < 1U << 20U ? own : std::size_t{flows < 1U << 24U ? 1U : 2U} << 30U;
    run("line", flows, "limit", [limit](auto& s) { random_lines(s, limit, 0); });
    run("line", flows, "own size", [own](auto& s) { random_lines(s, own, 0); });
    run("two lines", flows, "own size", [own, flows](auto& s) { random_lines(s, own, flows / 8); });
}

}  // namespace

void register_runs() {
    for (const auto flows : setup().flows) {
        register_lines(flows);
        register_table<AjarTable>(flows);
#if defined(AJAR_BENCH_DPDK)
        register_table<RteTable>(flows);
#endif
#if defined(AJAR_BENCH_BOOST)
        register_table<BoostTable>(flows);
#endif
#if defined(AJAR_BENCH_ABSL)
        register_table<AbslTable>(flows);
#endif
        register_table<TbbTable>(flows);
    }
}

}  // namespace ajar::bench
