// A tracker whose one service is flooded: its SYNs are answered with cookies of a known key.
#pragma once

#include "ajar/defence/defence.hpp"
#include "lab.hpp"

namespace ajar::test {

inline constexpr std::uint8_t kAllFeatures =
    ServerProfile::kScale | ServerProfile::kSack | ServerProfile::kTimestamps | ServerProfile::kEcn;
inline constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000;

struct Proxy : testing::Test {
    Lab lab;
    Posture posture;
    Packet syn = with_options(lab.packet({}, true, S, kClientIsn));

    explicit Proxy(Recording recording = Recording::on)
        : lab({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, recording) {
        posture.active = posture.every_service = true;
        posture.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, lab.now);
        know({1400, 7, kAllFeatures, kAllFeatures});
        lab.posture = &posture;
    }

    /// The service that a packet of its client asks for.
    [[nodiscard]] static std::uint64_t service_of(const Packet& asks) {
        const Side server = other(asks.side);
        const auto name = [&](const auto& key) {
            return count_key(CountKind::service, key.address[server], key.zone, key.port[server]);
        };
        const CountKey its = asks.family == Family::ipv4 ? name(asks.v4) : name(asks.v6);
        return keyed_hash(its, prepare(hash_key_from_seed(1)));
    }
    void know(const ServerProfile& profile) { know_as(syn, profile); }
    void know_service_of(const Packet& asks) { know_as(asks, {1400, 7, kAllFeatures, kAllFeatures}); }
    void know_as(const Packet& asks, const ServerProfile& profile) {
        auto known = std::make_shared<ServerProfiles>();
        known->put(service_of(asks), profile);
        posture.profiles = known;
    }
    static Packet with_options(Packet p) {
        p.options.present = TcpOptions::kMss | TcpOptions::kWindowScale | TcpOptions::kSackPermitted |
                            TcpOptions::kTimestamps;
        p.options.mss = 1460;
        p.options.window_scale = 9;
        p.options.ts_value = 77;
        return p;
    }

    /// The answer to the SYN.
    Craft cookie() {
        lab.answers.clear();
        const Verdict v = lab.feed(syn);
        EXPECT_EQ(v.disposal, Disposal::answer);
        EXPECT_EQ(lab.answers.size(), 1U);
        return lab.answers.back();
    }
    /// The client's ACK of it.
    Packet ack_of(const Craft& answer) {
        Packet p = lab.packet({}, true, A, kClientIsn + 1, answer.seq + 1);
        p.options.present = TcpOptions::kTimestamps;
        p.options.ts_value = 78;
        p.options.ts_echo = answer.options.ts_value;
        p.window = 500;
        return p;
    }
    Packet syn_ack() {
        Packet p = with_options(lab.packet({}, false, SA, kServerIsn, kClientIsn + 1));
        p.options.window_scale = 7;
        p.options.ts_value = 900;
        p.options.ts_echo = 78;
        p.window = 60000;
        return p;
    }
    /// Both halves; the cookie.
    std::uint32_t connect() {
        const Craft answer = cookie();
        EXPECT_EQ(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted);
        EXPECT_EQ(lab.feed(syn_ack()).reason, Reason::proxy_established);
        return answer.seq;
    }
    Side client_side() const { return syn.side; }
};

}  // namespace ajar::test
