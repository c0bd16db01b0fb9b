// What a story tells of its connection.
#include "story.hpp"

namespace ajar::signs {

std::optional<std::size_t> Story::answered(std::size_t before) const {
    std::optional<std::size_t> at;
    for (std::size_t i = before; i-- > 0;)
        if (all_[i].syn && all_[i].ack_bit && (!at || all_[i].seq == all_[*at].seq)) at = i;
    return at;
}

std::optional<std::uint32_t> Story::highest(Side s, std::size_t from, std::size_t to, bool acks) const {
    std::optional<std::uint32_t> high;
    for (std::size_t i = from; i < to; ++i) {
        const Segment& g = all_[i];
        if (g.side != s || g.rst || (acks && !g.ack_bit)) continue;
        if (g.syn && !g.ack_bit && i > from + 2) continue;  // somebody's SYN inside
        const std::uint32_t n = acks ? g.ack : g.end();
        if (!high || later(n, *high)) high = n;
    }
    return high;
}

std::optional<std::size_t> Story::last_of(Side s, std::size_t before) const {
    for (std::size_t i = before; i-- > 0;)
        if (all_[i].side == s) return i;
    return std::nullopt;
}

std::size_t Story::begin() const {
    const auto at = answered(size());
    return !at || *at == 0 ? 0 : *at - 1;
}

bool Story::is_over(std::size_t from, std::size_t to) const {
    std::array<bool, 2> fin{};
    for (std::size_t i = from; i < to; ++i) {
        const Segment& g = all_[i];
        fin[g.side] |= g.fin;
        if (!g.rst) continue;
        const auto due = highest(other(g.side), from, i, true), own = highest(g.side, from, i, false);
        if ((due && g.seq == *due) || (own && g.seq == *own)) return true;
    }
    return fin[0] && fin[1];
}

bool Story::passes_elsewhere(std::size_t from, std::size_t to) const {
    std::array<std::optional<std::uint32_t>, 2> sent;
    for (std::size_t i = from; i < to; ++i) {
        const Segment& g = all_[i];
        if (g.rst || (g.syn && !g.ack_bit && i > from + 2)) continue;
        const auto& peers = sent[other(g.side)];
        if (g.ack_bit && peers && later(g.ack, *peers)) return true;
        auto& own = sent[g.side];
        if (!own || later(g.end(), *own)) own = g.end();
    }
    return false;
}

bool Story::is_mutual(std::size_t from, std::size_t to) const {
    return highest(0, from, to, true) && highest(1, from, to, true);
}

}  // namespace ajar::signs
