// A conntrack as small as can be, for comparing verdicts packet by packet: a map from tuple to machine. No
// time passes in it, as none passed in the kernel whose verdicts it is compared with.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <string>

#include "support/one_tuple.hpp"

namespace ajar::corpus {

/// nf_conntrack's words for a packet, and the state of its flow afterwards ("-" = no flow).
struct Observed {
    std::string verdict, state;
    Reason reason = Reason::none;
};

/// Anything that judges packets one by one: this table, or the tracker itself.
class Judge {
public:
    virtual ~Judge() = default;
    virtual Observed feed(const Packet& packet) = 0;
};

class ConntrackTable : public Judge {
public:
    explicit ConntrackTable(const Policy& policy) : policy_(policy) {}

    Observed feed(const Packet& packet) override {
        test::OneTuple& tuple = tuples_.try_emplace(tuple_of(packet), policy_).first->second;
        const bool replied = tuple.alive() && has_replied(tuple.conn, packet.side);
        const test::Judgement j = tuple.feed(packet);
        const std::string state = j.state == TcpState::none ? "-" : std::string(name(j.state));
        if (j.step.outcome == tcp::Outcome::invalid) return {"invalid", state, j.step.reason};
        return {replied && !j.fresh ? "established" : "new", state, j.step.reason};
    }

private:
    using Tuple = std::array<unsigned char, sizeof(KeyV6) + 1>;

    static bool has_replied(const Conn& conn, Side sender) {
        return sender != conn.originator || conn.flag(Conn::kSeen, other(conn.originator));
    }

    static Tuple tuple_of(const Packet& packet) {
        Tuple t{static_cast<unsigned char>(packet.family)};
        if (packet.family == Family::ipv4) {
            std::memcpy(t.data() + 1, &packet.v4, sizeof packet.v4);
        } else {
            std::memcpy(t.data() + 1, &packet.v6, sizeof packet.v6);
        }
        return t;
    }

    Policy policy_;
    std::map<Tuple, test::OneTuple> tuples_;
};

}  // namespace ajar::corpus
