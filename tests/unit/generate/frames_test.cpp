// Are the frames of every scenario right as frames: time order, parse, checksums, sequence numbers?
#include "endpoint_model.hpp"

namespace ajar::gen {
namespace {

class Frames : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Each, Frames, testing::ValuesIn(all_scenarios()), name_of);

TEST_P(Frames, TimeNeverRunsBackwards) {
    Time last{};
    for (const auto& f : run(options_for(GetParam())).frames) {
        ASSERT_GE(f.time, last);
        last = f.time;
    }
}

TEST_P(Frames, ParseAsTcpWithGoodChecksums) {
    for (const auto& f : run(options_for(GetParam())).frames) {
        if (f.packet.kind == PacketKind::fragment) {
            ASSERT_EQ(GetParam(), "fragments");
            continue;
        }
        if (f.packet.kind == PacketKind::icmp_error) continue;
        ASSERT_EQ(f.packet.kind, PacketKind::tcp) << name(f.packet.reason);
        ASSERT_EQ(f.checksum, Checksum::good);
    }
}

TEST_P(Frames, SameSeedSameBytesOtherSeedOthers) {
    auto options = options_for(GetParam());
    const auto bytes = [&] {
        std::vector<std::uint8_t> all;
        for (const auto& f : run(options).frames) all.insert(all.end(), f.bytes.begin(), f.bytes.end());
        return all;
    };
    const auto first = bytes();
    EXPECT_EQ(first, bytes());
    options.seed = 2;
    EXPECT_NE(first, bytes());
}

/// Without those that hide something from the model: fragments their headers, the others one end.
std::vector<std::string> visible_scenarios() {
    auto names = all_scenarios();
    std::erase_if(names, [](auto& n) {
        return n == "fragments" || n == "embryonic" || n == "oneway" || n == "rerouted";
    });
    return names;
}

class Dialogue : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Each, Dialogue, testing::ValuesIn(visible_scenarios()), name_of);

TEST_P(Dialogue, EndsNumberAndAcknowledgeLikeTcp) {
    auto options = options_for(GetParam(), 200);
    options.ipv6_percent = 30;
    options.loss_percent = 3;
    options.reorder_percent = 3;
    options.duplicate_percent = 3;
    options.detour_percent = 50;
    EndpointModel model;
    for (const auto& f : run(options).frames) {
        const auto& p = f.packet;
        if (p.kind == PacketKind::icmp_error) continue;
        const bool refusal = p.flags.rst() && p.seq == 0;  // of a closed port: numbers nothing
        const auto wrong = refusal ? "" : model.judge(p);
        ASSERT_EQ(wrong, "") << "at " << f.time.time_since_epoch().count() << " seq " << p.seq << " ack "
                             << p.ack;
    }
}

}  // namespace
}  // namespace ajar::gen
