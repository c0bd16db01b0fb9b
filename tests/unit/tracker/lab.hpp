// A tracker on a bench: packets as values, a manual clock, events and crafted frames collected.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ajar/flow/memory.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"

namespace ajar::test {

using namespace std::chrono_literals;

inline constexpr Time kStart{Duration(1'700'000'000'000'000'000)};
// The two directions go by different stations, as between pairs of routers.
inline constexpr std::array<std::uint8_t, 14> kClientLink = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
inline constexpr std::array<std::uint8_t, 14> kServerLink = {2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa, 8, 0};

/// One client and one server port; each has its own numbers.
struct Tuple {
    std::uint32_t client = 0x0a000001;
    std::uint16_t client_port = 40000;
    std::uint32_t server = 0x0a000002;
    std::uint16_t server_port = 80;
    bool ipv6 = false;  ///< the addresses are the first four bytes of IPv6 ones
};

class Lab {
public:
    explicit Lab(TableSizes sizes = {1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, std::size_t shards = 1,
                 std::size_t event_ring = 1U << 14U, Recording recording = Recording::on) {
        policy.mode = Mode::enforce;
        policy.flow_end_events = true;
        policy.binding = Binding::port;
        policy.probe.on = false;
        for (std::size_t s = 0; s < shards; ++s) {
            TrackerOptions options;
            options.sizes = sizes;
            options.key = key_;
            options.event_ring = event_ring;
            options.recording = recording;
            for (std::size_t p = 0; p < kPartitions; ++p) options.owned[p] = p % shards == s;
            trackers_.push_back(std::make_unique<Tracker>(options, memory_));
        }
    }

    Policy policy = policy_of(Profile::ajar);
    Time now = kStart;
    std::vector<Event> events;
    std::vector<Craft> frames, answers;
    std::vector<Rewrite> rewrites;
    const Posture* posture = &Posture::calm();

    Tracker& tracker(std::size_t shard = 0) { return *trackers_[shard]; }
    const Counters& counters() { return trackers_[0]->counters(); }

    /// A segment from the client (from_client) or the server, identified but not yet fed.
    Packet packet(const Tuple& t, bool from_client, std::uint8_t flags, std::uint32_t seq,
                  std::uint32_t ack = 0, std::uint32_t payload = 0) {
        Packet p;
        p.kind = PacketKind::tcp;
        p.time = now;
        p.ordinal = ordinal_++;
        const bool client_first = std::pair(t.client, t.client_port) < std::pair(t.server, t.server_port);
        p.v4.address = {be32::of(client_first ? t.client : t.server),
                        be32::of(client_first ? t.server : t.client)};
        p.v4.port = {be16::of(client_first ? t.client_port : t.server_port),
                     be16::of(client_first ? t.server_port : t.client_port)};
        if (t.ipv6) widen(p);
        p.side = from_client == client_first ? 0 : 1;
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
        p.frame = (from_client ? kClientLink : kServerLink).data();
        steering_.identify(p);
        return p;
    }

    /// With its hash and partition.
    Packet identified(Packet p) {
        steering_.identify(p);
        return p;
    }

    static void widen(Packet& p) {
        const KeyV4 narrow = p.v4;
        p.family = Family::ipv6;
        p.v6 = {};
        for (std::size_t s = 0; s < 2; ++s) {
            std::copy(narrow.address[s].bytes.begin(), narrow.address[s].bytes.end(),
                      p.v6.address[s].begin());
        }
        p.v6.port = narrow.port;
    }

    Verdict feed(const Packet& p) {
        Tracker& t = *trackers_[p.partition % trackers_.size()];
        Verdict v;
        t.process({&p, 1}, {&v, 1}, policy, *posture);
        answers.insert(answers.end(), t.answers().begin(), t.answers().end());
        rewrites.insert(rewrites.end(), t.rewrites().begin(), t.rewrites().end());
        collect(t);
        return v;
    }

    Verdict client(const Tuple& t, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
                   std::uint32_t payload = 0) {
        return feed(packet(t, true, flags, seq, ack, payload));
    }
    Verdict server(const Tuple& t, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
                   std::uint32_t payload = 0) {
        return feed(packet(t, false, flags, seq, ack, payload));
    }

    /// A whole handshake: ISN 1000 and 5000.
    Verdict connect(const Tuple& t) {
        client(t, TcpFlags::kSyn, 1000);
        server(t, TcpFlags::kSyn | TcpFlags::kAck, 5000, 1001);
        return client(t, TcpFlags::kAck, 1001, 5001);
    }

    /// Lets time pass and collects what has expired, `budget` visits a call.
    void pass(Duration d, std::size_t budget = 1U << 20U) {
        now += d;
        for (auto& t : trackers_) {
            bool done = false;
            while (!done) {
                done = t->advance(now, budget, policy, *posture);
                collect(*t);
            }
        }
    }

    void finish(Tracker::Ending ending = Tracker::Ending::capture) {
        for (auto& t : trackers_) {
            bool done = false;
            while (!done) {
                done = t->finish(now, 100, policy, *posture, ending);
                collect(*t);
            }
        }
    }

    /// Events of one kind, in the order in which they came.
    std::vector<Event> of(EventKind kind) const {
        std::vector<Event> out;
        for (const Event& e : events)
            if (e.kind == kind) out.push_back(e);
        return out;
    }

    std::uint64_t told(Reason r) { return counters().reason[static_cast<std::size_t>(r)].get(); }

    std::uint64_t flows(TcpState s) {
        std::uint64_t n = 0;
        for (auto& t : trackers_) n += t->counters().flows[static_cast<std::size_t>(s)].get();
        return n;
    }

private:
    void collect(Tracker& t) {
        Event e;
        while (t.events().pop(e)) events.push_back(e);
        frames.insert(frames.end(), t.outbox().begin(), t.outbox().end());
    }

    HashKey key_ = hash_key_from_seed(1);
    Steering steering_{key_, Steer::hash};
    PageMemory memory_;
    std::vector<std::unique_ptr<Tracker>> trackers_;
    std::uint64_t ordinal_ = 0;
};

inline constexpr std::uint8_t S = TcpFlags::kSyn, SA = TcpFlags::kSyn | TcpFlags::kAck, A = TcpFlags::kAck,
                              F = TcpFlags::kFin | TcpFlags::kAck, R = TcpFlags::kRst;

/// A whole handshake, if its SYN passes. What became of that.
inline Verdict try_to_connect(Lab& lab, const Tuple& t) {
    const Verdict v = lab.client(t, S, 1000);
    if (v.disposal != Disposal::forward) return v;
    lab.server(t, SA, 5000, 1001);
    lab.client(t, A, 1001, 5001);
    return v;
}

/// Is it the link header that this direction's frames wear?
inline bool wears(const LinkHeader& header, const std::array<std::uint8_t, 14>& link) {
    return header.length == link.size() && std::equal(link.begin(), link.end(), header.bytes.begin());
}

/// Tuple number n, all with different clients.
inline Tuple tuple(std::uint32_t n) {
    return {0x0a010000 + n, static_cast<std::uint16_t>(20000 + n % 40000)};
}

}  // namespace ajar::test
