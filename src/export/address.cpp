// How addresses are written: dotted quads, and IPv6 as RFC 5952 wants it.
#include <array>

#include "export/text.hpp"

namespace ajar::exporting {
namespace {

void put_ipv4(Text& out, const Ipv6Address& a) {
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) out.push_back('.');
        put_number(out, a[i]);
    }
}

void put_hex(Text& out, unsigned group) {
    constexpr std::string_view kHex = "0123456789abcdef";
    int shift = 12;
    while (shift > 0 && (group >> shift) == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) out.push_back(kHex[(group >> shift) & 0xfU]);
}

struct Run {
    std::size_t begin = 0, length = 0;
};

/// The first of the longest runs of two zero groups and more (RFC 5952 4.2).
Run longest_zeros(const std::array<unsigned, 8>& groups) {
    Run best, now;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        now = groups[i] != 0 ? Run{i + 1, 0} : Run{now.begin, now.length + 1};
        if (now.length > best.length) best = now;
    }
    return best.length >= 2 ? best : Run{groups.size(), 0};
}

void put_ipv6(Text& out, const Ipv6Address& a) {
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i] = (unsigned{a[2 * i]} << 8U) | unsigned{a[2 * i + 1]};
    const Run zeros = longest_zeros(groups);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == zeros.begin) {
            put(out, "::");
            i += zeros.length - 1;
            continue;
        }
        if (i > 0 && i != zeros.begin + zeros.length) out.push_back(':');
        put_hex(out, groups[i]);
    }
}

}  // namespace

void put_address(Text& out, Family family, const Ipv6Address& address) {
    family == Family::ipv4 ? put_ipv4(out, address) : put_ipv6(out, address);
}

}  // namespace ajar::exporting
