// Which packets begin a flow, by policy, and what a flow is made of at first.
#include <gtest/gtest.h>

#include "ajar/policy/timeouts.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::tcp {
namespace {

Packet packet(std::uint8_t flags) {
    Packet p;
    p.kind = PacketKind::tcp;
    p.side = 1;
    p.flags = {flags};
    p.seq = 1000;
    p.ack = (flags & TcpFlags::kAck) != 0 ? 7000 : 0;
    p.payload = 10;
    p.window = 100;
    return p;
}

struct Born {
    Conn conn{};
    Warm warm{};
    Aside aside{};
    void from(const Packet& p, const Policy& policy) { begin({conn, warm, aside}, p, policy); }
};

TEST(Admission, ByPolicyAndFlags) {
    const auto admitted = [](MidStream m, std::uint8_t flags) {
        Policy policy = policy_of(Profile::ajar);
        policy.mid_stream = m;
        return admit(packet(flags), policy).outcome == Outcome::accepted;
    };
    for (const MidStream m : {MidStream::refuse, MidStream::probation, MidStream::loose}) {
        EXPECT_TRUE(admitted(m, TcpFlags::kSyn));
        EXPECT_EQ(admitted(m, TcpFlags::kAck), m != MidStream::refuse);
        for (const int flags : {TcpFlags::kSyn | TcpFlags::kAck, TcpFlags::kFin | TcpFlags::kAck,
                                int{TcpFlags::kRst}, TcpFlags::kRst | TcpFlags::kAck, 0, int{TcpFlags::kFin}})
            EXPECT_FALSE(admitted(m, static_cast<std::uint8_t>(flags))) << flags;
    }
}

TEST(Admission, ZeeksBoundariesAdmitAnyFlags) {
    const Policy policy = policy_of(Profile::zeek);
    for (unsigned flags = 0; flags < 256; ++flags) {
        const Packet p = packet(static_cast<std::uint8_t>(flags));
        EXPECT_EQ(admit(p, policy).outcome, Outcome::accepted);
        Born b;
        b.from(p, policy);
        EXPECT_NE(b.conn.state, TcpState::none);
    }
}

TEST(Admission, ASynGivesItsNumbers) {
    Born b;
    b.from(packet(TcpFlags::kSyn), policy_of(Profile::ajar));
    EXPECT_EQ(b.conn.state, TcpState::syn_sent);
    EXPECT_EQ(b.conn.timer, TimerClass::syn_sent);
    EXPECT_EQ(b.conn.originator(), 1);
    EXPECT_EQ(b.conn.ends[1].end, 1011U) << "the SYN and its data";
    EXPECT_EQ(b.warm.isn[1], 1000U);
    EXPECT_FALSE(b.conn.flag(Conn::kAckSeen, 1));
}

TEST(Admission, AnAckGivesBothEnds) {
    Born b;
    b.from(packet(TcpFlags::kAck), policy_of(Profile::ajar));
    EXPECT_EQ(b.conn.state, TcpState::unverified);
    EXPECT_EQ(b.conn.ends[1].max_ack, 7000U);
    EXPECT_EQ(b.conn.ends[0].end, 7000U);
    EXPECT_EQ(b.conn.ends[0].max_end, 7000U + (100U << window::kUnknownScale));
    EXPECT_TRUE(b.conn.mark(Conn::kMidStream));
}

TEST(Admission, BeginLeavesWhatIsNotTheMachines) {
    Born b;
    b.conn.marks = Conn::kTunnelled | Conn::kTranslated | Conn::kIgnoredSyn | Conn::kReborn;
    b.conn.saved = TcpState::established;
    b.warm.sent[1].packets = 4;
    b.conn.repeats = 9;
    b.warm.steps_low = 5;
    b.aside.options = 0xff;
    b.from(packet(TcpFlags::kSyn), policy_of(Profile::ajar));
    EXPECT_EQ(b.conn.marks, Conn::kTunnelled | Conn::kTranslated);
    EXPECT_EQ(b.conn.saved, TcpState::none);
    EXPECT_EQ(b.warm.sent[1].packets, 4U);
    EXPECT_EQ(b.conn.repeats, 0);
    EXPECT_EQ(b.warm.steps_low, 5U);
    EXPECT_EQ(b.aside.options, 0);
}

}  // namespace
}  // namespace ajar::tcp
