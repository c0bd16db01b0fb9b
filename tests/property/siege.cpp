// Packets, rounds and what is seen of them.
#include "siege.hpp"

#include <algorithm>
#include <utility>

#include "ajar/flow/timer_sweep.hpp"
#include "allocations.hpp"
#include "support/services.hpp"

namespace ajar::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRound = microseconds(20), kIdleRound = microseconds(100), kEmptyRound = microseconds(2);
constexpr std::uint32_t kSynsARound = 20;
constexpr Duration kTimersPeriod = microseconds(100);
constexpr std::size_t kTimersBudget = 10 * TimerSweep::kDueCost;  // a live worker's
constexpr Duration kBetweenTalks = microseconds(200);
constexpr std::size_t kRemembered = 1U << 21U;  // packets, at least those of 30 s
constexpr TableSizes kSizes{1U << 18U, Siege::kStore, 1U << 14U, 25, 25};

constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000, kWords = 100;
constexpr std::uint32_t kServer = 0xc0a80001, kNobody = 0xc0a80002;
constexpr std::uint16_t kServerPort = 443;
constexpr std::uint8_t kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck;

be32 address(std::uint32_t v) { return be32::of(v); }

/// IPv4 addresses are the first four bytes of IPv6 ones.
void widen(Packet& p) {
    const KeyV4 narrow = p.v4;
    p.family = Family::ipv6;
    p.v6 = {};
    for (std::size_t s = 0; s < 2; ++s)
        std::copy(narrow.address[s].bytes.begin(), narrow.address[s].bytes.end(), p.v6.address[s].begin());
    p.v6.port = narrow.port;
}

}  // namespace

Siege::Siege(std::optional<Answering> defence, SynProof method, bool one_service)
    : said_(kFlows), born_(kRemembered) {
    policy_.mode = Mode::enforce;
    policy_.binding = Binding::port;
    policy_.defence.answer = defence.value_or(Answering::off);
    policy_.defence.method = method;
    if (one_service) {
        Prefix wide{Family::ipv6, 32, {}};
        const Prefix narrow = prefix_v4(kServer, 32);
        std::copy_n(narrow.address.begin(), 4, wide.address.begin());
        policy_.mode = Mode::observe;
        policy_.services = make_services(policy_, {{{"front", {narrow, wide}, {}, 0, false, policy_.defence},
                                                    {Mode::enforce, policy_.timeouts}}});
    }
    TrackerOptions options;
    options.sizes = kSizes;
    options.key = key_;
    options.recording = Recording::off;
    options.owned.fill(true);
    tracker_ = std::make_unique<Tracker>(options, memory_);
    if (defence) defence_ = std::make_unique<Defence>(kSizes, cookie_secret(key_));
}

Siege::Ends Siege::flow(std::uint32_t n) {
    return {0x0a000000U + n, kServer, 40000, kServerPort, n % 4 == 3};
}

/// Every second one of a family is for the service.
Siege::Ends Siege::spoofed(std::uint32_t n) {
    const bool known = (n / 4) % 2 == 0;
    const auto port = known ? kServerPort : static_cast<std::uint16_t>(1 + n % 1000);
    return {n * 0x9e3779b1U, known ? kServer : kNobody, 50000, port, n % 4 == 3};
}

void Siege::add(const Ends& ends, bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                std::uint32_t payload) {
    Packet& p = burst_[filled_++] = Packet{};
    p.kind = PacketKind::tcp;
    p.time = now_;
    p.ordinal = ordinal_++;
    born_[p.ordinal % kRemembered] = tick_of(now_);
    const bool client_first =
        std::pair(ends.client, ends.client_port) < std::pair(ends.server, ends.server_port);
    const Side client = client_first ? 0 : 1;
    p.v4.address[client] = address(ends.client);
    p.v4.address[other(client)] = address(ends.server);
    p.v4.port[client] = be16::of(ends.client_port);
    p.v4.port[other(client)] = be16::of(ends.server_port);
    if (ends.ipv6) widen(p);
    p.side = from_client ? client : other(client);
    p.port = from_client ? 0 : 1;
    p.flags.bits = flags;
    p.seq = seq;
    p.ack = ack;
    p.payload = payload;
    p.window = 65535;
    p.ip_length = 40 + payload;
    p.wire_length = 54 + payload;
    p.ttl = 64;
    p.l3_offset = p.link_length = 14;
    p.l4_offset = 34;
    static constexpr std::array<std::array<std::uint8_t, 14>, 2> kLinks = {
        {{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}}};
    p.frame = kLinks[p.port].data();
    steering_.identify(p);
    if (filled_ == kBurst) judge();
}

