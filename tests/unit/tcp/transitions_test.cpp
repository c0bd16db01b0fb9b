// The flags that TCP knows, their events, and the whole of BEHAVIOUR's table of states that no number
// decides.
#include "ajar/tcp/transitions.hpp"

#include <gtest/gtest.h>

namespace ajar::tcp {
namespace {

TEST(Transitions, LegalFlagsAreSixKindsWithAnyOfTheOtherFour) {
    constexpr std::uint8_t fin = 1, syn = 2, rst = 4, ack = 16;
    constexpr std::uint8_t others = 0x08 | 0x20 | 0x40 | 0x80;
    for (unsigned bits = 0; bits < 256; ++bits) {
        const unsigned kind = bits & ~std::uint32_t{others} & 0xffU;
        const bool expected = kind == syn || kind == (syn | ack) || kind == rst || kind == (rst | ack) ||
                              kind == (fin | ack) || kind == ack;
        EXPECT_EQ(legal({static_cast<std::uint8_t>(bits)}), expected) << bits;
    }
}

TEST(Transitions, EventsRstFirst) {
    EXPECT_EQ(event_of({TcpFlags::kSyn}), Event::syn);
    EXPECT_EQ(event_of({TcpFlags::kSyn | TcpFlags::kAck}), Event::syn_ack);
    EXPECT_EQ(event_of({TcpFlags::kFin | TcpFlags::kAck | TcpFlags::kPsh}), Event::fin);
    EXPECT_EQ(event_of({TcpFlags::kAck | TcpFlags::kUrg}), Event::ack);
    EXPECT_EQ(event_of({TcpFlags::kRst}), Event::rst);
}

TEST(Transitions, OriginatorsSyn) {
    const auto syn = [](TcpState s) { return next_of(s, Direction::originator, Event::syn); };
    EXPECT_EQ(syn(TcpState::none), Next::syn_sent);
    EXPECT_EQ(syn(TcpState::syn_sent), Next::syn_sent);
    EXPECT_EQ(syn(TcpState::syn_sent2), Next::syn_sent2);
    for (int s = static_cast<int>(TcpState::syn_recv); s <= static_cast<int>(TcpState::last_ack); ++s)
        EXPECT_EQ(syn(static_cast<TcpState>(s)), Next::ignore);
    EXPECT_EQ(syn(TcpState::time_wait), Next::reopen);
    EXPECT_EQ(syn(TcpState::close), Next::reopen);
}

TEST(Transitions, EveryStateHasATimer) {
    for (std::size_t s = 1; s < kTcpStateCount; ++s) {
        const TimerClass c = timer_of(static_cast<TcpState>(s));
        EXPECT_NE(c, TimerClass::untimed);
        const bool embryonic = static_cast<std::size_t>(c) < kEmbryonicClassCount;
        EXPECT_EQ(embryonic, is_embryonic(static_cast<TcpState>(s))) << name(c);
    }
}

}  // namespace
}  // namespace ajar::tcp
