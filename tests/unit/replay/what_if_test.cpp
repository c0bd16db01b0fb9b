// Who would have been forgotten alive, and who kept after death, by which profile's timers?
#include "replay/what_if.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ajar/packet/frame.hpp"
#include "capture_file.hpp"

namespace ajar::replay {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFile;

constexpr std::uint64_t kUid = 7;

Event end_of_flow(Reason reason, Duration last, Duration at, std::uint32_t packets) {
    Event e;
    e.kind = EventKind::flow_end;
    e.flow_id = kUid;
    e.reason = reason;
    e.recorded = true;
    e.state = TcpState::established;
    e.timer = TimerClass::established;
    e.record.last_ns = last.count();
    e.time = Time(at);
    e.warm.sent[0].packets = packets;
    e.warm.sent[0].ip_bytes = 100 * packets;
    return e;
}

struct Compared : testing::Test {
    Truths truths;
    WhatIf what{};
    Policy policy = policy_to_compare(Profile::linux_conntrack);

    void truly(Event end) { truths[kUid] = truth_of(end); }
};

TEST_F(Compared, ATimerThatRanOutBeforeTheLastPacketForgotTheLiving) {
    truly(end_of_flow(Reason::alive_at_end, 9000s, 9100s, 12));
    compare(what, truths, end_of_flow(Reason::idle, 100s, 450s, 5), policy);
    EXPECT_EQ(what.forgotten, 1U);
    EXPECT_EQ(what.packets, 7U);
    EXPECT_EQ(what.bytes, 700U);
    EXPECT_EQ(what.longest_silence, 350s);
    ASSERT_EQ(what.worst.size(), 1U);
    EXPECT_EQ(what.worst[0].at, Time(450s));
}

TEST_F(Compared, OneThatRanOutAfterItForgotNobody) {
    truly(end_of_flow(Reason::alive_at_end, 100s, 9100s, 5));
    compare(what, truths, end_of_flow(Reason::idle, 100s, 450s, 5), policy);
    EXPECT_EQ(what.connections, 1U);
    EXPECT_EQ(what.forgotten, 0U);
}

TEST_F(Compared, AnEndByItsOwnEndsIsNoForgetting) {
    truly(end_of_flow(Reason::closed_by_fin, 9000s, 9100s, 12));
    compare(what, truths, end_of_flow(Reason::closed_by_rst, 100s, 110s, 5), policy);
    EXPECT_EQ(what.forgotten, 0U);
    EXPECT_EQ(what.kept, 0U);
}

TEST_F(Compared, ABereavedOneIsKeptUntilItsTimerWouldRunOut) {
    Event end = end_of_flow(Reason::alive_at_end, 100s, 200s, 5);
    end.conn.repeats = 4;
    end.timer = TimerClass::unacknowledged;
    truly(end);
    compare(what, truths, end, policy);
    EXPECT_EQ(what.kept, 1U);
    EXPECT_EQ(what.kept_for, 300s);

    WhatIf ours{.profile = Profile::ajar};
    compare(ours, truths, end, policy_to_compare(Profile::ajar));
    EXPECT_EQ(ours.kept_for, 375s) << "and is asked five times, 15 s apart";

    WhatIf evicted{};
    compare(evicted, truths, end_of_flow(Reason::unacknowledged_idle, 100s, 180s, 5), policy);
    EXPECT_EQ(evicted.kept_for, 80s);
}

TEST_F(Compared, WhoNeverShookHandsIsNobody) {
    Event end = end_of_flow(Reason::alive_at_end, 9000s, 9100s, 12);
    end.state = TcpState::syn_sent;
    truly(end);
    compare(what, truths, end_of_flow(Reason::stale_syn_sent, 100s, 130s, 5), policy);
    EXPECT_EQ(what.connections, 0U);
}

TEST(WhatIfProfiles, AreReadOnceEachAndNamedWhenUnknown) {
    const auto good = profiles_of("linux,ajar,linux");
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, (std::vector{Profile::linux_conntrack, Profile::ajar}));
    for (const char* const bad : {"", "linux,", "cisco", "zeek"}) {
        const auto list = profiles_of(bad);
        ASSERT_FALSE(list) << bad;
        EXPECT_NE(list.error().find("none of ajar, linux"), std::string::npos);
    }
}

/// A connection that says something, is silent for so many seconds, and says more.
std::string pausing(std::uint32_t silence) {
    test::PcapText file(1);
    const auto say = [&](std::uint32_t at, bool client, std::uint8_t flags, std::uint32_t seq,
                         std::uint32_t ack, std::size_t data) {
        FrameBuilder frame;
        frame.ethernet().ipv4(client ? "10.0.0.1" : "10.0.0.2", client ? "10.0.0.2" : "10.0.0.1");
        frame.tcp(client ? 40000 : 80, client ? 80 : 40000).seq(seq).flags(flags).payload(data).unpadded();
        if ((flags & TcpFlags::kAck) != 0) frame.ack(ack);
        const Bytes bytes = frame.bytes();
        file.frame(1'700'000'000 + at, 0, std::string(bytes.begin(), bytes.end()));
    };
    constexpr std::uint8_t kAck = TcpFlags::kAck;
    say(0, true, TcpFlags::kSyn, 1000, 0, 0);
    say(0, false, TcpFlags::kSyn | kAck, 5000, 1001, 0);
    say(0, true, kAck, 1001, 5001, 0);
    say(1, true, kAck, 1001, 5001, 60);
    say(1, false, kAck, 5001, 1061, 0);
    say(1 + silence, true, kAck, 1061, 5001, 1000);
    say(1 + silence, false, kAck, 5001, 2061, 0);
    return file.text();
}

TEST(WhatIfReplay, AFiveMinutesSilenceIsTooLongForSome) {
    const TemporaryFile capture(pausing(300)), json("");
    ReplayOptions options;
    options.files = {capture.path()};
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 4096;
    options.shards = 2;
    options.progress = false;
    options.summary_file = json.path();
    testing::internal::CaptureStdout();
    const std::array profiles = {Profile::azure_lb, Profile::aws_nlb, Profile::linux_conntrack,
                                 Profile::ajar};
    EXPECT_EQ(what_if(options, profiles), 0);
    std::fflush(stdout);
    const std::string table = testing::internal::GetCapturedStdout();
    EXPECT_NE(table.find("azure-lb            1                1"), std::string::npos) << table;
    EXPECT_NE(table.find("aws-nlb             1                0"), std::string::npos) << table;
    EXPECT_NE(table.find("10.0.0.1:40000 -> 10.0.0.2:80"), std::string::npos) << table;
    std::ostringstream text;
    text << std::ifstream(json.path()).rdbuf();
    EXPECT_NE(
        text.str().find("\"profile\":\"azure-lb\",\"connections\":1,\"forgotten_alive\":{\"connections\":1,"
                        "\"packets\":2,\"bytes\":1080"),
        std::string::npos)
        << text.str();
}

TEST(WhatIfReplay, AFileThatIsNoCaptureIsAnError) {
    const TemporaryFile nothing("no capture");
    ReplayOptions options;
    options.files = {nothing.path()};
    options.progress = false;
    testing::internal::CaptureStderr();
    EXPECT_EQ(what_if(options, std::array{Profile::ajar}), 1);
    EXPECT_NE(testing::internal::GetCapturedStderr().find(nothing.path()), std::string::npos);
}

}  // namespace
}  // namespace ajar::replay
