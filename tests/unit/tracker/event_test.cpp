// Is an event the same whatever stood in its place of the ring before?
#include <cstring>
#include <utility>

#include "unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

/// All that can be seen of an event.
auto fields(const Event& e) {
    return std::tuple(std::tuple(e.time, e.ordinal, e.index, e.kind, e.reason, e.cause, e.action, e.mode),
                      std::tuple(e.family, e.state, e.timer, e.reset_to, e.reset_seq, e.timeout),
                      std::tuple(e.generation, e.flow_id, e.key, e.recorded));
}
auto fields(const FlowEvidence& e) {
    return std::tuple(e.sign, e.confidence, e.visibility, e.lost, e.count, e.expected, e.seen, e.predecessor,
                      e.began, e.kept);
}
template <typename T>
bool same_bytes(const T& a, const T& b) {
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding was never anything but zero
    return std::memcmp(&a, &b, sizeof a) == 0;
}
bool same(const Event& a, const Event& b) {
    const bool record = !a.recorded || same_bytes(a.record, b.record);
    const bool evidence =
        a.evidenced == b.evidenced && (!a.evidenced || fields(a.evidence) == fields(b.evidence));
    return fields(a) == fields(b) && same_bytes(a.conn, b.conn) && same_bytes(a.warm, b.warm) && record &&
           evidence;
}

/// Each kind of event after each other one: what is told of either family, flow and packet, with resets and
/// without.
void live(Lab& lab, bool ipv6) {
    const auto flow = [ipv6](std::uint32_t n) {
        Tuple t = tuple(n);
        t.ipv6 = ipv6;
        return t;
    };
    lab.connect(flow(1));
    lab.tracker().evict(lab.packet(flow(1), true, A, 1001, 5001), lab.now, lab.policy);
    lab.pass(1ms);
    lab.client(flow(1), A, 1001, 5001, 10);  // to a tombstone
    lab.connect(flow(2));
    for (int i = 0; i < 6; ++i) {
        lab.client(flow(2), A, 1001, 5001, 10);
        lab.pass(1s);
    }
    for (std::uint32_t n = 3; n < 200; ++n) lab.connect(flow(n));
    for (std::uint32_t n = 200; n < 400; ++n) lab.client(flow(n), S, n);
    lab.pass(24h * 6);
    for (std::uint32_t n = 400; n < 450; ++n) lab.client(flow(n), A, n, n, 10);
    lab.finish();
}

TEST(Events, SayNothingOfTheOnesBeforeThem) {
    constexpr TableSizes kTight{128, 128, 128, 25, 50};
    Lab dirty(kTight, 1, 2), clean(kTight, 1, 1U << 14U);
    for (Lab* lab : {&dirty, &clean}) {
        lab->policy.flow_start_events = true;
        lab->policy.actions.fill(Action::evict_reset);
        live(*lab, false);
        lab->policy.actions.fill(Action::flag);
        live(*lab, true);
    }
    std::size_t at = 0, compared = 0;
    for (const Event& e : clean.events) {
        const auto next = std::find_if(dirty.events.begin() + static_cast<std::ptrdiff_t>(at),
                                       dirty.events.end(), [&](const Event& d) { return same(d, e); });
        if (next == dirty.events.end()) continue;
        at = static_cast<std::size_t>(next - dirty.events.begin()) + 1;
        ++compared;
    }
    EXPECT_EQ(compared, dirty.events.size()) << "an event of the small ring is in the large one's, in order";
    for (const auto kind :
         {EventKind::flow_start, EventKind::flow_end, EventKind::flagged, EventKind::evicted,
          EventKind::reset_sent, EventKind::refused, EventKind::half_open})
        EXPECT_FALSE(dirty.of(kind).empty()) << static_cast<int>(kind);
}

}  // namespace
}  // namespace ajar::test
