// net_pcap carries ten million packets of a capture that repeats for ever.
#include <gtest/gtest.h>

#include "capture_files.hpp"
#include "support/dataplane/rig.hpp"

namespace ajar {
namespace {

GenOptions traffic(const char* scenario, std::uint64_t connections) {
    GenOptions out;
    out.scenario = scenario;
    out.connections = connections;
    out.payload = 1000;
    return out;
}

TEST(NetPcap, CarriesARepeatedCapture) {
    const test::CaptureFiles files;
    files.generate(traffic("mix", 200));
    const auto packets = test::packets_wanted();
    test::Rig rig(test::small_config("net_pcap0,infinite_rx=1,rx_pcap=" + files.path("split.a.pcap"),
                                     "net_pcap1,infinite_rx=1,rx_pcap=" + files.path("split.b.pcap")));
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    rig.run_until([&] { return rig.received() >= packets; });
    const auto o = rig.finish();
    test::expect_sums_hold(o);
    EXPECT_GE(o.last.frames.received, packets);
    EXPECT_GT(o.last.frames.handed_over, 0U) << "one queue, two workers";
    test::expect_memory_flat(o);
}

TEST(NetPcap, StopsByItselfAtTheEndOfItsCaptures) {
    const test::CaptureFiles files;
    files.generate(traffic("handshake", 50));
    test::Rig rig(test::small_config("net_pcap0,rx_pcap=" + files.path("split.a.pcap"),
                                     "net_pcap1,rx_pcap=" + files.path("split.b.pcap")));
    ASSERT_TRUE(rig.make());
    EXPECT_FALSE(rig.appliance().captures_ended());
    ASSERT_TRUE(rig.start());
    rig.run_until([&] { return rig.appliance().captures_ended(); });
    const auto o = rig.finish();
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.transmitted, o.last.frames.received);
    EXPECT_EQ(o.last.tracker.created, 50U);
}

}  // namespace
}  // namespace ajar
