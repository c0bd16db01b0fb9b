// Walks through partitions.
#include "control/scan.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <charconv>

namespace ajar::control {
namespace {

constexpr std::size_t kBatch = 256;
constexpr int kLeastThreads = 2, kMostThreads = 8;

/// Flows of one partition after the other, in batches.
class Reader {
public:
    explicit Reader(const Box& box) : box_(box), now_(box.now()), batch_(kBatch) {}

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] std::uint64_t scanned() const { return scanned_; }

    /// Calls visit(seen) for those of the next batch that are meant. False: the partition's end.
    template <typename Visit>
    bool batch(std::uint32_t partition, std::uint64_t& at, std::size_t room, const Filter& filter,
               Visit&& visit) {
        const auto worker = box_.worker_of(static_cast<std::uint8_t>(partition));
        const Tracker& tracker = *box_.trackers()[worker];
        const auto n = tracker.list(static_cast<std::uint8_t>(partition), at, std::span(batch_).first(room));
        scanned_ += n;
        for (std::size_t i = 0; i < n; ++i) {
            Seen seen = seen_of(batch_[i], now_);
            seen.worker = worker;
            seen.partition = static_cast<std::uint8_t>(partition);
            seen.flow_id = tracker.flow_id_of(batch_[i]);
            if (seen.flagged()) seen.reason = filter.reason_of(seen.flow_id);
            if (!filter.selects(seen, now_)) continue;
            visit(seen);
        }
        return at != 0;
    }
    /// All of a partition; false where the deadline passed.
    template <typename Visit>
    bool whole(std::uint32_t partition, const Filter& filter, const Deadline& deadline, Visit&& visit) {
        if (!filter.wants_worker(box_.worker_of(static_cast<std::uint8_t>(partition)))) return true;
        std::uint64_t at = 0;
        bool more = true;
        while (more) {
            if (deadline.past()) return false;
            more = batch(partition, at, kBatch, filter, visit);
        }
        return true;
    }

private:
    const Box& box_;
    Time now_;
    std::vector<Tracker::Snapshot> batch_;
    std::uint64_t scanned_ = 0;
};

struct Ranked {
    SortKey key;
    Seen flow;
    friend bool operator<(const Ranked& a, const Ranked& b) { return a.key < b.key; }
};

/// The first `limit` of all that was offered: a heap whose top is the last of them.
class First {
public:
    explicit First(std::size_t limit) : limit_(limit) {}

    void offer(const SortKey& key, const Seen& flow) {
        if (heap_.size() == limit_) {
            if (limit_ == 0 || !(key < heap_.front().key)) return;
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.pop_back();
        }
        heap_.push_back({key, flow});
        std::push_heap(heap_.begin(), heap_.end());
    }
    std::vector<Ranked>& all() { return heap_; }

private:
    std::size_t limit_;
    std::vector<Ranked> heap_;
};

/// What one thread of a scan over everything has.
struct Part {
    Part(const Box& box, std::size_t limit) : reader(box), first(limit) {}
    Reader reader;
    First first;
    std::uint64_t matched = 0;
};
using Parts = tbb::enumerable_thread_specific<Part>;

/// Calls visit(part, seen) for all flows that are meant. False: too late.
template <typename Visit>
bool over_all(Parts& parts, const Filter& filter, const Deadline& deadline, Visit&& visit) {
    std::atomic<bool> late{false};
    tbb::parallel_for(tbb::blocked_range<std::uint32_t>(0, kPartitions, 1), [&](const auto& range) {
        Part& part = parts.local();
        for (auto p = range.begin(); p != range.end() && !late.load(std::memory_order_relaxed); ++p) {
            const bool whole = part.reader.whole(p, filter, deadline, [&](const Seen& seen) {
                ++part.matched;
                visit(part, seen);
            });
            if (!whole) late.store(true, std::memory_order_relaxed);
        }
    });
    return !late.load();
}

Page sums_of(Parts& parts, bool whole) {
    Page page;
    page.late = !whole;
    for (const Part& part : parts) {
        page.scanned += part.reader.scanned();
        page.matched += part.matched;
    }
    return page;
}

/// Hexadecimal words with dots between.
std::optional<std::vector<std::uint64_t>> words_of(std::string_view text) {
    std::vector<std::uint64_t> out;
    while (true) {
        const auto word = text.substr(0, text.find('.'));
        auto& value = out.emplace_back();
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
        if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
        if (word.size() == text.size()) return out;
        text.remove_prefix(word.size() + 1);
    }
}

int threads_here() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) return kLeastThreads;
    return std::clamp(CPU_COUNT(&mine), kLeastThreads, kMostThreads);
}

}  // namespace

