// How the segments of a conversation are written: two model endpoints that take turns.
//
// A scenario reads as the dialogue it makes: open(), send(), pause(), close(). Time is seen at the box, which
// lies between the ends: when the speaker changes, the clock moves by the new speaker's round trip to the
// box. An endpoint keeps what a socket keeps (SND.NXT, RCV.NXT, negotiated options), so numbers are right by
// construction; what a scenario wants wrong, it changes in the Step that emit() returns.
//
// Trouble befalls every segment, and its sender goes on as a stack does: what is not acknowledged is said
// again, by timeouts that double, and whoever hears something again acknowledges it again. Half of what is
// lost is lost before the box, which never sees it, half behind. Two things are never lost: the first segment
// of a conversation, and a RST that an application brings about. Nobody repeats that; its receiver would be
// half open, and that is a scenario of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "ajar/packet/packet.hpp"
#include "generate/conversation.hpp"
#include "generate/rng.hpp"

namespace ajar::gen {

inline constexpr auto kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck, kFin = TcpFlags::kFin,
                      kRst = TcpFlags::kRst, kPsh = TcpFlags::kPsh;

/// What an endpoint offers in its SYN.
struct Stack {
    std::uint16_t mss = 1460;
    std::uint8_t options = 0;  ///< TcpOptions bits
    std::uint8_t window_scale = 0;
};

/// What befalls segments, in parts per million.
struct Trouble {
    std::uint32_t loss = 0, reorder = 0, duplicate = 0;
};

class Script {
public:
    /// `rtt` is the mean; the conversation draws its own. `mss` = 0 takes the family's.
    Script(Conversation& out, Rng& rng, Duration rtt, Trouble trouble = {}, std::uint16_t mss = 0);

    void open();                               ///< SYN, SYN-ACK, ACK
    void send(End from, std::uint32_t bytes);  ///< data in flights, acknowledged; losses are repaired
    void close(End first);                     ///< FIN both ways
    void half_close(End from);                 ///< FIN, ACK
    void reset(End from);                      ///< an exact RST
    /// In turn, and it arrives at the peer, if need be at last.
    void say(End from, std::uint8_t flags, std::uint32_t payload = 0);
    void lose(End from, std::uint8_t flags,
              std::uint32_t payload = 0);  ///< passes the box, is lost behind it
    /// The last segment of emit() once more at each of these times, counted from its first. For each that is
    /// lost before the box there is one more in the end.
    void again(std::span<const Duration> since_first);
    /// The fate of the segment that came last of emit() or resend(), to be asked once it is as it is to be:
    /// does it reach its receiver? If not, the box may not have seen it either.
    bool passes();
    /// That segment once more, as long as it takes. By its sender's timeout, or, if it is an ACK alone, when
    /// its peer has said again what it acknowledges.
    void carry();
    /// It, and the RST of a peer that has no such connection, as long as it takes.
    void ask_in_vain(Duration timeout);
    void pause(Duration d) { now_ += d; }
    void pause_up_to(std::uint32_t ms) { now_ += std::chrono::microseconds(rng_.below(ms * 1000)); }
    /// The end forgets its socket; its next SYN has a new, higher ISN.
    void forget(End end);
    /// The raw segment of this end's present state, in turn; the peer is not told of it.
    Step& emit(End from, std::uint8_t flags, std::uint32_t payload = 0);
    /// How the connection just written stands.
    void end(Outcome how) { out_.outcomes.push_back(how); }
    /// The RST of an end without a socket for `segment` (RFC 9293 3.10.7.1). By value, here and in resend():
    /// what emit() returned moves with the next segment.
    void refuse(Step segment);
    /// An ICMP error comes back for `segment`.
    void report_unreachable(Step segment);
    /// `segment` once more, in turn; the peer is not told of it.
    void resend(Step segment);
    /// The peer of the segment's sender takes everything that was sent so far.
    void deliver(const Step& segment);

    [[nodiscard]] std::uint32_t snd_nxt(End e) const { return ends_[index(e)].snd_nxt; }
    [[nodiscard]] std::uint32_t rcv_nxt(End e) const { return ends_[index(e)].rcv_nxt; }

private:
    struct Endpoint {
        Stack stack;
        std::uint32_t snd_nxt = 0, rcv_nxt = 0;
        std::uint32_t ts_offset = 0, ts_recent = 0;
    };
    struct Flight;

    /// Longest run of losses, and the most of a conversation (but those of flights): so that it is still the
    /// one that it was to be, and ends.
    static constexpr unsigned kMostInARow = 3, kMostLosses = 50;

    void turn_to(End from);
    bool struck(std::uint32_t parts) { return parts != 0 && rng_.chance(parts); }
    bool lost();
    void mix_up();
    Step& put_again(Step segment);
    [[nodiscard]] Duration turnaround(End e) const { return 2 * delay_[index(e)] + kThink; }
    [[nodiscard]] std::uint32_t segment_size() const;
    [[nodiscard]] std::uint32_t timestamp(End e, Duration at) const;
    void fill_options(Step& s) const;
    void send_flight(End from, std::uint32_t bytes);
    void send_segment(End from, std::uint32_t bytes, bool push, Flight& flight);
    void disturb(const Step& segment);
    void repair(End from, Flight& flight);
    void hear_last(End from, Flight& flight);
    void send_again(Step segment, Flight& flight);
    void acknowledge(const Step& segment, std::uint32_t ack, std::uint32_t sack_left, Flight& flight);

    static constexpr Duration kThink = std::chrono::microseconds(50);
    static constexpr Duration kSpacing = std::chrono::microseconds(12);  ///< a full frame at 1 Gbit/s

    Conversation& out_;
    Rng& rng_;
    Trouble trouble_;
    std::array<Endpoint, 2> ends_;
    std::array<Duration, 2> delay_{};  ///< one way, from the box to the end
    std::uint8_t agreed_ = 0;          ///< options that both SYNs carried
    Duration now_{0};
    std::size_t last_ = 0;  ///< step of the last emit() or resend(); it may be lost already
    Step spoken_{};         ///< what passes() has judged last, or again() repeats
    std::array<std::optional<Step>, 2> question_{};  ///< by End: what it said last that wants an ACK
    unsigned losses_ = 0, in_a_row_ = 0;
    bool begun_ = false;
    End speaker_ = End::client;
};

}  // namespace ajar::gen
