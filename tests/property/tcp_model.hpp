// An independent model of the TCP machine: BEHAVIOUR section 2 told event by event, in numbers that do not
// wrap.
//
// It shares nothing with src/tcp but the packet. Numbers are 64 bits wide, counted from the endpoint's first
// one; a 32-bit number from a packet is taken for the nearest to what is known of its endpoint.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar::model {

using Number = std::int64_t;

enum class Answer : std::uint8_t { accepted, ignored, invalid, reopened, refused };

struct Syn {
    Number isn = 0, end = 0;
    Number window = 0;
    std::optional<unsigned> scale;
    bool sack = false;
};

struct Peer {
    bool seen = false;
    std::optional<Syn> syn;          ///< its own, if it was seen
    Number first = 0;                ///< ISN, or the first number of a mid-stream flow
    Number sent = 0;                 ///< end of all it has sent
    Number allowed = 0;              ///< right edge of what the other has granted
    Number window = 0;               ///< largest that it has offered
    std::optional<Number> received;  ///< its RCV.NXT: the highest ACK that it has sent
    std::optional<Number> fin;       ///< end of its FIN
    bool fin_acknowledged = false;
    unsigned scale = 0;
    bool sack = false;
    bool guessed = false;  ///< what its peer has sent is not known well enough to judge its ACKs
};

class Machine {
public:
    explicit Machine(const Policy& policy) : policy_(policy) {}

    Answer feed(const Packet& packet);

    [[nodiscard]] TcpState state() const { return state_; }
    [[nodiscard]] const Peer& peer(Side s) const { return peers_[s]; }
    [[nodiscard]] std::optional<Number> challenge() const { return challenge_; }
    [[nodiscard]] const std::optional<Syn>& other_syn() const { return other_syn_; }
    [[nodiscard]] bool at_risk() const { return at_risk_; }  ///< an inexact RST hangs over it

private:
    // The packet under judgement, its numbers made wide.
    struct Segment {
        Side from = 0;
        Number seq = 0, end = 0, ack = 0, sack = 0, window = 0;
        bool has_ack = false, fin = false;
    };

    Segment widen(const Packet& packet) const;
    Answer first(const Packet& packet);
    Answer on_syn(const Packet& p, const Segment& g);
    Answer on_syn_ack(const Packet& p, const Segment& g);
    Answer on_reset(const Packet& p, const Segment& g);
    Answer on_segment(const Packet& p, Segment g);
    [[nodiscard]] Answer passes_outside(const Packet& p, const Segment& g) const;

    Answer syn_ack_opens(const Packet& p, const Segment& g);
    bool inside(const Segment& g) const;
    void take(const Segment& g);
    void note_last(const Packet& p, const Segment& g);
    void count_repeat(const Packet& p, const Segment& g, Number sent);
    [[nodiscard]] bool waiting() const;
    void learn_syn(Side s, const Syn& syn);
    void settle_options();
    Syn syn_of(const Packet& p, const Segment& g) const;
    [[nodiscard]] bool covers(Number ack, const Syn& syn) const { return ack > syn.isn && ack <= syn.end; }
    void restart(const Syn& opened_by);
    void put_aside(Side s, const Syn& syn);
    void move_on(const Segment& g);
    [[nodiscard]] TcpState by_fins() const;

    Policy policy_;
    TcpState state_ = TcpState::none;
    Side opener_ = 0;
    std::array<Peer, 2> peers_{};
    std::optional<Syn> other_syn_;     ///< a SYN beside the one in force
    Side other_opener_ = 0;            ///< its sender
    std::optional<Number> challenge_;  ///< the ACK of a challenge ACK
    Side challenge_to_ = 0;            ///< who must answer it
    bool closed_in_its_name_ = false;  ///< by a RST that answered other_syn_
    struct {
        Side from = 0;
        Number end = 0;
    } last_;                     ///< segment that was accepted
    int repeats_ = 0;            ///< by its sender, since the other spoke
    bool none_offered_ = false;  ///< no window, by its sender; while that repeats, by the other
    bool expect_challenge_ = false;
    bool crossed_ = false;  ///< simultaneous open
    bool mid_stream_ = false;
    bool at_risk_ = false;
};

}  // namespace ajar::model
