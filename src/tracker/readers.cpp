// The readers' side of a shard: consistent copies of entries, from any thread, without a word to the writer.
#include <algorithm>
#include <utility>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/tracker.hpp"
#include "tracker/emit.hpp"
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

KeyV4 narrow(const KeyV6& key) {
    KeyV4 out;
    for (std::size_t s = 0; s < 2; ++s) {
        std::copy_n(key.address[s].begin(), 4, out.address[s].bytes.begin());
        out.port[s] = key.port[s];
    }
    out.zone = key.zone;
    return out;
}

// A cursor is (pool number over all partitions) << 32 | next index in it.
constexpr unsigned kPoolShift = 32;

/// A walk from a cursor on, as far as there is room.
class Walk {
public:
    Walk(std::uint64_t& cursor, std::span<Tracker::Snapshot> out) : cursor_(cursor), out_(out) {}

    /// False: there is no more room, and the cursor says where to go on.
    bool through(const Partition& partition) {
        return for_each_pool(partition, [this](const auto& pool) { return through_pool(pool); });
    }
    [[nodiscard]] std::size_t filled() const { return filled_; }

private:
    template <typename Key>
    bool through_pool(const Pool<Key>& pool) {
        const std::uint64_t number = pool_++;
        if (number < cursor_ >> kPoolShift) return true;
        auto index = static_cast<std::uint32_t>(number == cursor_ >> kPoolShift ? cursor_ : 0);
        for (; index < pool.high_water(); ++index) {
            if (filled_ == out_.size()) {
                cursor_ = number << kPoolShift | index;
                return false;
            }
            if (copy_living(pool, index, out_[filled_])) ++filled_;
        }
        return true;
    }

    std::uint64_t& cursor_;
    std::span<Tracker::Snapshot> out_;
    std::uint64_t pool_ = 0;
    std::size_t filled_ = 0;
};

template <typename Key>
void add_family(Occupancy& sum, std::size_t family, const FamilyTables<Key>& tables) {
    const auto add = [](Occupancy::Places& to, const auto& pool) {
        to.used += pool.used();
        to.all += pool.capacity();
    };
    add(sum.embryonic[family], tables.embryonic);
    add(sum.confirmed[family], tables.confirmed);
    sum.directory.used += tables.directory.size();
    sum.directory.all += tables.directory.count() * Bucket::kPlaces;
    sum.strays += tables.directory.strays();
    sum.kicks += tables.directory.kicks();
    sum.longest_path = std::max(sum.longest_path, tables.directory.longest_path());
    sum.tombstones.all += tables.tombstones.capacity();
}

}  // namespace

void Occupancy::add(const Occupancy& o) {
    const auto more = [](Places& to, const Places& from) {
        to.used += from.used;
        to.all += from.all;
    };
    for (std::size_t f = 0; f < 2; ++f) {
        more(embryonic[f], o.embryonic[f]);
        more(confirmed[f], o.confirmed[f]);
    }
    more(tombstones, o.tombstones);
    more(directory, o.directory);
    strays += o.strays;
    kicks += o.kicks;
    longest_path = std::max(longest_path, o.longest_path);
}

std::size_t Tracker::list(std::uint64_t& cursor, std::span<Snapshot> out) const {
    Walk walk(cursor, out);
    const bool done = std::all_of(impl_->owned.begin(), impl_->owned.end(),
                                  [&](const auto& partition) { return walk.through(*partition); });
    if (done) cursor = 0;
    return walk.filled();
}

std::size_t Tracker::list(std::uint8_t partition, std::uint64_t& cursor, std::span<Snapshot> out) const {
    const Partition* const mine = impl_->partitions[partition];
    Walk walk(cursor, out);
    if (mine == nullptr || walk.through(*mine)) cursor = 0;
    return walk.filled();
}

std::uint64_t Tracker::flow_id_of(const Snapshot& flow) const {
    const auto& secret = impl_->hash_key;
    if (flow.family == Family::ipv6) return flow_id(keyed_hash(flow.key, secret), flow.warm.birth_ordinal);
    return flow_id(keyed_hash(narrow(flow.key), secret), flow.warm.birth_ordinal);
}

Occupancy Tracker::occupancy() const {
    Occupancy sum;
    for (const auto& partition : std::as_const(*impl_).owned) {
        add_family(sum, 0, partition->v4);
        add_family(sum, 1, partition->v6);
    }
    sum.tombstones.used = impl_->counters.tombstones.get();
    return sum;
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
