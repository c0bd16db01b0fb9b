// Is the traffic of `ajar bench` what it says: whole frames, the right order, the right owner?
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "ajar/flow/steer.hpp"
#include "ajar/packet/parse.hpp"
#include "dataplane/bench/flooded.hpp"
#include "dataplane/bench/scripts.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint64_t kFlows = 256;
constexpr std::uint16_t kWord = 0x6d5a;

Shape shape_of(Family family = Family::ipv4, std::uint16_t frame_bytes = 128, std::uint32_t worker = 0,
               std::uint32_t workers = 1) {
    return {.lot = {.number = 3, .family = family, .worker = worker, .workers = workers, .rss_word = kWord},
            .frame_bytes = frame_bytes};
}

/// Takes bursts from both sides in turn, as a worker does, and hands over each packet parsed.
template <typename See>
void take(Traffic& traffic, std::size_t packets, See see) {
    const Steering steering;
    std::array<std::array<std::uint8_t, 1600>, 64> room{};
    std::array<std::uint8_t*, 64> frames;
    std::array<std::uint16_t, 64> lengths;
    for (std::size_t i = 0; i < 64; ++i) frames[i] = room[i].data();
    for (std::size_t taken = 0, polls = 0; taken < packets && !traffic.ended(); ++polls) {
        ASSERT_LT(polls, 4 * packets) << "nobody's turn";
        const auto n = traffic.write(polls % 2, {frames, lengths});
        for (std::size_t i = 0; i < n; ++i) {
            Packet p;
            parse({frames[i], lengths[i]}, lengths[i], {}, p);
            steering.identify(p);
            ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
            see(p, static_cast<std::uint8_t>(polls % 2), lengths[i]);
        }
        taken += n;
    }
}

std::uint16_t port_of(const Packet& p) {
    return p.family == Family::ipv4 ? p.v4.port[p.side].value() : p.v6.port[p.side].value();
}

/// What both ends of a flow have sent, by what they should have sent.
struct Ends {
    std::array<std::uint32_t, 2> next{};  ///< by side of the wire
    std::array<bool, 2> known{};
};

/// Each segment begins where its sender's last one ended, and acknowledges no more than was sent.
class Order {
public:
    void see(const Packet& p, std::uint8_t side) {
        Ends& ends = flows_[p.hash];
        if (ends.known[side]) {
            ASSERT_EQ(p.seq, ends.next[side]);
        }
        if (p.flags.ack() && ends.known[1 - side]) {
            ASSERT_LE(static_cast<std::int32_t>(p.ack - ends.next[1 - side]), 0);
        }
        ends.known[side] = true;
        ends.next[side] = p.seq_end();
    }
    [[nodiscard]] std::size_t flows() const { return flows_.size(); }

private:
    std::map<std::uint64_t, Ends> flows_;
};

TEST(Scripts, AnOpeningIsThreePacketsOfEachConnection) {
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        Opening opening(shape_of(family), kFlows);
        Order order;
        std::array<std::size_t, 2> seen{};
        take(opening, 10 * kFlows, [&](const Packet& p, std::uint8_t side, std::uint16_t) {
            order.see(p, side);
            ++seen[side];
        });
        EXPECT_TRUE(opening.ended());
        EXPECT_EQ(order.flows(), kFlows);
        EXPECT_EQ(seen[0], 2 * kFlows);
        EXPECT_EQ(seen[1], kFlows);
    }
}

void expect_order_after_opening(const Shape& shape, Traffic& data, std::size_t least_flows) {
    Opening opening(shape, kFlows);
    Order order;
    take(opening, 10 * kFlows,
         [&](const Packet& p, std::uint8_t side, std::uint16_t) { order.see(p, side); });
    std::set<std::uint64_t> heard;
    take(data, 20 * kFlows, [&](const Packet& p, std::uint8_t side, std::uint16_t length) {
        order.see(p, side);
        heard.insert(p.hash);
        EXPECT_GT(p.payload, 0U);
        EXPECT_EQ(length, shape.frame_bytes - 4);
    });
    EXPECT_EQ(order.flows(), kFlows) << "data belong to flows that were opened";
    EXPECT_GE(heard.size(), least_flows);
}

