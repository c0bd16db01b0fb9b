// Does a summary keep its promises against exact counts, alone and merged in any way?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "ajar/flow/top_talkers.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

using Step = std::pair<std::uint32_t, std::uint32_t>;  // source, weight
using Stream = std::vector<Step>;
using Exact = std::map<CountKey, std::uint64_t>;

/// Few sources often, many once.
Stream random_stream() {
    const auto source =
        rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 8), rc::gen::inRange<std::uint32_t>(0, 1000));
    return *rc::gen::container<Stream>(rc::gen::pair(source, rc::gen::inRange<std::uint32_t>(1, 20)));
}
void count(Exact& exact, const Stream& stream) {
    for (const auto& [source, weight] : stream) exact[source_key(source)] += weight;
}
TalkerSummary summary_of(const Stream& stream, std::uint32_t k) {
    PageMemory memory;
    TopTalkers talkers(memory, k);
    for (const auto& [source, weight] : stream) talkers.add(source_key(source), source_hash(source), weight);
    return talkers.summary();
}

/// The promises of flow/talkers.hpp.
void expect_promises(const TalkerSummary& got, Exact exact, std::size_t k) {
    std::uint64_t total = 0;
    for (const auto& [key, n] : exact) total += n;
    RC_ASSERT(got.total == total);
    RC_ASSERT(got.talkers.size() <= k);
    RC_ASSERT(got.floor * k <= total);
    RC_ASSERT(std::is_sorted(got.talkers.begin(), got.talkers.end(), heavier));
    for (const auto& t : got.talkers) {
        RC_ASSERT(t.count >= got.floor);
        RC_ASSERT(exact[t.key] <= t.count);
        RC_ASSERT(exact[t.key] >= t.at_least());
        exact.erase(t.key);
    }
    for (const auto& [key, n] : exact) RC_ASSERT(n <= got.floor);
}

RC_GTEST_PROP(FlowTalkers, KeepTheirPromises, ()) {
    const auto k = *rc::gen::inRange<std::uint32_t>(1, 40);
    const auto stream = random_stream();
    Exact exact;
    count(exact, stream);
    expect_promises(summary_of(stream, k), exact, k);
}

/// The summary as the paper writes it, entry by entry: who is the least is looked for, not kept.
TalkerSummary simply(const Stream& stream, std::uint32_t k) {
    std::vector<Talker> entries(k);
    TalkerSummary all;
    for (const auto& [source, weight] : stream) {
        const auto key = source_key(source);
        auto at = std::find_if(entries.begin(), entries.end(), [&](const Talker& t) { return t.key == key; });
        if (at == entries.end()) {
            at = std::min_element(entries.begin(), entries.end(),
                                  [](const Talker& a, const Talker& b) { return a.count < b.count; });
            *at = {key, at->count, at->count};
        }
        at->count += weight, all.total += weight;
    }
    std::sort(entries.begin(), entries.end(), heavier);
    all.floor = entries.back().count;
    std::erase_if(entries, [](const Talker& t) { return t.count == 0; });
    all.talkers = entries;
    return all;
}

RC_GTEST_PROP(FlowTalkers, AreThoseOfThePaper, ()) {
    const auto k = *rc::gen::inRange<std::uint32_t>(1, 40);
    const auto stream = random_stream();
    RC_ASSERT(summary_of(stream, k) == simply(stream, k));
}

RC_GTEST_PROP(FlowTalkers, KeepTheirPromisesMerged, ()) {
    const auto k = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto n = *rc::gen::inRange<std::size_t>(1, 8);
    std::vector<TalkerSummary> parts;
    Exact exact;
    for (std::size_t i = 0; i < n; ++i) {
        const auto stream = random_stream();
        count(exact, stream);
        parts.push_back(summary_of(stream, k + *rc::gen::inRange<std::uint32_t>(0, 3)));
    }
    const auto whole = merge(parts, k);
    expect_promises(whole, exact, k);
    std::reverse(parts.begin(), parts.end());
    RC_ASSERT(merge(parts, k) == whole);
}

/// Merged ones merged again, one after the other as from epoch to epoch.
RC_GTEST_PROP(FlowTalkers, KeepTheirPromisesMergedAgainAndAgain, ()) {
    const auto k = *rc::gen::inRange<std::uint32_t>(1, 20);
    TalkerSummary so_far;
    Exact exact;
    for (int i = 0; i < 6; ++i) {
        const auto stream = random_stream();
        count(exact, stream);
        const std::array parts = {so_far, summary_of(stream, k)};
        so_far = merge(parts, k);
        expect_promises(so_far, exact, k);
    }
}

}  // namespace
}  // namespace ajar
