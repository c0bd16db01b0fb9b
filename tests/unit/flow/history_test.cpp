// Does the brief history name each side's first of everything, in its order, and keep its beginning?
#include "ajar/flow/history.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

constexpr std::uint8_t F = TcpFlags::kFin, S = TcpFlags::kSyn, R = TcpFlags::kRst, A = TcpFlags::kAck;

struct Told {
    Conn conn{};
    Warm warm{};
    explicit Told(Side originator = 0, bool flipped = false) {
        conn.set_originator(originator);
        history::begin(warm, flipped);
    }
    Told& by(Side side, int flags, std::uint32_t payload = 0, std::uint16_t window = 1000,
             Checksum checksum = Checksum::good) {
        Packet p;
        p.side = side;
        p.flags.bits = static_cast<std::uint8_t>(flags);
        p.payload = payload;
        p.window = window;
        p.checksum = checksum;
        history::update(conn, warm, p);
        return *this;
    }
    [[nodiscard]] std::string text() const { return std::string(history::text(warm).view()); }
};

TEST(History, NamesAConnectionsCourse) {
    Told t;
    t.by(0, S).by(1, S | A).by(0, A).by(0, A, 10).by(1, A).by(1, A, 10).by(0, F | A).by(1, F | A).by(1, R);
    EXPECT_EQ(t.text(), "ShADadFfr");
}

TEST(History, WritesEachLetterOnceASide) {
    Told t;
    for (int i = 0; i < 5; ++i) t.by(0, S).by(1, S | A).by(0, A).by(1, A, 5);
    EXPECT_EQ(t.text(), "ShAd");
}

TEST(History, UpperCaseIsTheOriginatorWhicheverSideItIs) {
    EXPECT_EQ(Told(1).by(1, S).by(0, S | A).text(), "Sh");
    EXPECT_EQ(Told(1, true).by(0, S | A).by(1, A).text(), "^hA");
}

TEST(History, NamesWhatIsOdd) {
    Told t;
    t.by(0, S | F).by(0, F | R).by(1, F | R).by(1, A, 0, 0).by(0, R, 0, 0);
    EXPECT_EQ(t.text(), "QiawR") << "a closed window in a RST is no news";
    EXPECT_EQ(Told().by(0, A, 0, 1000, Checksum::bad).by(0, A).text(), "CA");
}

TEST(History, NamesDataThatComesAgain) {
    Told t;
    t.by(0, A, 5);
    t.conn.repeats = 1;
    EXPECT_EQ(t.by(1, A).text(), "Da") << "it was not the last sender";
    EXPECT_EQ(t.by(0, A, 5).by(0, A, 5).text(), "DaT");
}

TEST(History, KeepsItsFirstSixteenSteps) {
    Told t;
    t.by(0, S).by(1, S | A).by(0, A).by(1, A).by(0, A, 1).by(1, A, 1, 0);
    t.by(0, F | A, 0, 0).by(1, F | A).by(0, R).by(1, R).by(0, S | F).by(1, F | R);
    EXPECT_EQ(t.text(), "ShAaDdwFWfRrQi");
    t.conn.repeats = 1;
    t.by(0, A, 1);
    t.conn.last_is_1 = true;
    t.by(1, A, 1).by(1, A, 0, 1000, Checksum::bad);
    EXPECT_EQ(t.text(), "ShAaDdwFWfRrQiTt");
    EXPECT_EQ(history::text(t.warm).length, kHistoryLength);
}

}  // namespace
}  // namespace ajar
