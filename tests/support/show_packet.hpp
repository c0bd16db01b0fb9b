// A packet as an arrow, for failure messages: `0 > 1  PA 101:201 ack 501 win 1000`.
#pragma once

#include <string>

#include "ajar/packet/packet.hpp"

namespace ajar::test {

inline std::string show(const Packet& p) {
    std::string flags;
    for (unsigned bit = 0; bit < 8; ++bit)
        if ((p.flags.bits >> bit & 1U) != 0) flags += "FSRPAUEC"[bit];
    std::string out = p.side == 0 ? "0 > 1  " : "0 < 1  ";
    out += flags + " " + std::to_string(p.seq) + ":" + std::to_string(p.seq + p.payload);
    if (p.flags.ack()) out += " ack " + std::to_string(p.ack);
    out += " win " + std::to_string(p.window);
    if (p.options.has(TcpOptions::kWindowScale)) out += " scale " + std::to_string(p.options.window_scale);
    if (p.options.has(TcpOptions::kSackPermitted)) out += " sackok";
    if (p.options.has(TcpOptions::kSack)) out += " sack " + std::to_string(p.options.sack_right);
    return out;
}

}  // namespace ajar::test
