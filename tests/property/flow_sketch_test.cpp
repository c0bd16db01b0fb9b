// Whatever comes and goes: does an estimate ever fall below the truth, and does anything stay behind?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "ajar/flow/sketch_sums.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kShards = 3;
using Counts = std::map<std::uint32_t, std::uint32_t>;  // by source
using Step = std::tuple<std::uint32_t, std::uint32_t>;  // source, shard

/// Shards that share a stream: a source that is there leaves as often as it comes. The truth beside them.
class Shards {
public:
    explicit Shards(std::uint32_t lines) : sums_(memory_, lines), all_(memory_, lines) {
        for (std::uint32_t s = 0; s < kShards; ++s) shards_.emplace_back(memory_, lines);
    }

    void come(std::uint32_t source, std::uint32_t shard) { change(source, shard, 1); }
    void go(std::uint32_t source, std::uint32_t shard) {
        if (counts_[shard][source] != 0) change(source, shard, -1);
    }
    void all_go() {
        for (std::uint32_t s = 0; s < kShards; ++s) {
            for (const auto& [source, n] : counts_[s]) change(source, s, -static_cast<std::int32_t>(n));
        }
    }

    void expect_sound() {
        sums_.clear();
        for (const auto& s : shards_) sums_.add(s);
        for (std::size_t i = 0; i < all_.cells(); ++i) RC_ASSERT(sums_.cells()[i] == all_.cell(i));
        Counts total;
        for (std::uint32_t s = 0; s < kShards; ++s) {
            for (const auto& [source, n] : counts_[s]) {
                RC_ASSERT(shards_[s].estimate(source_hash(source)) >= n);
                total[source] += n;
            }
        }
        for (const auto& [source, n] : total) RC_ASSERT(sums_.estimate(source_hash(source)) >= n);
    }
    void expect_empty() {
        sums_.clear();
        for (const auto& s : shards_) sums_.add(s);
        for (const auto c : sums_.cells()) RC_ASSERT(c == 0U);
    }

private:
    void change(std::uint32_t source, std::uint32_t shard, std::int32_t by) {
        counts_[shard][source] += static_cast<std::uint32_t>(by);
        shards_[shard].add(source_hash(source), by);
        all_.add(source_hash(source), by);
    }

    PageMemory memory_;
    std::vector<CountMin> shards_;
    SketchSums sums_;
    CountMin all_;
    std::array<Counts, kShards> counts_;
};

RC_GTEST_PROP(FlowSketch, IsNeverBelowTheTruthAndEmptiesWhole, ()) {
    Shards shards(1U << *rc::gen::inRange(0, 5));
    const auto steps = *rc::gen::container<std::vector<Step>>(
        rc::gen::tuple(rc::gen::inRange<std::uint32_t>(0, 50), rc::gen::inRange<std::uint32_t>(0, kShards)));
    for (const auto& [source, shard] : steps) {
        if (*rc::gen::arbitrary<bool>()) {
            shards.come(source, shard);
        } else {
            shards.go(source, shard);
        }
    }
    shards.expect_sound();
    shards.all_go();
    shards.expect_empty();
}

/// The order of a stream leaves no trace: what decides may not depend on it.
RC_GTEST_PROP(FlowSketch, IsTheSameInAnyOrder, ()) {
    const auto sources = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    PageMemory memory;
    CountMin forth(memory, 4), back(memory, 4);
    for (const auto s : sources) forth.add(source_hash(s), 1);
    for (auto s = sources.rbegin(); s != sources.rend(); ++s) back.add(source_hash(*s), 1);
    for (std::size_t i = 0; i < forth.cells(); ++i) RC_ASSERT(forth.cell(i) == back.cell(i));
}

}  // namespace
}  // namespace ajar
