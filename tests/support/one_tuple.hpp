// What a tracker makes of one tuple's packets, without tables and times: admit, begin, step, reopen.
#pragma once

#include <optional>

#include "ajar/tcp/machine.hpp"

namespace ajar::test {

struct Judgement {
    bool fresh = false;     ///< the packet began the flow
    bool reopened = false;  ///< ... after ending another
    tcp::Step step{};
    TcpState state = TcpState::none;  ///< afterwards; none: there is no flow
};

class OneTuple {
public:
    explicit OneTuple(Policy policy) : policy_(policy) {}

    Judgement feed(const Packet& packet) {
        if (!alive_) return first(packet, false);
        const tcp::Step step = tcp::step(flow(), packet, policy_);
        if (step.outcome == tcp::Outcome::reopen) return first(packet, true);
        return {false, false, step, conn.state};
    }

    [[nodiscard]] bool alive() const { return alive_; }
    void forget() { alive_ = false; }

    Conn conn{};
    Warm warm{};
    Aside aside{};

private:
    tcp::Flow flow() { return {conn, warm, aside}; }

    Judgement first(const Packet& packet, bool reopened) {
        const tcp::Step step = tcp::admit(packet, policy_);
        alive_ = step.outcome == tcp::Outcome::accepted;
        if (!alive_) return {false, reopened, step, TcpState::none};
        tcp::begin(flow(), packet, policy_);
        return {true, reopened, step, conn.state};
    }

    Policy policy_;
    bool alive_ = false;
};

}  // namespace ajar::test
