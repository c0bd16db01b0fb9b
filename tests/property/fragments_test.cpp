// Does the fragment holder agree with a naive model, whatever comes in whatever order?
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "ajar/packet/frame.hpp"
#include "unit/packet/holding.hpp"

namespace ajar {
namespace {

using Kind = FragmentOutcome::Kind;
using Handles = std::vector<FrameHandle>;

constexpr FragmentLimits kLimits{.datagrams = 3, .bytes = 700, .timeout = std::chrono::seconds(30)};

/// One fragment of one of a few datagrams, after some time.
struct Arrival {
    unsigned id, payload, offset, length, seconds;
    bool v6;

    [[nodiscard]] FrameBuilder whole() const {
        auto frame = FrameBuilder().ethernet().unpadded().tcp(40000, 443).payload(payload);
        return v6 ? frame.ipv6("2001:db8::1", "2001:db8::2") : frame.ipv4("10.0.0.1", "10.0.0.2");
    }
    [[nodiscard]] unsigned total() const { return payload + 20; }
    [[nodiscard]] unsigned end() const { return std::min(offset + length, total()); }
    [[nodiscard]] bool last() const { return end() == total(); }
};

std::ostream& operator<<(std::ostream& out, const Arrival& a) {
    return out << (a.v6 ? "v6 " : "v4 ") << a.id << ' ' << a.offset << ".." << a.end() << " of " << a.total()
               << " +" << a.seconds << 's';
}

rc::Gen<Arrival> arrivals() {
    const auto eights = [](unsigned low, unsigned high) {
        return rc::gen::map(rc::gen::inRange(low, high), [](unsigned n) { return n * 8; });
    };
    return rc::gen::build<Arrival>(
        rc::gen::set(&Arrival::id, rc::gen::inRange(0U, 3U)),
        rc::gen::set(&Arrival::payload, rc::gen::weightedElement<unsigned>({{9, 60}, {1, 45}})),
        rc::gen::set(&Arrival::offset, eights(0, 10)), rc::gen::set(&Arrival::length, eights(1, 6)),
        rc::gen::set(&Arrival::seconds, rc::gen::weightedElement<unsigned>({{9, 0}, {2, 7}})),
        rc::gen::set(&Arrival::v6, rc::gen::weightedElement<bool>({{4, false}, {1, true}})));
}

struct Piece {
    Arrival arrival;
    FrameHandle handle;
    std::size_t bytes;
};

struct Datagram {
    unsigned id;
    bool v6;
    unsigned born;
    std::vector<Piece> pieces{};
    Reason verdict = Reason::none;

    [[nodiscard]] Handles handles() const {
        Handles out;
        for (const auto& p : pieces) out.push_back(p.handle);
        return out;
    }
};

struct Expected {
    Kind kind = Kind::held;
    Reason reason = Reason::fragment_held;
    Handles handles{}, expired{}, evicted{};
    unsigned total = 0;  ///< of a complete datagram
};

/// The law of flow/fragments.hpp, said again with vectors and byte by byte.
class Model {
public:
    Expected add(const Arrival& a, FrameHandle handle, std::size_t frame_bytes) {
        now_ += a.seconds;
        Expected e;
        while (!held_.empty() && held_.front().born + 30 <= now_) give_up_oldest(e.expired);
        if (find(a) == held_.end()) {
            if (held_.size() == kLimits.datagrams) give_up_oldest(e.evicted);
            held_.push_back({a.id, a.v6, now_});
        }
        auto d = find(a);
        if (d->verdict != Reason::none) return ends(e, d->verdict, {handle});
        const auto reason = judge(*d, a);
        if (reason == Reason::fragment_duplicate) return ends(e, reason, {handle});
        if (reason != Reason::none) return condemn(e, *d, reason, handle);
        while (bytes() + frame_bytes > kLimits.bytes && held_.begin() != find(a)) give_up_oldest(e.evicted);
        d = find(a);
        if (bytes() + frame_bytes > kLimits.bytes) return condemn(e, *d, Reason::fragment_limit, handle);
        d->pieces.push_back({a, handle, frame_bytes});
        const auto total = whole(*d);
        if (total == 0) return e;
        e = {Kind::complete, Reason::fragment_released, d->handles(), e.expired, e.evicted, total};
        held_.erase(d);
        return e;
    }
    [[nodiscard]] std::size_t datagrams() const { return held_.size(); }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (const auto& d : held_) {
            for (const auto& p : d.pieces) sum += p.bytes;
        }
        return sum;
    }

private:
    std::vector<Datagram>::iterator find(const Arrival& a) {
        return std::find_if(held_.begin(), held_.end(),
                            [&](const Datagram& d) { return d.id == a.id && d.v6 == a.v6; });
    }
    void give_up_oldest(Handles& out) {
        const auto handles = held_.front().handles();
        out.insert(out.end(), handles.begin(), handles.end());
        held_.erase(held_.begin());
    }
    static Expected ends(Expected e, Reason reason, const Handles& handles) {
        return {Kind::refused, reason, handles, e.expired, e.evicted};
    }
    static Expected condemn(const Expected& e, Datagram& d, Reason reason, FrameHandle handle) {
        auto handles = d.handles();
        handles.push_back(handle);
        d.pieces.clear();
        d.verdict = reason;
        return ends(e, reason, handles);
    }
    static Reason judge(const Datagram& d, const Arrival& a) {
        bool overlap = false, beyond = false;
        for (const auto& p : d.pieces) {
            if (p.arrival.last() && (a.end() > p.arrival.end() || (a.last() && a.end() != p.arrival.end()))) {
                return Reason::fragment_malformed;
            }
        }
        for (const auto& p : d.pieces) {
            if (p.arrival.offset == a.offset && p.arrival.end() == a.end()) return Reason::fragment_duplicate;
            for (auto byte = a.offset; byte < a.end(); ++byte) {
                overlap = overlap || (byte >= p.arrival.offset && byte < p.arrival.end());
            }
            beyond = beyond || (a.last() && p.arrival.end() > a.end());
        }
        if (overlap) return Reason::fragment_overlap;
        if (beyond) return Reason::fragment_malformed;
        return a.offset == 0 && a.end() < 20 ? Reason::fragment_too_small : Reason::none;
    }
    /// The datagram's length, 0 while there are holes.
    static unsigned whole(const Datagram& d) {
        unsigned covered = 0, total = 0;
        for (const auto& p : d.pieces) {
            covered += p.arrival.end() - p.arrival.offset;
            if (p.arrival.last()) total = p.arrival.end();
        }
        return covered == total ? total : 0;
    }