std::string Cursor::text() const {
    if (after) return fmt::format("s{:x}.{:x}.{:x}", after->value[0], after->value[1], after->flow_id);
    return fmt::format("p{:x}.{:x}", partition, at);
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
    const char kind = text.empty() ? '\0' : text.front();
    if (kind != 'p' && kind != 's') return std::nullopt;
    const auto words = words_of(text.substr(1));
    if (!words || words->size() != (kind == 'p' ? 2U : 3U)) return std::nullopt;
    Cursor out;
    if (kind == 's') {
        out.after = SortKey{{(*words)[0], (*words)[1]}, (*words)[2]};
        return out;
    }
    if ((*words)[0] > kPartitions) return std::nullopt;
    out.partition = static_cast<std::uint32_t>((*words)[0]);
    out.at = (*words)[1];
    return out;
}

// A batch is never larger than the room that is left, so the cursor stands behind the last flow of the page.
Page list_page(const Box& box, const Filter& filter, const Cursor& from, std::size_t limit,
               const Deadline& deadline) {
    Reader reader(box);
    Page page;
    Cursor at = from;
    while (at.partition < kPartitions && page.flows.size() < limit && !deadline.past()) {
        const bool wanted = filter.wants_worker(box.worker_of(static_cast<std::uint8_t>(at.partition)));
        const auto room = std::min(kBatch, limit - page.flows.size());
        const bool more = wanted && reader.batch(at.partition, at.at, room, filter,
                                                 [&](const Seen& seen) { page.flows.push_back(seen); });
        if (!more) at = {at.partition + 1, 0, {}};
    }
    page.scanned = reader.scanned();
    page.matched = page.flows.size();
    if (at.partition < kPartitions) page.next = at;
    return page;
}

Page sorted_page(const Box& box, const Filter& filter, SortBy by, bool reverse, const Cursor& from,
                 std::size_t limit, const Deadline& deadline) {
    Parts parts([&] { return Part(box, limit); });
    const bool whole = over_all(parts, filter, deadline, [&](Part& part, const Seen& seen) {
        const auto key = key_of(seen, by, reverse);
        if (!from.after || *from.after < key) part.first.offer(key, seen);
    });
    Page page = sums_of(parts, whole);
    First first(limit);
    for (Part& part : parts)
        for (const Ranked& one : part.first.all()) first.offer(one.key, one.flow);
    std::sort_heap(first.all().begin(), first.all().end());
    for (const Ranked& one : first.all()) page.flows.push_back(one.flow);
    if (!page.flows.empty() && page.flows.size() == limit) page.next = Cursor{0, 0, first.all().back().key};
    return page;
}

Page count_flows(const Box& box, const Filter& filter, const Deadline& deadline) {
    Parts parts([&] { return Part(box, 0); });
    return sums_of(parts, over_all(parts, filter, deadline, [](Part&, const Seen&) {}));
}

Page find_flows(const Box& box, const FlowName& name, const Deadline& deadline, const Filter& everything) {
    Page page;
    const auto keep = [&](const Seen& seen) {
        if (name.names(seen)) page.flows.push_back(seen);
    };
    if (const auto ends = name.ends()) {
        if (const auto partition = box.partition_of(ends->family, ends->key)) {
            Reader reader(box);
            page.late = !reader.whole(*partition, everything, deadline, keep);
            page.scanned = reader.scanned();
            return page;
        }
    }
    Parts parts([&] { return Part(box, 1024); });
    const bool whole = over_all(parts, everything, deadline, [&](Part& part, const Seen& seen) {
        if (name.names(seen)) part.first.offer({}, seen);
    });
    page = sums_of(parts, whole);
    for (Part& part : parts)
        for (const Ranked& one : part.first.all()) page.flows.push_back(one.flow);
    return page;
}

std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> ages(const Box& box) {
    std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> sums{};
    const Time now = box.now();
    for (const Tracker* tracker : box.trackers()) {
        const auto of = tracker->embryonic_ages(now);
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += of[i];
    }
    return sums;
}

struct Scanner::Impl {
    // As many as there are CPUs, beside the thread that gives the work and runs nothing of it.
    tbb::global_control allowed{tbb::global_control::max_allowed_parallelism,
                                static_cast<std::size_t>(threads_here()) + 1};
    tbb::task_arena arena{threads_here(), 0};  // no place kept for who gives the work: he does not wait
    std::shared_ptr<std::atomic<unsigned>> running = std::make_shared<std::atomic<unsigned>>(0U);
};

Scanner::Scanner() : impl_(std::make_unique<Impl>()) {}

Scanner::~Scanner() {
    const auto& running = *impl_->running;
    for (auto n = running.load(); n != 0; n = running.load()) running.wait(n);
}

// The count outlives the scanner, whose destructor may be through before the last one has told it.
void Scanner::run(std::function<void()> work) {
    impl_->running->fetch_add(1);
    impl_->arena.enqueue([running = impl_->running, work = std::move(work)] {
        work();
        running->fetch_sub(1);
        running->notify_all();
    });
}

}  // namespace ajar::control
