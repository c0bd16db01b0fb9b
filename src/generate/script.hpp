// How the segments of a conversation are written: two model endpoints that take turns.
//
// A scenario reads as the dialogue it makes: open(), send(), pause(), close(). Time is seen at the box, which
// lies between the ends: when the speaker changes, the clock moves by the new speaker's round trip to the
// box. An endpoint keeps what a socket keeps (SND.NXT, RCV.NXT, negotiated options), so numbers are right by
// construction; what a scenario wants wrong, it changes in the Step that emit() returns.
#pragma once

#include <array>
#include <cstdint>
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

/// What befalls data segments, in parts per million.
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
    void say(End from, std::uint8_t flags, std::uint32_t payload = 0);  ///< in turn, arrives at the peer
    void lose(End from, std::uint8_t flags,
              std::uint32_t payload = 0);  ///< passes the box, is lost behind it
    /// The last segment of emit() once more at each of these times, counted from its first.
    void again(std::span<const Duration> since_first);
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

    void turn_to(End from);
    [[nodiscard]] Duration turnaround(End e) const { return 2 * delay_[index(e)] + kThink; }
    [[nodiscard]] std::uint32_t segment_size() const;
    [[nodiscard]] std::uint32_t timestamp(End e, Duration at) const;
    void fill_options(Step& s) const;
    void send_flight(End from, std::uint32_t bytes);
    void send_segment(End from, std::uint32_t bytes, bool push, Flight& flight);
    void disturb(const Step& segment);
    void repair(End from, Flight& flight);
    Duration acknowledge(const Step& segment, std::uint32_t ack, std::uint32_t sack_left);

    static constexpr Duration kThink = std::chrono::microseconds(50);
    static constexpr Duration kSpacing = std::chrono::microseconds(12);  ///< a full frame at 1 Gbit/s

    Conversation& out_;
    Rng& rng_;
    Trouble trouble_;
    std::array<Endpoint, 2> ends_;
    std::array<Duration, 2> delay_{};  ///< one way, from the box to the end
    std::uint8_t agreed_ = 0;          ///< options that both SYNs carried
    Duration now_{0};
    std::size_t last_ = 0;  ///< step of the last emit()
    bool begun_ = false;
    End speaker_ = End::client;
};

}  // namespace ajar::gen
