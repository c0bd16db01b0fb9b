// A small but whole TCP endpoint (RFC 9293), for tests in which two of them talk through the machine.
//
// It opens, actively or passively, sends a stream in segments, retransmits, probes closed windows, keeps idle
// connections alive, acknowledges out-of-order data with SACK, closes. It never shrinks a window and never
// sends what its peer may not receive: whatever it emits is valid.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "ajar/packet/packet.hpp"

namespace ajar::test {

struct EndpointOptions {
    Side side = 0;
    bool opens = false;
    std::uint32_t iss = 0;
    std::uint32_t bytes = 0;   ///< to send before closing
    std::uint32_t in_syn = 0;  ///< of these, with the SYN (TFO)
    std::uint32_t mss = 1000;
    std::uint32_t buffer = 8000;  ///< receive buffer
    int scale = -1;               ///< -1: no option
    bool sack = false;
    bool slow_reader = false;  ///< reads only when its timer fires: windows close
};

class Endpoint {
public:
    explicit Endpoint(const EndpointOptions& options);

    /// What it sends now that it may; called once at the beginning.
    std::vector<Packet> start();
    std::vector<Packet> receive(const Packet& packet);
    /// The retransmission, probe or keep-alive timer fires, and the application reads.
    std::vector<Packet> tick();

    [[nodiscard]] bool established() const { return state_ == State::open; }
    [[nodiscard]] bool finished() const;  ///< all sent and acknowledged, all received, both FINs
    [[nodiscard]] std::uint32_t rcv_nxt() const { return rcv_nxt_; }
    [[nodiscard]] Side side() const { return options_.side; }

private:
    enum class State : std::uint8_t { closed, listen, syn_sent, syn_received, open };

    Packet make(std::uint8_t flags, std::uint32_t seq, std::uint32_t length) const;
    Packet acknowledge() const { return make(TcpFlags::kAck, snd_nxt_, 0); }
    Packet syn() const;
    [[nodiscard]] std::uint32_t data_end() const { return options_.iss + 1 + options_.bytes; }
    [[nodiscard]] std::uint32_t right_edge() const;
    std::uint32_t offered(bool in_syn) const;

    void learn_peer(const Packet& packet);
    std::vector<Packet> receive_opening(const Packet& packet);
    std::vector<Packet> receive_open(const Packet& packet);
    void take_ack(const Packet& packet);
    void take_data(const Packet& packet);
    void transmit(std::vector<Packet>& out);
    Packet segment_at(std::uint32_t seq) const;

    EndpointOptions options_;
    State state_ = State::closed;
    std::uint32_t snd_una_, snd_nxt_, snd_right_ = 0;
    std::uint32_t last_window_ = 0;
    std::uint32_t rcv_nxt_ = 0, irs_ = 0, read_ = 0;
    mutable std::uint32_t promised_ = 0;                   ///< right edge that was offered; never taken back
    std::map<std::uint32_t, std::uint32_t> out_of_order_;  ///< offset from irs -> end offset
    bool scaling_ = false, sacking_ = false;
    int peer_scale_ = -1;
    bool fin_received_ = false;
    std::uint32_t fin_offset_ = 0;
    bool fin_known_ = false;
};

}  // namespace ajar::test