    std::vector<Datagram> held_;  // oldest first
    unsigned now_ = 0;
};

void check(const FragmentOutcome& got, const Expected& expected) {
    RC_ASSERT(name(got.reason) == name(expected.reason));
    RC_ASSERT(got.kind == expected.kind);
    RC_ASSERT(listed(got.handles) == expected.handles);
    RC_ASSERT(listed(got.expired) == expected.expired);
    RC_ASSERT(listed(got.evicted) == expected.evicted);
}

TEST(FragmentsProperty, AgreeWithTheModel) {
    const auto result = rc::check("fragment holder", [](const std::vector<bool>& expire_before) {
        const auto sequence = *rc::gen::container<std::vector<Arrival>>(arrivals());
        Holding h(kLimits);
        Model model;
        FrameHandle handle = 0;
        for (const auto& a : sequence) {
            RC_PRE(a.offset < a.total());
            const auto frame = a.whole().piece(a.offset, a.length, a.id);
            if (a.offset == 0 && a.last()) continue;  // not a fragment
            h.pass_time(std::chrono::seconds(a.seconds));
            auto expected = model.add(a, ++handle, frame.size());
            // Whether somebody collected the expired ones before changes nothing else.
            if (handle < expire_before.size() && expire_before[handle]) {
                RC_ASSERT(listed(h.expire()) == expected.expired);
                expected.expired.clear();
            }
            const auto got = h.add(frame);
            check(got, expected);
            if (got.kind == Kind::complete) RC_ASSERT(h.datagram.payload + 20 == expected.total);
            RC_ASSERT(h.holder().datagrams() == model.datagrams());
            RC_ASSERT(h.holder().bytes() == model.bytes());
        }
    });
    EXPECT_TRUE(result);
}

/// Any permutation of any cut completes, once, with the last piece, and gives back all handles as they came.
TEST(FragmentsProperty, AnyOrderCompletes) {
    const auto result = rc::check("any order", [] {
        const auto size = *rc::gen::inRange<std::size_t>(32, 600);
        const auto payload = *rc::gen::inRange<std::size_t>(600, 5000);
        const auto whole = FrameBuilder().ethernet().ipv6("::1", "::2").tcp(1, 2).seq(9).payload(payload);
        auto pieces = whole.pieces(size, 7);
        RC_PRE(pieces.size() <= FragmentHolder::kMaxPieces);
        std::vector<std::size_t> order(pieces.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
        Holding h({.datagrams = 4});
        for (std::size_t i = 0; i + 1 < order.size(); ++i)
            RC_ASSERT(h.add(pieces[order[i]]).kind == Kind::held);
        const auto outcome = h.add(pieces[order.back()]);
        RC_ASSERT(outcome.kind == Kind::complete);
        Handles all(pieces.size());
        std::iota(all.begin(), all.end(), FrameHandle{1});
        RC_ASSERT(listed(outcome.handles) == all);
        RC_ASSERT(h.datagram.payload == payload);
        RC_ASSERT(h.datagram.seq == 9U);
        RC_ASSERT(h.datagram.checksum == Checksum::good);
        RC_ASSERT(h.holder().bytes() == 0U);
    });
    EXPECT_TRUE(result);
}

}  // namespace
}  // namespace ajar
