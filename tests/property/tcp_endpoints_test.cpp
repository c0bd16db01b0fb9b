// Two valid endpoints talk through the machine over a network that loses, doubles and reorders: is any of
// their packets ever called invalid, and does the machine end where they do?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <random>

#include "ajar/policy/timeouts.hpp"
#include "support/one_tuple.hpp"
#include "support/show_packet.hpp"
#include "tcp_endpoint.hpp"

namespace ajar {
namespace {

using test::Endpoint;
using test::EndpointOptions;

struct Network {
    unsigned loss, doubling, reordering;  ///< percent
};

class Talk {
public:
    Talk(std::uint32_t seed, Network network, const EndpointOptions& a, const EndpointOptions& b)
        : random_(seed), network_(network), tuple_(policy()), ends_{Endpoint(a), Endpoint(b)} {}

    /// Until both have closed, or the network was too bad for `steps`.
    bool run(unsigned steps) {
        for (Endpoint& e : ends_) send(e.start());
        for (; steps != 0 && !done(); --steps) step();
        return done();
    }

    [[nodiscard]] TcpState state() const { return tuple_.conn.state; }
    [[nodiscard]] bool done() const { return ends_[0].finished() && ends_[1].finished(); }

private:
    static Policy policy() {
        Policy p = policy_of(Profile::ajar);
        p.mid_stream = MidStream::refuse;
        return p;
    }

    bool chance(unsigned percent) { return random_() % 100 < percent; }

    void step() {
        if (to_box_.empty() && from_box_.empty()) {
            for (Endpoint& e : ends_) send(e.tick());
            return;
        }
        if (chance(3)) send(ends_[random_() % 2].tick());
        if (!to_box_.empty() && (from_box_.empty() || chance(50))) return judge(take(to_box_));
        const Packet p = take(from_box_);
        send(ends_[other(p.side)].receive(p));
    }

    void send(const std::vector<Packet>& packets) {
        to_box_.insert(to_box_.end(), packets.begin(), packets.end());
    }

    /// The next packet, or one that overtakes it; possibly leaving a copy behind.
    Packet take(std::deque<Packet>& queue) {
        std::size_t i = 0;
        if (chance(network_.reordering)) i = random_() % std::min<std::size_t>(queue.size(), 8);
        const Packet p = queue[i];
        if (!chance(network_.doubling)) queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(i));
        return p;
    }

    void judge(const Packet& p) {
        if (chance(network_.loss)) return;
        // What may not begin a flow is an answer to a SYN that we have not seen: its sender has.
        const bool begins = p.flags.syn() && !p.flags.ack();
        if (!tuple_.alive() && !begins) return;
        const test::Judgement j = tuple_.feed(p);
        trace_.push_back(test::show(p) + "  | " + std::string(name(j.state)) + " " +
                         std::string(name(j.step.reason)));
        if (trace_.size() > 40) trace_.pop_front();
        if (j.step.outcome == tcp::Outcome::invalid || j.reopened) fail();
        if (p.flags.ack() && tuple_.conn.state != TcpState::syn_sent) check_rcv_nxt(p);
        if (!chance(network_.loss)) from_box_.push_back(p);
    }

    void fail() const {
        std::string all = "a valid packet was refused, the last of these:\n";
        for (const auto& line : trace_) all += line + "\n";
        RC_FAIL(all);
    }

    /// The machine knows the highest ACK that each end has sent through it: where its RST must aim.
    void check_rcv_nxt(const Packet& p) {
        highest_ack_[p.side] = acked_[p.side] ? tcp::later_of(highest_ack_[p.side], p.ack) : p.ack;
        acked_[p.side] = true;
        RC_ASSERT(tuple_.conn.flag(Conn::kAckSeen, p.side));
        RC_ASSERT(tuple_.conn.ends[p.side].max_ack == highest_ack_[p.side]);
    }

    std::mt19937 random_;
    Network network_;
    test::OneTuple tuple_;
    std::array<Endpoint, 2> ends_;
    std::deque<Packet> to_box_, from_box_;
    std::array<std::uint32_t, 2> highest_ack_{};
    std::array<bool, 2> acked_{};
    std::deque<std::string> trace_;
};

EndpointOptions any_endpoint(Side side, bool opens) {
    EndpointOptions o;
    o.side = side;
    o.opens = opens;
    o.iss = *rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(),
                            rc::gen::inRange<std::uint32_t>(0xfffff000, 0xffffffff),
                            rc::gen::inRange<std::uint32_t>(0x7ffff000, 0x80000000));
    o.bytes = *rc::gen::inRange<std::uint32_t>(0, 200000);
    o.mss = *rc::gen::inRange<std::uint32_t>(500, 9000);
    // Two windows fit into 66000: an ACK that is overtaken by more is old to any host (RFC 5961 5.2).
    o.buffer = *rc::gen::inRange<std::uint32_t>(1000, 30000);
    o.scale = *rc::gen::inRange(-1, 8);
    o.sack = *rc::gen::arbitrary<bool>();
    o.slow_reader = *rc::gen::arbitrary<bool>();
    return o;
}

RC_GTEST_PROP(TcpEndpoints, NoValidPacketIsInvalid, ()) {
    const auto percent = [](unsigned most) { return rc::gen::inRange(0U, most); };
    const Network network{*percent(15), *percent(10), *percent(60)};
    const Side opener = *rc::gen::element<Side>(0, 1);
    const bool both_open = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
    EndpointOptions a = any_endpoint(0, both_open || opener == 0);
    EndpointOptions b = any_endpoint(1, both_open || opener == 1);
    EndpointOptions& first = opener == 0 ? a : b;
    if (!both_open && *rc::gen::arbitrary<bool>()) first.in_syn = std::min<std::uint32_t>(first.bytes, 400);

    Talk talk(*rc::gen::arbitrary<std::uint32_t>(), network, a, b);
    const bool done = talk.run(20000);
    RC_TAG(done ? "closed" : "cut off", std::string(name(talk.state())));
}

TEST(TcpEndpoints, APerfectNetworkEndsInTimeWait) {
    EndpointOptions a, b;
    a.opens = true;
    a.bytes = b.bytes = 50000;
    b.side = 1;
    Talk talk(1, {0, 0, 0}, a, b);
    EXPECT_TRUE(talk.run(5000));
    EXPECT_EQ(talk.state(), TcpState::time_wait);
}

}  // namespace
}  // namespace ajar
