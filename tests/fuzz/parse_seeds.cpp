// Writes seed inputs of the fuzz targets that read frames into the directory given: one good frame of each
// shape, and conversations under each policy.
#include <cstdio>
#include <fstream>
#include <string>

#include "ajar/packet/frame.hpp"
#include "ajar/policy/timeouts.hpp"
#include "fuzz/parse_input.hpp"

namespace ajar::fuzz {

namespace {

class Seeds {
public:
    explicit Seeds(std::string directory) : directory_(std::move(directory)) {}
    void frames(const std::vector<Bytes>& frames, std::uint8_t link = 0, std::uint8_t flags = kDecapsulate) {
        std::vector<std::uint8_t> out;
        for (const auto& frame : frames) put_frame(out, link, flags, frame);
        write(out);
    }
    /// The frames at once, and all of them again after a pause (tracker_fuzz.cpp).
    void again_after(const std::vector<Bytes>& frames, std::uint8_t link, std::uint8_t pause) {
        std::vector<std::uint8_t> out;
        for (const auto& frame : frames) put_frame(out, link, 0, frame);
        put_frame(out, link, static_cast<std::uint8_t>(pause << 5U), frames.back());
        for (const auto& frame : frames) put_frame(out, link, 0, frame);
        write(out);
    }
    [[nodiscard]] bool good() const { return good_; }

private:
    void write(const std::vector<std::uint8_t>& out) {
        std::ofstream file(directory_ + "/seed" + std::to_string(count_++), std::ios::binary);
        file.write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
        good_ = good_ && file.good();
    }

