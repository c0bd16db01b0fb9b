// Do the words of an entry name the fields that they say, and does each way back lead to the same field?
#include "ajar/flow/entry_words.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ajar/flow/seq_copy.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar {
namespace {

template <typename Key>
class EntryWordsTest : public testing::Test {
protected:
    using Words = EntryWords<Key>;
    Entry<Key> entry{};
    SharedWord* words = detail::shared_words(entry);
    [[nodiscard]] Facts facts() const { return {words[Words::kFacts]}; }
};
using Keys = testing::Types<KeyV4, KeyV6>;
TYPED_TEST_SUITE(EntryWordsTest, Keys);

TYPED_TEST(EntryWordsTest, TickEndsAndLastStandWhereTheySay) {
    using At = EntryWords<TypeParam>;
    this->entry.tick = Tick{77};
    this->entry.conn.ends[1] = {1, 2, 3, 4};
    this->entry.warm.last_back = 0xbeef;
    this->entry.warm.set_first(Time(std::chrono::seconds(5)));
    EXPECT_EQ(high_half(this->words[At::kTick]), 77U);
    const End end = end_of(this->words + At::ends(1));
    EXPECT_EQ(end.end, 1U);
    EXPECT_EQ(end.max_end, 2U);
    EXPECT_EQ(end.max_win, 3U);
    EXPECT_EQ(end.max_ack, 4U);
    EXPECT_EQ(this->words[At::kLast] >> 48U, 0xbeefU);
    EXPECT_EQ(this->words[At::kLast] & 0xffffffffffffU, std::uint64_t{this->entry.warm.first_units});
    store_end(this->words + At::ends(0), end);
    EXPECT_EQ(this->entry.conn.ends[0].max_ack, 4U);
    EXPECT_EQ(this->entry.conn.ends[0].max_end, 2U);
}

TYPED_TEST(EntryWordsTest, SentStandsWhereItSays) {
    using At = EntryWords<TypeParam>;
    Sent& sent = this->entry.warm.sent[1];
    sent.ip_bytes = 0xabcdef012345;
    sent.ttl = 64;
    sent.tos = 0xb8;
    sent.packets = 9;
    sent.link = 0x1234;
    sent.port = 2;
    sent.letters = 7;
    EXPECT_EQ(this->words[At::sent(1)], 0xb840abcdef012345U);
    EXPECT_EQ(this->words[At::sent(1) + 1], 0x0702123400000009U);
}

TEST(EntryWords, LabelsOfIpv6StandWhereTheySay) {
    Entry<KeyV6> entry;
    entry.labels.label = {5, 6};
    EXPECT_EQ(detail::shared_words(entry)[EntryWords<KeyV6>::kLabels], word_of(5, 6));
}

TYPED_TEST(EntryWordsTest, FactsAreTheConnections) {
    Conn& conn = this->entry.conn;
    conn.timer = TimerClass::unacknowledged;
    conn.booked_or_short = true;
    conn.set_scale(0, 3);
    conn.set_scale(1, 11);
    conn.set_option(Conn::kSack, 1);
    conn.repeats = Conn::kMostRepeats;
    conn.terms = 5;
    conn.last_is_1 = true;
    EXPECT_EQ(this->facts().terms(), 5U);
    EXPECT_EQ(this->facts().timer(), TimerClass::unacknowledged);
    EXPECT_TRUE(this->facts().armed_short());
    EXPECT_EQ(this->facts().scale(0), 3U);
    EXPECT_EQ(this->facts().scale(1), 11U);
    EXPECT_TRUE(this->facts().option(Conn::kSack, 1));
    EXPECT_FALSE(this->facts().option(Conn::kSack, 0));
    EXPECT_EQ(this->facts().repeats_of(1), Conn::kMostRepeats);
    EXPECT_EQ(this->facts().repeats_of(0), 0U);
}

TYPED_TEST(EntryWordsTest, APlainSegmentChangesTimerSpeakerAndRepeatsOnly) {
    using At = EntryWords<TypeParam>;
    Conn& conn = this->entry.conn;
    std::memset(static_cast<void*>(&conn), 0xff, sizeof conn);
    const Conn before = conn;
    this->words[At::kFacts] = this->facts().after_plain(0, TimerClass::established).word;
    EXPECT_EQ(conn.timer, TimerClass::established);
    EXPECT_FALSE(conn.last_is_1);
    EXPECT_FALSE(conn.zero_window);
    EXPECT_EQ(conn.repeats, 0);
    conn.timer = before.timer;
    conn.last_is_1 = before.last_is_1;
    conn.zero_window = before.zero_window;
    conn.repeats = before.repeats;
    EXPECT_EQ(std::memcmp(&conn, &before, sizeof conn), 0);
}

/// One departure from an ordinary flow after the other.
TYPED_TEST(EntryWordsTest, OrdinaryIsWhatTheMachineCallsSo) {
    Conn usual;
    usual.state = TcpState::established;
    usual.timer = TimerClass::established;
    for (const Side s : {Side{0}, Side{1}}) {
        usual.set_flag(Conn::kSeen, s);
        usual.set_flag(Conn::kAckSeen, s);
    }
    Conn& conn = this->entry.conn;
    conn = usual;
    EXPECT_TRUE(this->facts().ordinary());
    const auto departs = [&](auto&& change) {
        conn = usual;
        change();
        EXPECT_FALSE(this->facts().ordinary());
    };
    departs([&] { conn.state = TcpState::fin_wait; });
    departs([&] { conn.saved = TcpState::established; });
    departs([&] { conn.clear_flag(Conn::kSeen, 1); });
    departs([&] { conn.clear_flag(Conn::kAckSeen, 0); });
    departs([&] { conn.set_option(Conn::kLiberal, 0); });
    departs([&] { conn.set_option(Conn::kLiberal, 1); });
    departs([&] { conn.set_mark(Conn::kIgnoredSyn); });
    departs([&] { conn.set_mark(Conn::kFlagged); });
    departs([&] { conn.set_mark(Conn::kTranslated); });
    departs([&] { conn.suspected = true; });
    conn = usual;
    conn.set_mark(Conn::kMidStream | Conn::kTunnelled);
    EXPECT_TRUE(this->facts().ordinary());
}

/// Nearly ordinary flows: each has some bits turned.
TYPED_TEST(EntryWordsTest, AgreesWithTheMachineOnAnyBits) {
    using At = EntryWords<TypeParam>;
    constexpr std::uint64_t kUsual = 0x0f0404;
    std::mt19937_64 random(1);
    const Conn& conn = this->entry.conn;
    for (int i = 0; i < 100000; ++i) {
        this->words[At::kFacts] =
            kUsual ^ (std::uint64_t{1} << (random() % 64)) ^ (std::uint64_t{1} << (random() % 64));
        const bool ordinary = tcp::detail::ordinary(conn, {TcpFlags::kAck}) &&
                              !conn.mark(Conn::kFlagged | Conn::kTranslated) && !conn.suspected &&
                              static_cast<unsigned>(conn.timer) < 8;
        ASSERT_EQ(this->facts().ordinary(), ordinary) << std::hex << this->words[At::kFacts];
    }
}

}  // namespace
}  // namespace ajar
