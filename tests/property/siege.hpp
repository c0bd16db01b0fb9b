// A shard under siege: a million spoofed SYNs a second beside established flows that talk now and then.
//
// Time is the test's. A round is one of a live worker's: what has come, in a burst, then timers within a live
// worker's budget, each 100 us or at once while they are behind; control drains the events and makes a
// posture each 10 ms. A round lasts as long as such work takes, so what is late here would be late there.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"

namespace ajar::test {

class Siege {
public:
    static constexpr std::uint32_t kFlows = 100'000;
    static constexpr std::uint32_t kStore = 1U << 16U;  ///< embryonic flows that there is room for

    /// Without a defence timers are fixed; without cookies it shortens them.
    /// `one_service`: it alone is defended, and the rest is only watched.
    explicit Siege(std::optional<Answering> defence, SynProof method = SynProof::cookie,
                   bool one_service = false);

    /// Opens all flows. From then on they talk, one after the other.
    void open();
    /// SYNs of ever new sources; every second one is for the service that all flows are with, the others for
    /// ports that nobody has seen answering.
    void flood(std::uint32_t syns);
    void quiet(Duration d);
    /// Each flow once.
    void all_talk();

    /// What was seen from outside.
    struct Seen {
        std::uint64_t syns = 0, answered = 0;
        std::uint64_t disturbed = 0;  ///< segments of established flows that did not pass as such
        std::uint64_t allocated = 0;  ///< during calls of the shard
        std::int64_t most_alive = 0;  ///< bytes of all else, after an epoch
        std::uint64_t stale = 0, displaced = 0, freed = 0;  ///< half-open flows that ended, by their event
        std::uint64_t untimely = 0;  ///< of the stale ones, whose event does not bear their deadline
        std::uint64_t strange = 0;   ///< events about anything else
    };
    [[nodiscard]] const Seen& seen() const { return seen_; }
    [[nodiscard]] const Counters& counters() const { return tracker_->counters(); }
    [[nodiscard]] std::uint64_t flows(TcpState s) const {
        return counters().flows[static_cast<std::size_t>(s)].get();
    }
    [[nodiscard]] std::size_t memory_taken() const { return memory_.taken(); }

private:
    struct Ends {
        std::uint32_t client, server;
        std::uint16_t client_port, server_port;
        bool ipv6;
    };
    static Ends flow(std::uint32_t n);
    static Ends spoofed(std::uint32_t n);

    void add(const Ends& ends, bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
             std::uint32_t payload = 0);
    void talk(std::uint32_t n);
    void talk_as_due();
    void round(Duration length);
    void judge();
    void look_at(const Packet& packet, const Verdict& verdict);
    bool advance();
    void drain();
    void look_at(const Event& event);
    [[nodiscard]] bool timely(const Event& event) const;
    void epoch();

    HashKey key_ = hash_key_from_seed(1);
    Steering steering_{key_, Steer::hash};
    PageMemory memory_;
    Policy policy_ = policy_of(Profile::ajar);
    std::unique_ptr<Tracker> tracker_;
    std::unique_ptr<Defence> defence_;  // null: none
    std::shared_ptr<const Posture> posture_ = std::make_shared<Posture>();
    std::vector<std::uint32_t> said_;  // bytes, by the client of each flow
    std::vector<Tick> born_;           // by ordinal, as far as there is room

    Time now_{std::chrono::seconds(1'700'000'000)};
    Time next_timers_{}, next_epoch_{}, next_talk_ = Time::max();
    Time changed_{};  // the timeouts, lately
    std::array<Packet, kBurst> burst_{};
    std::array<Verdict, kBurst> verdicts_{};
    std::size_t filled_ = 0;
    std::uint64_t ordinal_ = 0;
    std::uint32_t spoofs_ = 0, talker_ = 0;
    Seen seen_{};
};

}  // namespace ajar::test
