// Does a ladder show each packet from its end to the other, in its order, and all of it inside the picture?
#include "page/ladder.hpp"

#include <gtest/gtest.h>

#include "unit/page/parsed.hpp"

namespace ajar::page {
namespace {

using namespace std::chrono_literals;
using explain::kClient;
using explain::kServer;
using explain::Moment;
using explain::Story;
using test::Element;

constexpr Time kBegin{Duration(1700000000s)};

explain::Endpoint end_of(std::uint8_t last, std::uint16_t port) {
    return {Family::ipv4, {192, 0, 2, last}, port};
}

Moment packet(Duration at, explain::Role from, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
              std::uint16_t payload = 0) {
    Glimpse g;
    g.time = kBegin + at;
    g.seq = seq;
    g.ack = ack;
    g.payload = payload;
    g.window = 502;
    g.flags.bits = flags;
    return {g.time, from, g, {}, {}};
}

constexpr std::uint8_t kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck, kRst = TcpFlags::kRst;

Story story(std::vector<Moment> timeline) {
    Story out;
    out.ends = {end_of(1, 4711), end_of(2, 80)};
    out.timeline = std::move(timeline);
    return out;
}

Element drawn(const Ladder& ladder) {
    std::string fault;
    auto root = test::parsed(picture_of(ladder).markup(), fault);
    EXPECT_TRUE(root) << fault;
    return root ? root->children.front() : Element{};
}

std::vector<const Element*> of_kind(const Element& root, const std::string& wanted) {
    std::vector<const Element*> out;
    root.each([&](const Element& e) {
        if ((e.attribute("class") + " ").starts_with(wanted + " ")) out.push_back(&e);
    });
    return out;
}

TEST(Ladder, HasARungForEachMoment) {
    const auto ladder = ladder_of(story({packet(0s, kClient, kSyn, 1000),
                                         packet(5ms, kServer, kSyn | kAck, 5000, 1001),
                                         packet(9ms, kClient, kAck, 1001, 5001, 12),
                                         {kBegin + 60s, kClient, {}, "flagged: idle", {}}}));
    ASSERT_EQ(ladder.rungs.size(), 4U);
    EXPECT_EQ(ladder.ends[kClient], "192.0.2.1:4711");
    EXPECT_EQ(ladder.rungs[0].title, "SYN");
    EXPECT_EQ(ladder.rungs[0].detail, "seq 1000 win 502");
    EXPECT_EQ(ladder.rungs[1].title, "SYN ACK");
    EXPECT_EQ(ladder.rungs[1].detail, "seq 5000 ack 1001 win 502");
    EXPECT_EQ(ladder.rungs[2].title, "ACK, 12 bytes");
    EXPECT_EQ(ladder.rungs[3].kind, Rung::Kind::act);
    EXPECT_EQ(ladder.rungs[3].title, "flagged: idle");
}

TEST(Ladder, ArrowsGoFromTheirEndToTheOther) {
    const auto root =
        drawn(ladder_of(story({packet(0s, kClient, kSyn, 1), packet(5ms, kServer, kRst | kAck, 0, 2)})));
    const auto wires = of_kind(root, "wire");
    ASSERT_EQ(wires.size(), 2U);
    EXPECT_LT(wires[0]->number("x1"), wires[0]->number("x2"));
    EXPECT_GT(wires[1]->number("x1"), wires[1]->number("x2"));
    EXPECT_LT(wires[0]->number("y1"), wires[1]->number("y1"));
    EXPECT_EQ(wires[1]->attribute("class"), "wire rst");
}

TEST(Ladder, AResetOfOursLeavesItsBoxTowardsItsEnd) {
    for (const auto to : {kClient, kServer}) {
        const auto root = drawn(ladder_of(story({{kBegin, kClient, {}, "RST to an end", to}})));
        const auto wires = of_kind(root, "wire");
        ASSERT_EQ(wires.size(), 1U);
        EXPECT_EQ(wires[0]->number("x2") < wires[0]->number("x1"), to == kClient);
    }
}

TEST(Ladder, SilenceIsShown) {
    const auto root =
        drawn(ladder_of(story({packet(0s, kClient, kAck, 1, 1), packet(2h, kClient, kAck, 1, 1)})));
    EXPECT_EQ(of_kind(root, "gap").size(), 2U);
    ASSERT_EQ(of_kind(root, "pause").size(), 1U);
    EXPECT_EQ(of_kind(root, "pause").front()->text, "2 h later");
}

TEST(Ladder, LettersStandForPacketsThatWereNotKept) {
    auto s = story({{kBegin + 60s, kClient, {}, "evicted: stale_syn_recv", {}}});
    s.history = {{'^', ""}, {'S', "the client's SYN"}, {'h', "the server's SYN-ACK"}};
    const auto ladder = ladder_of(s);
    ASSERT_EQ(ladder.rungs.size(), 3U);
    EXPECT_EQ(ladder.rungs[0].kind, Rung::Kind::letter);
    EXPECT_EQ(ladder.rungs[0].from, kClient);
    EXPECT_EQ(ladder.rungs[1].title, "SYN ACK");
    EXPECT_EQ(ladder.rungs[1].from, kServer);
    EXPECT_EQ(ladder.rungs[2].kind, Rung::Kind::act);
    EXPECT_FALSE(ladder.rungs[0].time);
    s.timeline.push_back(packet(0s, kClient, kSyn, 1));
    EXPECT_EQ(ladder_of(s).rungs.size(), 2U) << "packets are better than letters";
}

TEST(Ladder, IsBoundedAndSaysWhatItLeavesOut) {
    std::vector<Moment> many;
    for (int i = 0; i < 100; ++i) many.push_back(packet(i * 1ms, kClient, kAck, 1, 1));
    const auto ladder = ladder_of(story(many));
    EXPECT_EQ(ladder.rungs.size(), Ladder::kMost);
    EXPECT_EQ(ladder.left_out, 40U);
    const auto root = drawn(ladder);
    EXPECT_EQ(of_kind(root, "pause").front()->text, "40 more steps");
}

TEST(Ladder, NothingIsOutsideOfThePicture) {
    auto s = story(
        {packet(0s, kClient, kSyn, 4294967295),
         packet(3h, kServer, kSyn | kAck, 4294967295, 4294967295, 65535),
         {kBegin + 4h, kClient, {}, "half open: unanswered_retransmission, confidence medium", kServer}});
    for (auto& end : s.ends) {
        end.family = Family::ipv6;
        end.address.fill(0xfe);
        end.port = 65535;
    }
    const auto root = drawn(ladder_of(s));
    const auto box = root.attribute("viewBox");
    const double width = 560, height = std::stod(box.substr(box.rfind(' ')));
    for (const Element* text : root.all("text")) {
        const double largest = text->attribute("class") == "when"  ? 7.8
                               : text->attribute("class") == "end" ? 9.9
                                                                   : 9.4;
        const double length = largest * static_cast<double>(text->text.size());
        const auto anchor = text->attribute("text-anchor");
        const double x = text->number("x");
        const double left = anchor == "middle" ? x - length / 2 : anchor == "end" ? x - length : x;
        EXPECT_GE(left, -1) << text->text;
        EXPECT_LE(left + length, width + 1) << text->text;
        EXPECT_LT(text->number("y"), height);
    }
    for (const Element* line : root.all("line")) EXPECT_LE(line->number("y2"), height);
}

}  // namespace
}  // namespace ajar::page