TEST(Scripts, UniformDataGoOnWhereTheHandshakeEnded) {
    for (const auto& shape : {shape_of(), shape_of(Family::ipv6), shape_of(Family::ipv4, 64),
                              shape_of(Family::ipv6, 84), shape_of(Family::ipv4, 1518)}) {
        UniformData data(shape, kFlows);
        expect_order_after_opening(shape, data, kFlows);
    }
}

TEST(Scripts, DrawnDataGoOnWhereTheHandshakeEnded) {
    ZipfData data(shape_of(), kFlows, 1.0);
    expect_order_after_opening(shape_of(), data, kFlows / 4);
}

TEST(Scripts, TheTwoSidesOfAFlowDoNotMeetInTheCache) {
    UniformData data(shape_of(), kFlows);
    std::map<std::uint64_t, std::size_t> last;
    std::size_t at = 0, least = kFlows;
    take(data, 10 * kFlows, [&](const Packet& p, std::uint8_t, std::uint16_t) {
        if (last.contains(p.hash)) least = std::min(least, at - last[p.hash]);
        last[p.hash] = at++;
    });
    EXPECT_GE(least, kFlows / 2);
}

TEST(Scripts, AsManyConnectionsEndAsBegin) {
    Connect connect(shape_of(), kFlows);
    Order order;
    std::set<std::uint64_t> alive, ever;
    std::size_t most = 0;
    take(connect, 100 * kFlows, [&](const Packet& p, std::uint8_t side, std::uint16_t) {
        order.see(p, side);
        if (p.flags.rst()) {
            EXPECT_EQ(alive.erase(p.hash), 1U);
        } else if (!p.flags.syn()) {
            alive.insert(p.hash);
            EXPECT_TRUE(ever.insert(p.hash).second) << "a tuple came again";
        }
        most = std::max(most, alive.size());
    });
    EXPECT_GT(ever.size(), 10 * kFlows);
    EXPECT_LE(most, kFlows + 64);
    EXPECT_GE(alive.size(), kFlows - 64);
}

TEST(Scripts, OptionsStandWhereTheyShould) {
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        auto shape = shape_of(family, FrameWriter::shortest(family) + 12);
        shape.syn_options = kSynStamped;
        shape.options = kStamps;
        Opening opening(shape, kFlows);
        take(opening, 10 * kFlows, [&](const Packet& p, std::uint8_t, std::uint16_t) {
            EXPECT_TRUE(p.options.has(TcpOptions::kTimestamps));
            EXPECT_EQ(p.options.has(TcpOptions::kSackPermitted), p.flags.syn());
            EXPECT_EQ(p.options.mss, p.flags.syn() ? 1460 : 0);
            EXPECT_EQ(p.options.window_scale, p.flags.syn() ? 7 : 0);
        });
        UniformData data(shape, kFlows);
        expect_order_after_opening(shape, data, kFlows);
    }
}

/// Each client's ACK is what opens the cookie that it got.
TEST(Scripts, ConnectionsMayBeginWithTheirCookies) {
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        auto shape = shape_of(family);
        shape.syn_options = kSynStamped;
        shape.options = kStamps;
        Flooded flooded(hash_key_from_seed(1), {});
        flooded.add(shape);
        const auto cookies = flooded.cookies(shape, kFlows);
        CookieOpening opening(shape, cookies);
        std::map<std::uint64_t, std::uint32_t> asked;
        std::size_t answers = 0;
        take(opening, 10 * kFlows, [&](const Packet& p, std::uint8_t side, std::uint16_t) {
            answers += side;
            if (side == 1) {
                EXPECT_EQ(p.ack, asked[p.hash]);
                return;
            }
            asked[p.hash] = p.seq;
            const auto offer = tcp::cookie::open(*flooded.posture().keys, p, Flooded::promise());
            ASSERT_TRUE(offer);
            EXPECT_EQ(offer->window_scale, 7);
            EXPECT_TRUE(offer->timestamps && offer->sack_permitted);
        });
        EXPECT_EQ(answers, kFlows);
        UniformData data(shape, cookies);
        take(data, kFlows, [&](const Packet& p, std::uint8_t side, std::uint16_t) {
            const auto known = asked.find(p.hash);
            ASSERT_NE(known, asked.end());
            if (side == 0) {
                EXPECT_EQ(p.seq, known->second) << "its first data";
            } else {
                EXPECT_EQ(p.seq, kServerIsn + 1);
            }
        });
    }
}

