// How long does it take to parse a frame? Bursts of 64 frames of 64 bytes and more, laid out as a NIC would:
// each in a buffer of its own, in cache.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"

namespace ajar {
namespace {

constexpr std::size_t kFrames = 64;
constexpr std::size_t kBuffer = 2048;

FrameBuilder v4() { return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).ack(1); }
FrameBuilder v6() {
    return FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443).ack(1);
}

/// Frames that differ in their ports, so that the key's order is not the same each time.
class Burst {
public:
    explicit Burst(const FrameBuilder& frame) : buffers_(kFrames * kBuffer) {
        for (std::size_t i = 0; i < kFrames; ++i) {
            auto one = frame;
            const auto port = static_cast<std::uint16_t>(1000 + i * 997);
            const auto bytes = (i % 2 == 0 ? one.tcp(port, 443) : one.tcp(443, port)).bytes();
            std::copy(bytes.begin(), bytes.end(),
                      buffers_.begin() + static_cast<std::ptrdiff_t>(i * kBuffer));
            length_ = bytes.size();
        }
    }
    [[nodiscard]] std::span<const std::uint8_t> operator[](std::size_t i) const {
        return {buffers_.data() + i * kBuffer, length_};
    }
    [[nodiscard]] std::uint32_t length() const { return static_cast<std::uint32_t>(length_); }

private:
    std::vector<std::uint8_t> buffers_;
    std::size_t length_ = 0;
};

void report(benchmark::State& state, const Burst& burst) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFrames));
    state.counters["ns"] = benchmark::Counter(static_cast<double>(state.iterations()) * kFrames * 1e-9,
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetLabel(std::to_string(burst.length()) + " bytes");
}

void parse_burst(benchmark::State& state, const FrameBuilder& frame, const ParseOptions& options) {
    const Burst burst(frame);
    std::array<Packet, kFrames> packets;
    for (auto _ : state) {
        for (std::size_t i = 0; i < kFrames; ++i) parse(burst[i], burst.length(), options, packets[i]);
        benchmark::DoNotOptimize(packets.data());
        benchmark::ClobberMemory();
    }
    if (packets[0].kind != PacketKind::tcp) state.SkipWithError("the frame did not parse as TCP");
    report(state, burst);
}

void verify_burst(benchmark::State& state, const FrameBuilder& frame) {
    const Burst burst(frame);
    std::array<Packet, kFrames> packets;
    for (std::size_t i = 0; i < kFrames; ++i) parse(burst[i], burst.length(), {}, packets[i]);
    for (auto _ : state) {
        for (std::size_t i = 0; i < kFrames; ++i) {
            benchmark::DoNotOptimize(checksum::verify_tcp(packets[i], burst[i]));
        }
    }
    report(state, burst);
}

BENCHMARK_CAPTURE(parse_burst, ipv4, v4(), {});
BENCHMARK_CAPTURE(parse_burst, ipv4_timestamps, v4().timestamps(1, 2), {});
BENCHMARK_CAPTURE(parse_burst, ipv4_syn, v4().mss(1460).sack_permitted().timestamps(1, 0).window_scale(7),
                  {});
BENCHMARK_CAPTURE(parse_burst, ipv4_vlan, v4().ethernet().vlan(100), {});
BENCHMARK_CAPTURE(parse_burst, ipv4_qinq, v4().ethernet().vlan(200, 0x88a8).vlan(100), {});
BENCHMARK_CAPTURE(parse_burst, ipv4_mpls, v4().ethernet().mpls(16).mpls(17), {});
BENCHMARK_CAPTURE(parse_burst, ipv4_ip_checksum, v4(), {.verify_ip_checksum = true});
BENCHMARK_CAPTURE(parse_burst, ipv6, v6(), {});
BENCHMARK_CAPTURE(parse_burst, ipv6_timestamps, v6().timestamps(1, 2), {});
BENCHMARK_CAPTURE(parse_burst, ipv6_hop_by_hop, v6().extension(0, Bytes{1, 4, 0, 0, 0, 0}), {});
BENCHMARK_CAPTURE(verify_burst, checksum_64, v4());
BENCHMARK_CAPTURE(verify_burst, checksum_1514, v4().payload(1460));

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
