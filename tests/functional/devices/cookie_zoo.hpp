// A capture of clients that bring cookies back, as they would to whoever has this secret and sees them at
// these times: good ones, forged ones, late servers, refusals, and what is said afterwards in translated
// numbers. And of one that met a challenge before, so that its server's answers are known.
#pragma once

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "ajar/defence/server_profiles.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "ajar/tcp/challenge.hpp"
#include "ajar/tcp/cookie.hpp"
#include "capture_files.hpp"
#include "unit/replay/capture_file.hpp"

namespace ajar::test {

class CookieZoo {
public:
    static constexpr std::uint32_t kClients = 240, kSecond = 1'700'000'000;
    static constexpr std::uint32_t kServed =
        kClients / 6 * 4;  ///< whose cookie is good and whose server answers

    struct Frame {
        Duration at;
        bool from_client;
        Bytes bytes;
    };
    std::vector<Frame> frames;

    explicit CookieZoo(const tcp::cookie::Secret& secret) : secret_(secret) {
        introduce_server();
        for (std::uint32_t n = 0; n < kClients; ++n) add_client(n);
        std::stable_sort(frames.begin(), frames.end(),
                         [](const Frame& a, const Frame& b) { return a.at < b.at; });
    }

private:
    static constexpr std::uint32_t kServerIsn = 900'000;
    static constexpr std::uint8_t kScale = 7;

    static Duration ms(std::uint32_t n) { return std::chrono::milliseconds(n); }
    static Time time_of(Duration at) { return Time(std::chrono::seconds(kSecond) + at); }
    [[nodiscard]] tcp::cookie::Keys keys(Duration at) const { return {secret_, time_of(at)}; }

    static FrameBuilder from_client(std::uint32_t n) {
        FrameBuilder b;
        b.ethernet().ipv4("10.0.0." + std::to_string(1 + n % 200), "192.0.2.80");
        b.tcp(static_cast<std::uint16_t>(20'000 + n), 80);
        return b;
    }
    static FrameBuilder from_server(std::uint32_t n) {
        FrameBuilder b;
        b.ethernet(FrameBuilder::kServerMac, FrameBuilder::kClientMac)
            .ipv4("192.0.2.80", "10.0.0." + std::to_string(1 + n % 200));
        b.tcp(80, static_cast<std::uint16_t>(20'000 + n));
        return b;
    }
    static FrameBuilder syn(std::uint32_t n, std::uint32_t stamp) {
        FrameBuilder b = from_client(n);
        b.flags(TcpFlags::kSyn).seq(isn(n)).mss(1460).sack_permitted().timestamps(stamp, 0).window_scale(9);
        return b;
    }
    static FrameBuilder syn_ack(std::uint32_t n) {
        FrameBuilder b = from_server(n);
        b.flags(TcpFlags::kSyn).seq(kServerIsn).ack(isn(n) + 1).mss(1400).sack_permitted();
        b.timestamps(5'000, 77).window_scale(kScale);
        return b;
    }
    static std::uint32_t isn(std::uint32_t n) { return 1'000 * (n + 1); }
    static Packet parsed(const Bytes& frame) {
        Packet out;
        parse(frame, static_cast<std::uint32_t>(frame.size()), {}, out);
        return out;
    }

    /// Never both sides at one instant: of such frames nobody could say which was first.
    void add(Duration at, bool client, const FrameBuilder& b) {
        const Duration of_servers = client ? Duration(0) : std::chrono::microseconds(500);
        frames.push_back({at + of_servers, client, b.bytes()});
    }

    /// Nobody has seen it answer yet, so its first client is challenged and then let through.
    void introduce_server() {
        const std::uint32_t n = kClients;
        const Packet asks = parsed(syn(n, 70).bytes());
        const auto wrong = tcp::challenge::numbers_for(keys(ms(0)), asks);
        add(ms(0), true, syn(n, 70));
        add(ms(1), true, from_client(n).flags(TcpFlags::kRst).seq(wrong.ack));
        add(ms(15), true, syn(n, 71));
        add(ms(16), false, syn_ack(n));
        add(ms(17), true, from_client(n).seq(isn(n) + 1).ack(kServerIsn + 1).timestamps(72, 5'000));
    }

    static std::uint8_t promise() { return ServerProfile{1400, kScale, 7, 7}.promise(); }

    void add_client(std::uint32_t n) {
        const Duration at = ms(500 + 20 * n);
        const FrameBuilder asks = syn(n, 77);
        const Packet p = parsed(asks.bytes());
        const auto clock = static_cast<std::uint32_t>(time_of(at).time_since_epoch() / ms(1));
        const std::uint32_t cookie = tcp::cookie::seal(keys(at), p, promise());
        const std::uint32_t echo = tcp::cookie::seal_timestamp(clock, p);
        const bool forged = n % 6 == 0, refused = n % 6 == 1;
        add(at, true, asks);
        const std::uint32_t brought = forged ? cookie ^ 0x10U : cookie;
        add(at + ms(1), true, from_client(n).seq(isn(n) + 1).ack(brought + 1).timestamps(78, echo));
        if (forged) return;
        if (refused) {
            add(at + ms(2), false, from_server(n).flags(TcpFlags::kRst).seq(0).ack(isn(n) + 1));
            return;
        }
        add(at + ms(n % 6 == 2 ? 1'500 : 2), false, syn_ack(n));
        talk(n, at + ms(1'600), cookie, echo);
    }

    /// Each end in the numbers that it knows; some are left open.
    void talk(std::uint32_t n, Duration at, std::uint32_t cookie, std::uint32_t echo) {
        add(at, true, from_client(n).seq(isn(n) + 1).ack(cookie + 1).timestamps(80, echo).payload(100));
        add(at + ms(1), false,
            from_server(n).seq(kServerIsn + 1).ack(isn(n) + 101).timestamps(5'002, 80).payload(50));
        add(at + ms(2), true, from_client(n).seq(isn(n) + 101).ack(cookie + 51).timestamps(81, echo + 2));
        if (n % 6 == 3) return;
        add(at + ms(3), true,
            from_client(n).flags(TcpFlags::kFin).seq(isn(n) + 101).ack(cookie + 51).timestamps(82, echo + 2));
        add(at + ms(4), false,
            from_server(n)
                .flags(TcpFlags::kFin)
                .seq(kServerIsn + 51)
                .ack(isn(n) + 102)
                .timestamps(5'004, 82));
        add(at + ms(5), true, from_client(n).seq(isn(n) + 102).ack(cookie + 52).timestamps(83, echo + 4));
    }

    tcp::cookie::Secret secret_;
};

inline void write_cookie_zoo(const CaptureFiles& files, const CookieZoo& zoo) {
    ajar::replay::test::PcapText whole(1), a(1), b(1);
    for (const auto& f : zoo.frames) {
        const auto second = CookieZoo::kSecond + static_cast<std::uint32_t>(f.at / std::chrono::seconds(1));
        const auto rest =
            static_cast<std::uint32_t>(f.at % std::chrono::seconds(1) / std::chrono::microseconds(1));
        const std::string bytes(f.bytes.begin(), f.bytes.end());
        whole.frame(second, rest, bytes);
        (f.from_client ? a : b).frame(second, rest, bytes);
    }
    std::ofstream(files.path("whole.pcap"), std::ios::binary) << whole.text();
    std::ofstream(files.path("split.a.pcap"), std::ios::binary) << a.text();
    std::ofstream(files.path("split.b.pcap"), std::ios::binary) << b.text();
}

}  // namespace ajar::test
