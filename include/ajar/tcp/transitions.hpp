// Where does an event lead a flow? THE table of the TCP machine.
//
// The law. We stand in the middle and see both directions, but not whether a packet arrives. A flow is what
// its endpoints can have believed, so a segment moves it only if its receiver would let itself be moved:
//
//   - A SYN opens, its SYN-ACK answers, the ACK of that SYN-ACK completes. Nothing else completes a
//   handshake.
//   - A SYN inside a living flow may be a crash, a reopening or a forgery. It passes and is remembered; the
//     answer decides: a SYN-ACK that acknowledges it (a new flow), a RST (the old one is gone), or a
//     challenge ACK (the old one lives).
//   - After a SYN-ACK, repeats of it mean nothing.
//   - FINs are counted, not guessed: FIN_WAIT is one FIN, CLOSE_WAIT one FIN acknowledged, LAST_ACK both,
//     TIME_WAIT both acknowledged. A repeated FIN is not the peer's.
//   - A RST is as good as its sequence number (reset.hpp). It never begins, completes or corroborates.
//   - In TIME_WAIT and CLOSE the tuple is free: a SYN opens it anew. (Not in CLOSE by a RST that answered a
//     SYN: the old flow may still go on, machine.cpp.)
//   - Who opened a flow that was picked up in mid-stream, nobody knows: a SYN of either end is the
//     originator's.
//
//   - A SYN that its own sender repeats, whatever the state, says nothing new (machine.cpp).
//
// Events are taken from the flags: RST first, then SYN with or without ACK, FIN, ACK.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ajar/packet/packet.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar::tcp {

enum class Event : std::uint8_t { syn, syn_ack, fin, ack, rst };
inline constexpr std::size_t kEventCount = 5;

enum class Direction : std::uint8_t { originator, responder };

/// What a cell of the table asks for.
enum class Next : std::uint8_t {
    invalid,    ///< no legal step
    ignore,     ///< passes and changes nothing, except what is remembered of it
    challenge,  ///< an ACK where a SYN-ACK was due: its sender may be half open
    reset,      ///< a RST: its sequence number decides
    reopen,     ///< this flow is over, the SYN begins another
    syn_sent,   ///< the rest lead to a state
    syn_sent2,
    syn_recv,
    established,
    closing,  ///< FIN_WAIT, CLOSE_WAIT, LAST_ACK or TIME_WAIT, as the FINs seen and acknowledged say
    close,
    unverified,
};

/// S, SA, R, RA, FA and A, each with any of PSH, URG, ECE and CWR. Without ACK a FIN is no TCP (RFC
/// 9293 3.10.7.4).
constexpr bool legal(TcpFlags f) {
    constexpr auto fin = TcpFlags::kFin, syn = TcpFlags::kSyn, rst = TcpFlags::kRst, ack = TcpFlags::kAck;
    switch (f.bits & (fin | syn | rst | ack)) {
        case syn:
        case syn | ack:
        case rst:
        case rst | ack:
        case fin | ack:
        case ack:
            return true;
        default:
            return false;
    }
}

/// The event of legal flags.
constexpr Event event_of(TcpFlags f) {
    if (f.rst()) return Event::rst;
    if (f.syn()) return f.ack() ? Event::syn_ack : Event::syn;
    return f.fin() ? Event::fin : Event::ack;
}

namespace table {

using Row = std::array<Next, kEventCount>;
using Rows = std::array<std::array<Row, 2>, kTcpStateCount>;

constexpr Rows rows() {
    constexpr auto XX = Next::invalid, IG = Next::ignore, CH = Next::challenge, RS = Next::reset,
                   NW = Next::reopen, SS = Next::syn_sent, S2 = Next::syn_sent2, SR = Next::syn_recv,
                   ES = Next::established, CG = Next::closing, CL = Next::close, UN = Next::unverified;
    // clang-format off
    return {{
        //                   originator                   responder
        //                   SYN SYN-ACK FIN ACK RST      SYN SYN-ACK FIN ACK RST
        /* NONE        */ {{{SS, XX,     XX, UN, XX},    {XX, XX,     XX, XX, XX}}},
        /* SYN_SENT    */ {{{SS, XX,     XX, XX, RS},    {S2, SR,     XX, CH, RS}}},
        /* SYN_SENT2   */ {{{S2, SR,     XX, XX, RS},    {S2, SR,     XX, CH, RS}}},
        /* SYN_RECV    */ {{{IG, SR,     CG, ES, RS},    {XX, IG,     CG, SR, RS}}},
        /* ESTABLISHED */ {{{IG, XX,     CG, ES, RS},    {XX, IG,     CG, ES, RS}}},
        /* FIN_WAIT    */ {{{IG, XX,     CG, CG, RS},    {XX, IG,     CG, CG, RS}}},
        /* CLOSE_WAIT  */ {{{IG, XX,     CG, CG, RS},    {XX, IG,     CG, CG, RS}}},
        /* LAST_ACK    */ {{{IG, XX,     CG, CG, RS},    {XX, IG,     CG, CG, RS}}},
        /* TIME_WAIT   */ {{{NW, XX,     CG, CG, IG},    {NW, IG,     CG, CG, IG}}},
        /* CLOSE       */ {{{NW, XX,     CL, CL, IG},    {XX, IG,     CL, CL, IG}}},
        /* UNVERIFIED  */ {{{NW, XX,     UN, UN, RS},    {NW, IG,     UN, UN, RS}}},
    }};
    // clang-format on
}

}  // namespace table

