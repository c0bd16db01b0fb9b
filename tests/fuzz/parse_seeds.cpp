// Writes seed inputs of the parser's fuzz targets into the directory given: one good frame of each shape.
#include <cstdio>
#include <fstream>
#include <string>

#include "ajar/packet/frame.hpp"
#include "fuzz/parse_input.hpp"

namespace ajar::fuzz {

namespace {

class Seeds {
public:
    explicit Seeds(std::string directory) : directory_(std::move(directory)) {}
    void frames(const std::vector<Bytes>& frames, std::uint8_t link = 0, std::uint8_t flags = kDecapsulate) {
        std::vector<std::uint8_t> out;
        for (const auto& frame : frames) put_frame(out, link, flags, frame);
        std::ofstream file(directory_ + "/seed" + std::to_string(count_++), std::ios::binary);
        file.write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
        good_ = good_ && file.good();
    }
    [[nodiscard]] bool good() const { return good_; }

private:
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
        for (std::uint8_t link = 2; link < kLinkTypes.size(); ++link) {
            seeds.frames({FrameBuilder(packet).link(Bytes(16)).bytes()}, link);
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
    return seeds.good() ? 0 : 1;
}