TEST(Scripts, StrangersComeWithAnyNumbersToTheServers) {
    Strangers strangers(shape_of(), TcpFlags::kAck);
    std::set<std::uint64_t> tuples;
    std::set<std::uint32_t> numbers;
    take(strangers, 10'000, [&](const Packet& p, std::uint8_t, std::uint16_t) {
        EXPECT_EQ(p.flags.bits, TcpFlags::kAck);
        EXPECT_NE(port_of(p), 443);
        EXPECT_TRUE(tuples.insert(p.hash).second);
        numbers.insert(p.ack);
    });
    EXPECT_GT(numbers.size(), 9990U);
}

TEST(Scripts, AFloodNeverRepeatsATuple) {
    Flood flood(shape_of());
    std::set<std::uint64_t> seen;
    take(flood, 10'000, [&](const Packet& p, std::uint8_t, std::uint16_t) {
        EXPECT_TRUE(p.flags.syn() && !p.flags.ack());
        EXPECT_TRUE(seen.insert(p.hash).second);
    });
}

TEST(Scripts, TuplesBelongToTheWorkerWhoseTheyShouldBe) {
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        for (const std::uint32_t workers : {2U, 4U, 64U}) {
            for (const std::uint32_t worker : {0U, workers - 1}) {
                Flood flood(shape_of(family, 128, worker, workers));
                std::set<std::uint64_t> seen;
                take(flood, 2000, [&](const Packet& p, std::uint8_t, std::uint16_t) {
                    EXPECT_EQ(p.partition % workers, worker);
                    EXPECT_NE(port_of(p), 0);
                    EXPECT_TRUE(seen.insert(p.hash).second) << "no two tuples became one";
                });
            }
        }
    }
}

TEST(Scripts, EverySecondConnectionIsTheNextWorkersWhenAskedFor) {
    Shape shape = shape_of(Family::ipv4, 128, 1, 2);
    shape.lot.foreign_of_two = 1;
    Flood flood(shape);
    std::array<int, 2> by_owner{};
    take(flood, 1000, [&](const Packet& p, std::uint8_t, std::uint16_t) { ++by_owner[p.partition % 2]; });
    EXPECT_EQ(by_owner[0], by_owner[1]);
}

TEST(Scripts, AMixKeepsItsShares) {
    UniformData data(shape_of(), kFlows);
    Shape other = shape_of();
    other.lot.number = 4;
    Flood flood(other);
    Mix mix(data, 8, flood, 32);
    std::size_t syns = 0, all = 0;
    take(mix, 4000, [&](const Packet& p, std::uint8_t, std::uint16_t) {
        syns += p.flags.syn() ? 1U : 0U;
        ++all;
    });
    EXPECT_NEAR(static_cast<double>(syns) / static_cast<double>(all), 0.8, 0.01);
}

TEST(Scripts, AMixOfTwoThatTakeTurnsGoesOn) {
    Shape other = shape_of();
    other.lot.number = 4;
    UniformData a(shape_of(), kFlows), b(other, kFlows);
    Mix mix(a, 8, b, 8);
    std::map<std::uint64_t, std::size_t> heard;
    take(mix, 8 * kFlows, [&](const Packet& p, std::uint8_t, std::uint16_t) { ++heard[p.hash]; });
    EXPECT_EQ(heard.size(), 2 * kFlows);
}

}  // namespace
}  // namespace ajar::dataplane
