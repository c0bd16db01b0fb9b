// Random and hostile packets: does the machine answer as the model does, and do its promises hold?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstring>

#include "ajar/policy/timeouts.hpp"
#include "support/one_tuple.hpp"
#include "support/show_packet.hpp"
#include "tcp_model.hpp"
#include "tcp_move.hpp"

namespace ajar {
namespace {

using model::Answer;
using model::Number;

/// Seen, or known from what its peer acknowledged.
bool known(const model::Peer& p) { return p.seen || p.allowed != 0; }

/// The numbers of endpoint `s` that decide something, as SEQ of its own or as ACK of its peer.
std::vector<Number> interesting(const model::Machine& m, Side s, Number iss) {
    const model::Peer& me = m.peer(s);
    const model::Peer& you = m.peer(other(s));
    std::vector<Number> out = {iss, me.first, me.sent, me.allowed, me.sent - you.window, me.sent - 66000};
    if (you.received) out.push_back(*you.received);
    if (me.fin) out.push_back(*me.fin);
    if (m.challenge()) out.push_back(*m.challenge());
    if (m.other_syn()) out.insert(out.end(), {m.other_syn()->isn, m.other_syn()->end});
    if (!known(me)) return {iss};
    // Numbers half the space apart have no order: RFC 1982 leaves it open, and so does this test.
    const auto far = [&](Number n) { return n < me.sent - (1 << 30) || n > me.sent + (1 << 30); };
    out.erase(std::remove_if(out.begin(), out.end(), far), out.end());
    return out;
}

constexpr std::array<std::uint8_t, 12> kFlagSets = {
    TcpFlags::kAck,
    TcpFlags::kAck | TcpFlags::kPsh,
    TcpFlags::kSyn,
    TcpFlags::kSyn | TcpFlags::kAck,
    TcpFlags::kFin | TcpFlags::kAck,
    TcpFlags::kRst,
    TcpFlags::kRst | TcpFlags::kAck,
    TcpFlags::kAck | TcpFlags::kUrg | TcpFlags::kEce,
    TcpFlags::kFin,
    0,
    TcpFlags::kSyn | TcpFlags::kFin,
    TcpFlags::kRst | TcpFlags::kFin | TcpFlags::kAck,
};

Packet packet_of(const Move& move, const model::Machine& m, const std::array<Number, 2>& iss) {
    const Side s = move.side;
    const model::Peer& me = m.peer(s);
    const model::Peer& you = m.peer(other(s));
    Packet p;
    p.kind = PacketKind::tcp;
    p.side = s;
    p.flags = {kFlagSets[move.flags % kFlagSets.size()]};
    const bool opens = p.flags.syn();
    Number seq = known(me) ? (opens ? me.first : me.sent) : iss[s];
    Number ack = known(you) ? you.sent : iss[other(s)] + 1;
    if (!move.plausible) {
        const auto mine = interesting(m, s, iss[s]), yours = interesting(m, other(s), iss[other(s)]);
        seq = mine[move.seq % mine.size()] + move.seq_off;
        ack = yours[move.ack % yours.size()] + move.ack_off;
    }
    p.seq = static_cast<std::uint32_t>(seq);
    p.ack = p.flags.ack() ? static_cast<std::uint32_t>(ack) : 0;
    p.payload = move.length;
    p.window = move.window;
    if (opens && move.scale >= 0) {
        p.options.present |= TcpOptions::kWindowScale;
        p.options.window_scale = static_cast<std::uint8_t>(move.scale);
    }
    if (opens && move.sackok) p.options.present |= TcpOptions::kSackPermitted;
    if (!opens && move.sack > 0) {
        p.options.present |= TcpOptions::kSack;
        p.options.sack_right = p.ack + static_cast<std::uint32_t>(move.sack);
    }
    return p;
}

Answer answer_of(const test::Judgement& j) {
    if (j.reopened) return Answer::reopened;
    if (j.step.outcome == tcp::Outcome::ignored) return Answer::ignored;
    if (j.step.outcome == tcp::Outcome::accepted) return Answer::accepted;
    return j.state == TcpState::none ? Answer::refused : Answer::invalid;
}

/// The model says that a SYN reopens; then, as a tracker does, the flow begins again with it.
Answer feed(model::Machine& m, const Packet& p, const Policy& policy) {
    const Answer a = m.feed(p);
    if (a != Answer::reopened) return a;
    m = model::Machine(policy);
    m.feed(p);
    return a;
}

Policy any_policy() {
    Policy p = policy_of(Profile::ajar);
    p.window = *rc::gen::weightedElement<WindowCheck>({{4, WindowCheck::strict}, {1, WindowCheck::liberal}});
    p.retransmissions = *rc::gen::element<std::uint8_t>(1, 2, 3);
    p.mid_stream = *rc::gen::element(MidStream::refuse, MidStream::probation, MidStream::loose);
    return p;
}

std::array<Number, 2> any_numbers() {
    const auto one = [] {
        return *rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(), rc::gen::just<std::uint32_t>(0xffffffe0),
                               rc::gen::just<std::uint32_t>(0x7fffffe0));
    };
    return {one(), one()};
}

/// Three segments, so that half of the runs begin with a connection.
std::vector<Move> handshake() {
    Move syn, syn_ack, ack;
    syn.flags = 2;
    syn_ack.side = 1;
    syn_ack.flags = 3;
    syn.window = syn_ack.window = ack.window = 1000;
    return {syn, syn_ack, ack};
}

std::vector<Move> any_moves() {
    auto moves = *rc::gen::arbitrary<std::vector<Move>>();
    if (*rc::gen::arbitrary<bool>()) {
        const auto first = handshake();
        moves.insert(moves.begin(), first.begin(), first.end());
    }
    return moves;
}

RC_GTEST_PROP(TcpMachine, AnswersAsTheModel, ()) {
    const Policy policy = any_policy();
    const auto iss = any_numbers();
    model::Machine model(policy);
    test::OneTuple machine(policy);
    std::string trace;
    Packet p;
    for (const Move& move : any_moves()) {
        if (!move.again || !machine.alive()) p = packet_of(move, model, iss);
        const Answer expected = feed(model, p, policy);
        const test::Judgement j = machine.feed(p);
        trace += test::show(p) + " | " + std::string(name(j.state)) + " " + std::string(name(j.step.reason)) +
                 ", the model: " + std::to_string(static_cast<int>(expected)) + " " +
                 std::string(name(model.state())) + "\n";
        if (answer_of(j) != expected || j.state != model.state()) RC_FAIL(trace);
        if (j.state == TcpState::none) continue;
        for (const Side s : {Side{0}, Side{1}}) {
            const auto& received = model.peer(s).received;
            const bool known = machine.conn.flag(Conn::kAckSeen, s);
            if (known != received.has_value()) RC_FAIL(trace + "RCV.NXT known to one of them alone");
            if (known && machine.conn.ends[s].max_ack != static_cast<std::uint32_t>(*received))
                RC_FAIL(trace + "RCV.NXT differs");
        }
    }
}

/// Feeds a random history and hands each packet, with the flow before and after it, to `check`.
template <typename Check>
void for_each_step(Check check) {
    const Policy policy = any_policy();
    const auto iss = any_numbers();
    model::Machine model(policy);  // only to aim by
    test::OneTuple machine(policy);
    Packet p;
    for (const Move& move : any_moves()) {
        if (!move.again || !machine.alive()) p = packet_of(move, model, iss);
        const test::OneTuple before = machine;
        const test::Judgement j = machine.feed(p);
        feed(model, p, policy);
        if (before.alive() && !j.reopened) check(before, p, j, machine);
    }
}

RC_GTEST_PROP(TcpMachine, AnInvalidPacketChangesNothing, ()) {
    for_each_step([](const test::OneTuple& before, const Packet&, const test::Judgement& j,
                     const test::OneTuple& after) {
        if (j.step.outcome != tcp::Outcome::invalid) return;
        RC_ASSERT(after.conn.state == before.conn.state);
        RC_ASSERT(after.conn.timer == before.conn.timer);
        RC_ASSERT(after.conn.saved == before.conn.saved);
        RC_ASSERT(after.conn.flags == before.conn.flags);
        RC_ASSERT(after.conn.options == before.conn.options);
        RC_ASSERT(after.conn.marks == before.conn.marks);
        RC_ASSERT(std::memcmp(&after.aside, &before.aside, sizeof(Aside)) == 0);
        RC_ASSERT(std::memcmp(&after.warm, &before.warm, sizeof(Warm)) == 0);
        RC_ASSERT(std::memcmp(&after.conn.ends, &before.conn.ends, sizeof after.conn.ends) == 0);
    });
}

RC_GTEST_PROP(TcpMachine, NoRstOutsideOfTheWindowCloses, ()) {
    for_each_step(
        [](const test::OneTuple& before, const Packet& p, const test::Judgement& j, const test::OneTuple&) {
            const Conn& conn = before.conn;
            const bool lives = conn.state >= TcpState::established && conn.state <= TcpState::last_ack;
            const bool answers_syn = conn.mark(Conn::kIgnoredSyn) || conn.mark(Conn::kChallengeAck);
            if (!p.flags.rst() || !lives || answers_syn || !conn.flag(Conn::kAckSeen, other(p.side))) return;
            const std::uint32_t expected = conn.ends[other(p.side)].max_ack;
            const bool outside =
                tcp::before(p.seq, expected) ||
                tcp::after(p.seq, tcp::later_of(conn.ends[p.side].max_end, conn.ends[p.side].end));
            const bool believable =
                p.seq == expected || p.seq == before.conn.ends[p.side].end - before.warm.last_back;
            if (outside && !believable) RC_ASSERT(j.state == conn.state);
        });
}

RC_GTEST_PROP(TcpMachine, WhatIsIgnoredMovesNoState, ()) {
    for_each_step([](const test::OneTuple& before, const Packet&, const test::Judgement& j,
                     const test::OneTuple& after) {
        if (j.step.outcome != tcp::Outcome::ignored) return;
        RC_ASSERT(after.conn.state == before.conn.state);
        RC_ASSERT(after.conn.timer == before.conn.timer);
    });
}

RC_GTEST_PROP(TcpMachine, OnlyAnAckOrAFinCompletesAHandshake, ()) {
    for_each_step(
        [](const test::OneTuple& before, const Packet& p, const test::Judgement& j, const test::OneTuple&) {
            const bool left =
                is_embryonic(before.conn.state) && !is_embryonic(j.state) && j.state != TcpState::close;
            RC_ASSERT(!left || (!p.flags.syn() && !p.flags.rst() && p.flags.ack()));
            RC_ASSERT(!left || before.conn.state == TcpState::syn_recv ||
                      before.conn.state == TcpState::unverified);
            RC_ASSERT(!left || j.step.established_now);
        });
}

RC_GTEST_PROP(TcpMachine, RcvNxtOnlyGrowsWithinAConnection, ()) {
    for_each_step([](const test::OneTuple& before, const Packet&, const test::Judgement& j,
                     const test::OneTuple& after) {
        if (before.conn.state < TcpState::established || j.state < TcpState::established) return;
        for (const Side s : {Side{0}, Side{1}})
            if (before.conn.flag(Conn::kAckSeen, s))
                RC_ASSERT(!tcp::before(after.conn.ends[s].max_ack, before.conn.ends[s].max_ack));
    });
}

}  // namespace
}  // namespace ajar