void Siege::open() {
    for (std::uint32_t first = 0; first < kFlows; first += kSynsARound) {
        const auto last = std::min(first + kSynsARound, kFlows);
        for (auto n = first; n < last; ++n) add(flow(n), true, kSyn, kClientIsn, 0);
        round(kRound);
        for (auto n = first; n < last; ++n) add(flow(n), false, kSyn | kAck, kServerIsn, kClientIsn + 1);
        round(kRound);
        for (auto n = first; n < last; ++n) add(flow(n), true, kAck, kClientIsn + 1, kServerIsn + 1);
        round(kRound);
    }
    seen_ = {};  // a flow's first packets are no talk
    next_talk_ = now_;
}

void Siege::talk(std::uint32_t n) {
    const auto next = kClientIsn + 1 + said_[n];
    said_[n] += kWords;
    add(flow(n), true, kAck, next, kServerIsn + 1, kWords);
    add(flow(n), false, kAck, kServerIsn + 1, next + kWords);
}

void Siege::talk_as_due() {
    for (; now_ >= next_talk_; next_talk_ += kBetweenTalks) {
        talk(talker_);
        talker_ = (talker_ + 1) % kFlows;
    }
}

void Siege::flood(std::uint32_t syns) {
    for (std::uint32_t i = 0; i < syns; ++i) {
        add(spoofed(spoofs_++), true, kSyn, i, 0);
        if ((i + 1) % kSynsARound == 0) round(kRound);
    }
    seen_.syns += syns;
}

void Siege::quiet(Duration d) {
    for (const Time end = now_ + d; now_ < end;) round(now_ < next_timers_ ? kIdleRound : kEmptyRound);
}

void Siege::all_talk() {
    for (std::uint32_t n = 0; n < kFlows; ++n) {
        talk(n);
        if (n % (kSynsARound / 2) == 0) round(kRound);
    }
    judge();
}

void Siege::round(Duration length) {
    talk_as_due();
    now_ += length;
    judge();
    if (now_ >= next_timers_ && advance()) next_timers_ = now_ + kTimersPeriod;
    drain();
    if (now_ >= next_epoch_) epoch();
}

void Siege::judge() {
    if (filled_ == 0) return;
    const auto before = allocations();
    for (std::size_t i = 0; i < filled_; ++i) tracker_->expect(burst_[i]);
    tracker_->process({burst_.data(), filled_}, {verdicts_.data(), filled_}, policy_, *posture_);
    seen_.allocated += allocations() - before;
    for (std::size_t i = 0; i < filled_; ++i) look_at(burst_[i], verdicts_[i]);
    filled_ = 0;
}

void Siege::look_at(const Packet& packet, const Verdict& verdict) {
    if (packet.flags.syn()) {
        seen_.answered += verdict.disposal == Disposal::answer ? 1U : 0U;
        return;
    }
    const bool passed = verdict.disposal == Disposal::forward && verdict.reason == Reason::none &&
                        verdict.ct == CtVerdict::established && verdict.state == TcpState::established;
    seen_.disturbed += passed ? 0U : 1U;
}

bool Siege::advance() {
    const auto before = allocations();
    const bool done = tracker_->advance(now_, kTimersBudget, policy_, *posture_);
    seen_.allocated += allocations() - before;
    return done;
}

void Siege::drain() {
    Event event;
    while (tracker_->events().pop(event)) look_at(event);
}

void Siege::look_at(const Event& event) {
    switch (event.reason) {
        case Reason::stale_syn_sent:
            ++seen_.stale;
            seen_.untimely += timely(event) ? 0U : 1U;
            return;
        case Reason::embryonic_full:
        case Reason::heaviest_network:
            ++seen_.displaced;
            return;
        case Reason::backlog_freed:
            ++seen_.freed;
            return;
        default:
            ++seen_.strange;
    }
}

/// Its event bears its deadline, by the timeouts in force; if they came into force later, the moment of that.
bool Siege::timely(const Event& event) const {
    const Duration whole = policy_.timeouts[static_cast<std::size_t>(TimerClass::syn_sent)];
    if (event.timeout > whole || event.timeout < (defence_ ? whole / 7 : whole)) return false;
    const Tick born = born_[event.ordinal % kRemembered];
    const Time due = time_of(born + ticks_for(event.timeout), now_);
    return event.time >= due && event.time <= std::max(due, changed_);
}

void Siege::epoch() {
    next_epoch_ = now_ + kEpochLength;
    if (defence_) {
        Tracker* const shards[] = {tracker_.get()};
        const auto before = std::exchange(posture_, defence_->update(now_, shards, policy_));
        if (posture_->share != before->share || posture_->rungs != before->rungs) changed_ = now_;
    }
    seen_.most_alive = std::max(seen_.most_alive, bytes_alive());
}

}  // namespace ajar::test
