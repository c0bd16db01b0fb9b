// Does the truth agree with a recount of the frames?
#include "traffic.hpp"

namespace ajar::gen {
namespace {

class TruthOf : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Each, TruthOf, testing::ValuesIn(all_scenarios()), name_of);

KindTruth recount(const Traffic& t) {
    KindTruth k;
    for (const auto& f : t.frames) {
        const auto& p = f.packet;
        ++k.frames;
        k.bytes += f.bytes.size();
        k.icmp_errors += p.kind == PacketKind::icmp_error;
        if (p.kind != PacketKind::tcp) continue;
        ++k.segments;
        k.payload += p.payload;
        k.syns += p.flags.syn() && !p.flags.ack();
        k.syn_acks += p.flags.syn() && p.flags.ack();
        k.fins += p.flags.fin();
        k.rsts += p.flags.rst();
    }
    return k;
}

TEST_P(TruthOf, EqualsARecount) {
    const auto t = run(options_for(GetParam(), 150));
    const auto told = t.truth.total();
    const auto found = recount(t);
    EXPECT_EQ(told.conversations, 150U);
    EXPECT_EQ(told.frames, found.frames);
    EXPECT_EQ(told.bytes, found.bytes);
    EXPECT_EQ(told.syns, found.syns);
    EXPECT_EQ(told.syn_acks, found.syn_acks);
    EXPECT_EQ(told.fins, found.fins);
    EXPECT_EQ(told.rsts, found.rsts);
    EXPECT_EQ(told.icmp_errors, found.icmp_errors);
    EXPECT_EQ(t.truth.by_port[0] + t.truth.by_port[1], found.frames);
    if (GetParam() == "fragments") return;  // recount() does not reassemble
    EXPECT_EQ(told.segments, found.segments);
    EXPECT_EQ(told.payload, found.payload);
}

TEST(Truth, KeepsTheKindsOfAMixApart) {
    auto options = options_for("mix", 4000);
    options.weights = "handshake=70,flood=30";
    const auto t = run(options);
    const auto handshakes = static_cast<double>(t.truth.kinds[0].conversations);
    EXPECT_NEAR(handshakes / 4000, 0.7, 0.03);
    EXPECT_EQ(t.truth.kinds[0].conversations + t.truth.kinds[1].conversations, 4000U);
    EXPECT_EQ(t.truth.kinds[1].syns, t.truth.kinds[1].conversations);
}

TEST(Truth, JsonNamesTheOutcomes) {
    const auto options = options_for("idle", 7);
    const auto json = to_json(run(options).truth, options);
    EXPECT_NE(json.find(R"("outcomes":{"idle":7})"), json.npos) << json;
    EXPECT_NE(json.find(R"("first": 1700000000.000000000)"), json.npos) << json;
}

TEST(Truth, JsonOfAConversationNamesItsEnds) {
    const auto t = run(options_for("vlan", 1));
    const auto json = to_json(t.conversations.at(0));
    EXPECT_NE(json.find(R"("client":"10.10.0.1","client_port":16384)"), json.npos) << json;
    EXPECT_NE(json.find(R"("vlan":[10,0])"), json.npos) << json;
    EXPECT_NE(json.find(R"("label":"none","scanner":false})"), json.npos) << json;
    EXPECT_EQ(json.back(), '\n');
}

}  // namespace
}  // namespace ajar::gen
