// What does the translation of a proxied connection's segment cost, beside summing the segment anew?
//
// Bursts of 64 segments in cache, translated again and again: the numbers move on, the work is the same.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <vector>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/tcp/translate.hpp"

namespace ajar {
namespace {

constexpr std::size_t kSegments = 64;
constexpr std::size_t kPayload = 1448;
constexpr tcp::Translation kBy{0x12345678, 0x9abcdef0};
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 3> kBlocks = {
    {{100, 200}, {300, 400}, {500, 600}}};

FrameBuilder segment() { return FrameBuilder().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).seq(5).ack(1); }
FrameBuilder odd_stamps() { return segment().raw_options(Bytes{1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1}); }

template <typename Work>
void run(benchmark::State& state, const FrameBuilder& segment, const Work& work) {
    std::vector<Bytes> burst(kSegments, segment.transport());
    for (auto _ : state) {
        for (auto& bytes : burst) work(bytes);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSegments));
    state.counters["ns"] = benchmark::Counter(static_cast<double>(state.iterations()) * kSegments * 1e-9,
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetLabel(std::to_string(burst[0].size()) + " bytes");
}

using Translate = tcp::Translated(std::span<std::uint8_t>, tcp::Translation);

void in_place(benchmark::State& state, Translate* translate, const FrameBuilder& segment) {
    auto extent = tcp::Extent::whole;
    run(state, segment, [&](Bytes& bytes) { extent = std::max(extent, translate(bytes, kBy).extent); });
    if (extent != tcp::Extent::whole) state.SkipWithError("a segment was not translated whole");
}
void to_server(benchmark::State& state, const FrameBuilder& segment) {
    in_place(state, tcp::translate_to_server, segment);
}
void to_client(benchmark::State& state, const FrameBuilder& segment) {
    in_place(state, tcp::translate_to_client, segment);
}

/// The baseline: one number changed, the checksum made of all bytes.
void sum_anew(benchmark::State& state, const FrameBuilder& segment) {
    run(state, segment, [](Bytes& bytes) {
        store_be32(bytes.data() + 4, load_be32(bytes.data() + 4) - kBy.seq);
        store_be16(bytes.data() + 16, 0);
        store_be16(bytes.data() + 16, checksum::Sum().add(bytes).checksum());
    });
}

BENCHMARK_CAPTURE(to_server, bare, segment());
BENCHMARK_CAPTURE(to_server, stamps, segment().timestamps(1, 2));
BENCHMARK_CAPTURE(to_server, stamps_and_sack, segment().timestamps(1, 2).sack(kBlocks));
BENCHMARK_CAPTURE(to_server, odd_stamps, odd_stamps());
BENCHMARK_CAPTURE(to_client, bare, segment());
BENCHMARK_CAPTURE(to_client, stamps, segment().timestamps(1, 2));
BENCHMARK_CAPTURE(to_client, full_segment, segment().timestamps(1, 2).payload(kPayload));
BENCHMARK_CAPTURE(sum_anew, stamps, segment().timestamps(1, 2));
BENCHMARK_CAPTURE(sum_anew, full_segment, segment().timestamps(1, 2).payload(kPayload));

}  // namespace
}  // namespace ajar

int main(int argc, char** argv) {
    benchmark::AddCustomContext("isa", AJAR_BENCH_ISA);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