    std::string directory_;
    unsigned count_ = 0;
    bool good_ = true;
};

FrameBuilder v4() { return FrameBuilder().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).payload(60); }
FrameBuilder v6() { return FrameBuilder().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443).payload(60); }
FrameBuilder outer() { return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2"); }

void links(Seeds& seeds) {
    for (const auto& packet : {v4(), v6()}) {
        const auto ethernet = FrameBuilder(packet).ethernet();
        seeds.frames({ethernet.bytes()});
        seeds.frames({FrameBuilder(ethernet).vlan(7, 0x88a8).vlan(8).bytes()});
        seeds.frames({FrameBuilder(ethernet).etag(7).mpls(8).mpls(9).bytes()});
        seeds.frames({FrameBuilder(ethernet).pppoe(9).bytes()});
        seeds.frames({packet.bytes()}, 1);
        for (unsigned link = 2; link < kLinkTypes.size(); ++link) {
            seeds.frames({FrameBuilder(packet).link(Bytes(16)).bytes()}, static_cast<std::uint8_t>(link));
        }
    }
}

void headers(Seeds& seeds) {
    const std::pair<std::uint32_t, std::uint32_t> block = {1, 2};
    seeds.frames({outer().tcp(1, 2).mss(9).window_scale(7).sack_permitted().timestamps(1, 2).bytes()});
    seeds.frames({outer().tcp(1, 2).timestamps(1, 2).sack({&block, 1}).option(34, {}).bytes()});
    seeds.frames({FrameBuilder(v4()).ethernet().ip_options(Bytes{7, 4, 1, 1}).bytes()});
    Bytes home = {1, 2, 0, 0, 0xc9, 16};
    home.resize(22);
    seeds.frames({FrameBuilder(v6())
                      .ethernet()
                      .extension(0, Bytes{1, 4, 0, 0, 0, 0})
                      .extension(43, Bytes(22))
                      .extension(60, home)
                      .extension(51, Bytes(22))
                      .bytes()});
    seeds.frames({outer().icmp(3, 1).payload(v4().bytes()).bytes()});
    seeds.frames({FrameBuilder(v6()).ethernet().icmp(1, 1).payload(v6().bytes()).bytes()});
}

void tunnels(Seeds& seeds) {
    const auto inner = FrameBuilder(v4()).ethernet().bytes();
    seeds.frames({outer().protocol(4).payload(v4().bytes()).bytes()});
    seeds.frames({outer().protocol(41).payload(v6().bytes()).bytes()});
    seeds.frames({outer()
                      .protocol(47)
                      .payload(Bytes{0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1})
                      .append(v4().bytes())
                      .bytes()});
    seeds.frames({outer().udp(9, 4789).payload(Bytes{8, 0, 0, 0, 0, 0, 1, 0}).append(inner).bytes()});
    seeds.frames({outer()
                      .udp(9, 6081)
                      .payload(Bytes{1, 0, 0x65, 0x58, 0, 0, 1, 0, 0, 0, 0, 0})
                      .append(inner)
                      .bytes()});
    seeds.frames({outer()
                      .udp(9, 2152)
                      .payload(Bytes{0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0})
                      .append(v4().bytes())
                      .bytes()});
    seeds.frames({outer()
                      .udp(9, 3544)
                      .payload(Bytes{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                      .append(v6().bytes())
                      .bytes()});
}

void fragments(Seeds& seeds) {
    for (const auto& packet : {v4(), v6()}) {
        const auto whole = FrameBuilder(packet).ethernet().unpadded();
        seeds.frames(whole.pieces(32, 1));
        seeds.frames({whole.piece(48, 32, 1), whole.piece(0, 48, 1), whole.piece(40, 16, 1)});
        seeds.frames(
            {whole.piece(0, 16, 1), whole.piece(48, 32, 2), whole.piece(48, 32, 3), whole.piece(48, 32, 4)});
    }
    const auto hidden = FrameBuilder(v6()).ethernet().protocol(60).payload(Bytes{6, 0, 1, 4, 0, 0, 0, 0});
    seeds.frames(FrameBuilder(hidden).append(v6().transport()).pieces(40, 1));
}

FrameBuilder from_client(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0) {
    return outer().tcp(40000, 443).flags(flags).seq(seq).ack(ack);
}
FrameBuilder from_server(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    return FrameBuilder()
        .ethernet()
        .ipv4("10.0.0.2", "10.0.0.1")
        .tcp(443, 40000)
        .flags(flags)
        .seq(seq)
        .ack(ack);
}

std::vector<Bytes> handshake() {
    return {outer().tcp(40000, 443).flags(TcpFlags::kSyn).seq(100).mss(1460).window_scale(7).bytes(),
            from_server(TcpFlags::kSyn, 500, 101).mss(1460).window_scale(7).bytes(),
            from_client(0, 101, 501).bytes()};
}

std::vector<Bytes> then(std::vector<Bytes> frames, const std::vector<FrameBuilder>& more) {
    for (const auto& f : more) frames.push_back(f.bytes());
    return frames;
}

/// The policy stands above the link type.
void conversations(Seeds& seeds, std::uint8_t policy, std::uint8_t pause) {
    const auto link = static_cast<std::uint8_t>(policy * kLinkTypes.size());
    const auto data = from_client(0, 101, 501).payload(20);
    const auto syn = outer().tcp(40000, 443).flags(TcpFlags::kSyn);
    seeds.again_after(
        then(handshake(), {data, from_server(TcpFlags::kFin, 501, 121), from_client(TcpFlags::kFin, 121, 502),
                           from_server(0, 502, 122), FrameBuilder(syn).seq(9000)}),
        link, pause);
    seeds.again_after(then(handshake(), {data, from_client(TcpFlags::kRst, 121, 501), data}), link, pause);
    seeds.again_after(
        then(handshake(), {data, FrameBuilder(syn).seq(70000), from_server(0, 501, 121),
                           from_server(TcpFlags::kSyn, 90000, 70001), from_client(0, 70001, 90001)}),
        link, pause);
    seeds.again_after(then({}, {data, from_server(0, 501, 121).payload(9), data}), link, pause);
    std::vector<Bytes> flood;
    for (std::uint16_t port = 1; port <= 8; ++port)
        flood.push_back(outer().tcp(port, 443).flags(TcpFlags::kSyn).seq(port).bytes());
    seeds.again_after(flood, link, pause);
    seeds.again_after({handshake()[0], handshake()[1]}, link, pause);
}

}  // namespace
}  // namespace ajar::fuzz

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    ajar::fuzz::Seeds seeds(argv[1]);
    ajar::fuzz::links(seeds);
    ajar::fuzz::headers(seeds);
    ajar::fuzz::tunnels(seeds);
    ajar::fuzz::fragments(seeds);
    for (unsigned policy = 0; policy < 2 * ajar::kProfileNames.size(); ++policy)
        for (const std::uint8_t pause : std::array<std::uint8_t, 2>{4, 7})
            ajar::fuzz::conversations(seeds, static_cast<std::uint8_t>(policy), pause);
    return seeds.good() ? 0 : 1;
}
