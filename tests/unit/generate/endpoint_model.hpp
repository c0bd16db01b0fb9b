// What two TCP endpoints have said so far, as the frames show it: the model that sequence numbers are checked
// against.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "traffic.hpp"

namespace ajar::gen {

class EndpointModel {
public:
    /// What is wrong with the segment, or nothing. Then remembers it.
    std::string judge(const Packet& p) {
        auto& sides = flows_[key_of(p)];
        auto& own = sides[p.side];
        if (p.flags.syn()) {
            own.push_back({p.seq, p.seq + 1});
        } else if (own.empty() || !own_space(own, p)) {
            return "a segment outside of what its end has begun to number";
        }
        const bool acknowledges = p.flags.ack();
        if (acknowledges && !heard(sides[other(p.side)], p.ack)) return "an ACK of what was never sent";
        return {};
    }

private:
    /// One incarnation of an end: from its ISN to the end of what it has sent.
    struct Life {
        std::uint32_t isn, end;
    };
    using Lives = std::vector<Life>;
    using Key = std::tuple<Family, std::array<Ipv6Address, 2>, std::uint16_t, std::uint16_t, Zone>;

    static Key key_of(const Packet& p) {
        if (p.family == Family::ipv6) {
            return {p.family, p.v6.address, p.v6.port[0].value(), p.v6.port[1].value(), p.v6.zone};
        }
        std::array<Ipv6Address, 2> a{};
        for (std::size_t i = 0; i < 2; ++i) store_be32(a[i].data(), p.v4.address[i].value());
        return {p.family, a, p.v4.port[0].value(), p.v4.port[1].value(), p.v4.zone};
    }

    /// In sequence: not before the ISN, and no further ahead than one lost flight.
    static bool own_space(Lives& lives, const Packet& p) {
        for (auto life = lives.rbegin(); life != lives.rend(); ++life) {
            if (p.seq - life->isn > life->end - life->isn + 65'535) continue;
            const bool ahead = static_cast<std::int32_t>(p.seq_end() - life->end) > 0;
            if (ahead && !p.flags.rst()) life->end = p.seq_end();
            return true;
        }
        return p.flags.rst();
    }

    static bool heard(const Lives& lives, std::uint32_t ack) {
        return std::any_of(lives.begin(), lives.end(),
                           [=](const Life& l) { return ack - l.isn <= l.end - l.isn; });
    }

    std::map<Key, std::array<Lives, 2>> flows_;
};

}  // namespace ajar::gen
