// Do frames get their time, epoch and place as the packet clock wants them, over one file and over several?
#include "replay/input.hpp"

#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "capture_file.hpp"

namespace ajar::replay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::PcapText;
using test::TemporaryFile;

const std::string kOneFrame(60, 'x');

std::vector<Chunk> read_all(Input& input) {
    std::vector<Chunk> chunks;
    do input.fill(chunks.emplace_back());
    while (!chunks.back().last);
    return chunks;
}

TEST(Input, TimeIsTheRunningMaximum) {
    const TemporaryFile file(
        PcapText(1).frame(10, 0, kOneFrame).frame(9, 0, kOneFrame).frame(10, 5, kOneFrame).text());
    Input input({file.path()});
    const auto chunks = read_all(input);
    const Chunk& chunk = chunks.front();
    ASSERT_EQ(chunk.frames.size(), 3U);
    EXPECT_EQ(chunk.frames[1].time, chunk.frames[0].time);
    EXPECT_GT(chunk.frames[2].time, chunk.frames[1].time);
    EXPECT_EQ(input.totals().backwards, 1U);
}

TEST(Input, MarksNonEmptyEpochsAndJumpsEmptyOnes) {
    const TemporaryFile file(PcapText(1)
                                 .frame(1, 1'000, kOneFrame)
                                 .frame(1, 9'999, kOneFrame)
                                 .frame(1, 10'000, kOneFrame)  // the next epoch of 10 ms
                                 .frame(500, 0, kOneFrame)
                                 .text());
    Input input({file.path()});
    const auto chunks = read_all(input);
    const Chunk& chunk = chunks.front();
    ASSERT_EQ(chunk.epochs.size(), 3U);
    EXPECT_EQ(chunk.epochs[0].start.time_since_epoch(), seconds(1));
    EXPECT_EQ(chunk.epochs[0].first, 0U);
    EXPECT_EQ(chunk.epochs[1].start.time_since_epoch(), seconds(1) + milliseconds(10));
    EXPECT_EQ(chunk.epochs[1].first, 2U);
    EXPECT_EQ(chunk.epochs[2].start.time_since_epoch(), seconds(500));
    EXPECT_EQ(chunk.epochs[2].first, 3U);
}

TEST(Input, AnEpochThatGoesOnInTheNextChunkIsMarkedOnce) {
    PcapText text(1);
    for (std::size_t i = 0; i < kChunkFrames + 1; ++i) text.frame(1, 0, kOneFrame);
    const TemporaryFile file(text.text());
    Input input({file.path()});
    const auto chunks = read_all(input);
    ASSERT_EQ(chunks.size(), 2U);
    EXPECT_EQ(chunks[0].epochs.size(), 1U);
    EXPECT_EQ(chunks[1].epochs.size(), 0U);
    EXPECT_EQ(chunks[1].frames.size(), 1U);
    EXPECT_EQ(chunks[1].first_ordinal, kChunkFrames);
}

TEST(Input, CountsFramesThatASnapLengthCut) {
    const TemporaryFile file(PcapText(1).frame(1, 0, kOneFrame, 1514).frame(1, 0, kOneFrame).text());
    Input input({file.path()});
    read_all(input);
    EXPECT_EQ(input.totals().cut, 1U);
    EXPECT_EQ(input.totals().bytes, 1514U + 60U);
}

std::size_t kept_of(const Bytes& bytes, Keep keep) {
    const TemporaryFile file(PcapText(1).frame(1, 0, std::string(bytes.begin(), bytes.end())).text());
    Input input({file.path()}, keep);
    const auto chunks = read_all(input);
    EXPECT_EQ(chunks.front().frames.front().captured, bytes.size());
    EXPECT_EQ(chunks.front().bytes.size(), chunks.front().frames.front().kept);
    return chunks.front().frames.front().kept;
}

TEST(Input, LeavesOutThePayloadOfWholeTcpSegmentsAlone) {
    constexpr std::size_t kPayload = 1000, kHeadersAtMost = 14 + 60 + 60;
    const auto v4 = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2");
    const auto v6 = FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2");
    const auto segment = [](FrameBuilder b) { return b.tcp(1000, 80).ack(1).payload(kPayload).bytes(); };
    EXPECT_EQ(kept_of(segment(v4), Keep::headers), kHeadersAtMost);
    EXPECT_EQ(kept_of(segment(v6), Keep::headers), kHeadersAtMost);
    EXPECT_EQ(kept_of(segment(v4), Keep::whole), segment(v4).size());

    auto fragment = segment(v4);
    fragment[14 + 6] |= 0x20U;  // more of them follow: they are put together from whole frames
    auto quote = segment(v4);
    quote[14 + 9] = 1;  // ICMP, which quotes another packet
    const auto tagged = segment(FrameBuilder().ethernet().vlan(7).ipv4("10.0.0.1", "10.0.0.2"));
    for (const auto& whole : {fragment, quote, tagged})
        EXPECT_EQ(kept_of(whole, Keep::headers), whole.size());
}

}  // namespace
}  // namespace ajar::replay
