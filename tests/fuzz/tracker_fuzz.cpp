// libFuzzer target: whatever frames come, and whatever time passes between them, the tracker's books are
// right.
//
// The first frame's link type also says which policy, and whether all services are flooded: then SYNs are
// challenged, or answered with cookies where a server was seen to answer. Of each frame, the bits of its port
// pair say how long ago the last one came.
#include "ajar/defence/posture.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/checksum.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tcp/machine.hpp"
#include "ajar/tracker.hpp"
#include "fuzz/parse_input.hpp"
#include "fuzz/parse_invariants.hpp"

namespace ajar::fuzz {

namespace {

using namespace std::chrono_literals;

constexpr std::array<Duration, 8> kPauses = {1ms, 0ms, 300ms, 8s, 70s, 6min, 2h, 120h};
/// Of one partition: full after a handful of flows.
constexpr TableSizes kSizes{
    .confirmed = 6 * kPartitions, .embryonic = 4 * kPartitions, .tombstones = 2 * kPartitions};

Policy policy_for(unsigned n) {
    Policy policy = policy_of(static_cast<Profile>(n / 2 % kProfileNames.size()));
    policy.mode = n % 2 != 0 && policy.boundaries != Boundaries::zeek ? Mode::enforce : Mode::observe;
    policy.flow_start_events = policy.flow_end_events = true;
    policy.checksums = ChecksumPolicy::verify;
    policy.defence.method = SynProof::challenge_cookie;
    return policy;
}

bool flooded(unsigned n) { return n / 2 / kProfileNames.size() % 2 != 0; }

TrackerOptions shard() {
    TrackerOptions options{.sizes = kSizes, .key = hash_key_from_seed(1), .event_ring = 1U << 10U};
    options.owned[0] = true;
    return options;
}

class Conversation {
public:
    explicit Conversation(unsigned policy) : policy_(policy_for(policy)), flooded_(flooded(policy)) {}

    void add(const Frame& frame, unsigned pause) {
        now_ += kPauses[pause];
        Packet p;
        ParseOptions options = frame.options;
        options.lenient = policy_.boundaries == Boundaries::zeek;
        parse(frame.head, frame.wire_length, options, p);
        if (p.kind == PacketKind::fragment) return;
        p.checksum = checksum::verify_tcp(p, frame.head);
        p.truncated = p.l3_offset + p.ip_length > frame.head.size();
        p.port = options.captured ? 1 : 0;
        p.time = Time(now_);
        p.ordinal = ordinal_++;
        static const Steering steering(hash_key_from_seed(1), Steer::hash);
        steering.identify(p);
        p.partition = 0;  // the only one
        set_posture();
        while (!tracker_.advance(p.time, 64, policy_, posture_)) look();
        look();
        Verdict verdict;
        tracker_.process({&p, 1}, {&verdict, 1}, policy_, posture_);
        AJAR_REQUIRE(policy_.mode == Mode::enforce || verdict.disposal == Disposal::forward);
        const bool answered = verdict.disposal == Disposal::answer;
        AJAR_REQUIRE(tracker_.answers().size() == (answered ? 1U : 0U) && (flooded_ || !answered));
        AJAR_REQUIRE(!answered || tcp::is_first_syn(p.flags));
        look();
    }
    void finish() {
        while (!tracker_.finish(Time(now_), 8, policy_, posture_)) look();
        look();
        AJAR_REQUIRE(counters().flows_created.get() == counters().flows_ended.get());
        AJAR_REQUIRE(living() == 0 && begun_ == ended_);
        AJAR_REQUIRE(counters().proxied.get() == 0 && counters().proxied_open.get() == 0);
    }

private:
    [[nodiscard]] const Counters& counters() const { return tracker_.counters(); }
    [[nodiscard]] std::uint64_t living() const {
        std::uint64_t n = 0;
        for (const auto& c : counters().flows) n += c.get();
        return n;
    }
    void set_posture() {
        if (!flooded_) return;
        posture_.active = posture_.every_service = posture_.lately_every = true;
        posture_.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, Time(now_));
        auto known =
            std::make_shared<ServerProfiles>(posture_.profiles ? *posture_.profiles : ServerProfiles());
        for (Observation seen; tracker_.observations().pop(seen);) known->put(seen.service, seen.profile);
        posture_.profiles = std::move(known);
    }
    void look() {
        for (Event e; tracker_.events().pop(e);) {
            begun_ += e.kind == EventKind::flow_start ? 1 : 0;
            ended_ += e.kind == EventKind::flow_end ? 1 : 0;
            AJAR_REQUIRE(e.record.history_length <= kHistoryLength);
        }
        const Counters& c = counters();
        AJAR_REQUIRE(c.events_lost.get() == 0);
        AJAR_REQUIRE(c.packets.get() == c.forwarded.get() + c.dropped.get() + c.consumed.get());
        AJAR_REQUIRE(c.flows_created.get() == c.flows_ended.get() + living());
        AJAR_REQUIRE(begun_ == c.flows_created.get() && ended_ == c.flows_ended.get());
        for (const Craft& craft : tracker_.outbox()) {
            AJAR_REQUIRE(policy_.mode == Mode::enforce);
            // Resets and probes; in a flood handshakes, too.
            AJAR_REQUIRE((craft.flags.has(TcpFlags::kRst | TcpFlags::kAck) || flooded_) &&
                         craft.link.length != 0);
        }
    }

    Policy policy_;
    bool flooded_;
    Posture posture_{};
    PageMemory memory_;
    Tracker tracker_{shard(), memory_};
    Duration now_ = std::chrono::hours(24 * 365 * 50);
    std::uint64_t ordinal_ = 0, begun_ = 0, ended_ = 0;
};

}  // namespace
}  // namespace ajar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ajar::fuzz;
    std::span<const std::uint8_t> input(data, size);
    if (size < kHeader) return 0;
    Conversation conversation(input[0] / static_cast<unsigned>(kLinkTypes.size()));
    while (input.size() >= kHeader) {
        const unsigned pause = input[1] >> 5U;
        conversation.add(take_frame(input), pause);
    }
    conversation.finish();
    return 0;
}
