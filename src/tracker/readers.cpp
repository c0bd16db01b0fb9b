// The readers' side of a shard: consistent copies of entries, from any thread, without a word to the writer.
#include <utility>

#include "ajar/flow/seq_copy.hpp"
#include "ajar/tracker.hpp"
#include "tracker/impl.hpp"

namespace ajar {

using namespace tracker;  // NOLINT(google-build-using-namespace)

namespace {

template <typename Key>
bool copy_living(const Pool<Key>& pool, std::uint32_t index, Tracker::Snapshot& out) {
    Entry<Key> entry;
    if (!snapshot(pool.entry(index), pool.record(index), entry, out.record)) return false;
    if (entry.conn.state == TcpState::none) return false;
    out.family = kFamilyOf<Key>;
    out.key = wide(entry.key);
    out.tick = entry.tick;
    out.conn = entry.conn;
    out.warm = entry.warm;
    out.recorded = pool.record(index) != nullptr;
    return true;
}

/// Calls visit(pool) for the four pools of a partition, in a fixed order, until it returns false.
template <typename Visit>
bool for_each_pool(const Partition& partition, Visit&& visit) {
    return visit(partition.v4.embryonic) && visit(partition.v4.confirmed) && visit(partition.v6.embryonic) &&
           visit(partition.v6.confirmed);
}

// A cursor is (pool number over all partitions) << 32 | next index in it.
constexpr unsigned kPoolShift = 32;

}  // namespace

std::size_t Tracker::list(std::uint64_t& cursor, std::span<Snapshot> out) const {
    const auto& shard = std::as_const(*impl_);
    std::uint64_t pool_number = 0;
    std::size_t filled = 0;
    for (const auto& partition : shard.owned) {
        const bool more = for_each_pool(*partition, [&](const auto& pool) {
            const std::uint64_t number = pool_number++;
            if (number < cursor >> kPoolShift) return true;
            auto index = static_cast<std::uint32_t>(number == cursor >> kPoolShift ? cursor : 0);
            for (; index < pool.high_water(); ++index) {
                if (filled == out.size()) {
                    cursor = number << kPoolShift | index;
                    return false;
                }
                if (copy_living(pool, index, out[filled])) ++filled;
            }
            return true;
        });
        if (!more) return filled;
    }
    cursor = 0;
    return filled;
}

std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> Tracker::embryonic_ages(Time now) const {
    std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> ages{};
    Snapshot flow;
    const auto count = [&](const auto& pool) {
        for (std::uint32_t index = 0; index < pool.high_water(); ++index) {
            if (!copy_living(pool, index, flow)) continue;
            const auto age = now - flow.warm.first();
            std::size_t band = 0;
            while (band < kEmbryonicAgeBounds.size() && age >= kEmbryonicAgeBounds[band]) ++band;
            ++ages[band];
        }
    };
    for (const auto& partition : std::as_const(*impl_).owned) {
        count(partition->v4.embryonic);
        count(partition->v6.embryonic);
    }
    return ages;
}

}  // namespace ajar