inline constexpr table::Rows kNext = table::rows();

constexpr Next next_of(TcpState state, Direction d, Event e) {
    return kNext[static_cast<std::size_t>(state)][static_cast<std::size_t>(d)][static_cast<std::size_t>(e)];
}

/// The class of the timer of a state, before a reason to shorten it is found.
inline constexpr std::array<TimerClass, kTcpStateCount> kTimerOf = {
    TimerClass::untimed,     TimerClass::syn_sent, TimerClass::syn_sent,   TimerClass::syn_recv,
    TimerClass::established, TimerClass::fin_wait, TimerClass::close_wait, TimerClass::last_ack,
    TimerClass::time_wait,   TimerClass::close,    TimerClass::mid_stream};
constexpr TimerClass timer_of(TcpState s) { return kTimerOf[static_cast<std::size_t>(s)]; }

namespace facts {

/// Does `holds(state, direction, event, next)` hold for every cell?
template <typename Predicate>
constexpr bool for_all(Predicate holds) {
    for (std::size_t s = 0; s < kTcpStateCount; ++s)
        for (std::size_t d = 0; d < 2; ++d)
            for (std::size_t e = 0; e < kEventCount; ++e)
                if (!holds(static_cast<TcpState>(s), static_cast<Direction>(d), static_cast<Event>(e),
                           kNext[s][d][e]))
                    return false;
    return true;
}

static_assert(for_all([](TcpState s, Direction, Event e, Next n) {
                  return e != Event::rst || n == Next::reset || n == Next::ignore || s == TcpState::none;
              }),
              "no RST moves a flow by its mere flag, and none begins one");
static_assert(for_all([](TcpState s, Direction, Event, Next n) {
                  return n != Next::established || s == TcpState::syn_recv || s == TcpState::established;
              }),
              "only a SYN-ACK leads to ESTABLISHED");
static_assert(for_all([](TcpState, Direction, Event e, Next n) {
                  return n != Next::established || e == Event::ack;
              }),
              "no number of SYNs and SYN-ACKs establishes a flow");
static_assert(for_all([](TcpState, Direction, Event e, Next n) {
                  return (n != Next::reopen && n != Next::syn_sent) || e == Event::syn;
              }),
              "only a SYN opens");
static_assert(for_all([](TcpState s, Direction, Event e, Next n) {
                  const bool over =
                      s == TcpState::time_wait || s == TcpState::close || s == TcpState::unverified;
                  return n != Next::reopen || (over && e == Event::syn);
              }),
              "a SYN ends no flow that lives");
static_assert(for_all([](TcpState s, Direction d, Event, Next n) {
                  return n != Next::challenge || (d == Direction::responder && s <= TcpState::syn_sent2);
              }),
              "a challenge ACK answers a SYN");
static_assert(next_of(TcpState::none, Direction::originator, Event::syn_ack) == Next::invalid &&
                  next_of(TcpState::none, Direction::originator, Event::fin) == Next::invalid,
              "neither a SYN-ACK nor a FIN begins a flow");
static_assert(next_of(TcpState::time_wait, Direction::responder, Event::syn) == Next::reopen,
              "after TIME_WAIT either end may open");

constexpr auto kS = TcpFlags::kSyn, kA = TcpFlags::kAck, kF = TcpFlags::kFin, kR = TcpFlags::kRst;
static_assert(!legal({0}) && !legal({kF}) && !legal({TcpFlags::kPsh}) && !legal({TcpFlags::kUrg}));
static_assert(!legal({kS | kF}) && !legal({kS | kR}) && !legal({kF | kR | kA}) && !legal({kS | kF | kA}));
static_assert(legal({kS | TcpFlags::kEce | TcpFlags::kCwr}) && legal({kS | TcpFlags::kPsh}));
static_assert(event_of({kR | kA}) == Event::rst && event_of({kS | kA}) == Event::syn_ack);

}  // namespace facts

}  // namespace ajar::tcp
