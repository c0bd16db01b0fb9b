// Captures with a fragment of every fate, from one side: whole datagrams, holes, overlaps, duplicates, other
// protocols, and what is held when the capture ends.
#pragma once

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "ajar/packet/frame.hpp"
#include "capture_files.hpp"
#include "unit/replay/capture_file.hpp"

namespace ajar::test {

class FragmentZoo {
public:
    std::vector<Bytes> frames;

    FragmentZoo() {
        frames.push_back(client().flags(TcpFlags::kSyn).bytes());
        all(client().seq(2).ack(1).payload(3000));
        all(FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(9, 53).payload(3000));
        backwards(client().seq(3002).ack(1).payload(3000));
        all(client().seq(7000).ack(1).payload(3000).bad_checksum());
        doubtful();
        never_whole();
    }

private:
    static FrameBuilder client() {
        return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443);
    }
    static FrameBuilder whole() { return client().seq(6002).ack(1).payload(3000); }
    void all(const FrameBuilder& datagram) {
        for (auto& f : datagram.pieces(1480, ++id_)) frames.push_back(std::move(f));
    }
    void backwards(const FrameBuilder& datagram) {
        auto pieces = datagram.pieces(1480, ++id_);
        std::reverse(pieces.begin(), pieces.end());
        for (auto& f : pieces) frames.push_back(std::move(f));
    }
    void doubtful() {
        const auto segment = whole();
        const auto pieces = segment.pieces(1480, ++id_);  // with a duplicate
        for (const std::size_t i : {0U, 1U, 1U, 2U}) frames.push_back(pieces[i]);
        frames.push_back(segment.piece(1480, 1480, ++id_));  // an overlap, and one that comes after it
        frames.push_back(segment.piece(0, 1488, id_));
        frames.push_back(segment.piece(2960, 60, id_));
        frames.push_back(segment.piece(1480, 1480, ++id_));  // half a TCP header
        frames.push_back(segment.piece(0, 8, id_));
        const auto hidden = FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").protocol(60);
        const auto other = FrameBuilder(hidden).payload(Bytes{17, 0, 1, 4, 0, 0, 0, 0}).append(Bytes(200));
        frames.push_back(other.piece(104, 104, ++id_));  // held until the first piece says: UDP
        frames.push_back(other.piece(0, 104, id_));
    }
    /// Half of them in one partition, which holds four; the others all over.
    void never_whole() {
        for (unsigned n = 0; n < 40; ++n) {
            auto from = whole();
            if (n % 2 == 0) from.ipv4("10.0.1." + std::to_string(n), "10.0.0.2");
            frames.push_back(from.piece(0, 1480, ++id_));
        }
    }
    std::uint32_t id_ = 0;
};

/// Frames a second apart: the first holes time out, the last are there at the end. Side b is silent.
inline void write_fragment_zoo(const CaptureFiles& files) {
    ajar::replay::test::PcapText text(1);
    std::uint32_t second = 1'700'000'000;
    for (const auto& f : FragmentZoo().frames) text.frame(++second, 0, std::string(f.begin(), f.end()));
    for (const char* name : {"whole.pcap", "split.a.pcap"})
        std::ofstream(files.path(name), std::ios::binary) << text.text();
    std::ofstream(files.path("split.b.pcap"), std::ios::binary) << ajar::replay::test::PcapText(1).text();
}

}  // namespace ajar::test
