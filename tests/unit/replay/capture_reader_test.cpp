// Does the reader read what captures hold, and say what is wrong with those that hold something else?
#include "replay/capture_reader.hpp"

#include <gtest/gtest.h>

#include "capture_file.hpp"

namespace ajar::replay {
namespace {

using test::block;
using test::PcapText;
using test::TemporaryFile;
using Status = CaptureReader::Status;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const std::string kFrame(60, 'x');

std::string error_of(const std::string& content) {
    const TemporaryFile file(content);
    const auto reader = CaptureReader::open(file.path());
    return reader ? "opened" : reader.error();
}

testing::AssertionResult says(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "\"" << text << "\" does not say \"" << part << "\"";
}

struct Precision {
    bool nanoseconds;
    test::Order order;
    std::uint32_t fraction;
    std::int64_t expected_ns;
};

TEST(CaptureReader, ReadsBothResolutionsInBothByteOrders) {
    for (const auto& p :
         {Precision{false, test::Order::little, 123456, 123456000},
          Precision{true, test::Order::little, 123456789, 123456789},
          Precision{false, test::Order::big, 999999, 999999000}, Precision{true, test::Order::big, 1, 1}}) {
        const TemporaryFile file(
            PcapText(1, p.nanoseconds, p.order).frame(1700000000, p.fraction, kFrame, 1500).text());
        auto reader = CaptureReader::open(file.path());
        ASSERT_TRUE(reader) << reader.error();
        Record record;
        ASSERT_EQ(reader->next(record), Status::record);
        EXPECT_EQ(record.time.time_since_epoch(), seconds(1700000000) + nanoseconds(p.expected_ns));
        EXPECT_EQ(record.bytes.size(), 60U);
        EXPECT_EQ(record.wire_length, 1500U);
        EXPECT_EQ(reader->next(record), Status::end);
        EXPECT_EQ(reader->error(), "");
    }
}

TEST(CaptureReader, ReadsPcapngInMicroAndNanoseconds) {
    for (const char resolution : {'\x06', '\x09'}) {
        const std::uint64_t per_second = resolution == 6 ? 1'000'000 : 1'000'000'000;
        const TemporaryFile file(test::section_header() + test::interface_block(1, resolution) +
                                 test::packet_block(0, 1700000000 * per_second + 7, kFrame));
        auto reader = CaptureReader::open(file.path());
        ASSERT_TRUE(reader) << reader.error();
        Record record;
        ASSERT_EQ(reader->next(record), Status::record);
        EXPECT_EQ(record.time.time_since_epoch(),
                  seconds(1700000000) + nanoseconds(resolution == 6 ? 7000 : 7));
    }
}

TEST(CaptureReader, SecondsOfPcapHaveNoSign) {
    const TemporaryFile file(PcapText(1).frame(0xfffffff0U, 0, kFrame).text());
    auto reader = CaptureReader::open(file.path());
    ASSERT_TRUE(reader);
    Record record;
    ASSERT_EQ(reader->next(record), Status::record);
    EXPECT_EQ(record.time.time_since_epoch(), seconds(0xfffffff0LL));
}

TEST(CaptureReader, KnowsTheLinkTypes) {
    for (const auto link :
         {LinkType::null, LinkType::ethernet, LinkType::ppp, LinkType::raw, LinkType::loop,
          LinkType::linux_sll, LinkType::linux_sll2, LinkType::ipv4, LinkType::ipv6, LinkType::nflog}) {
        const TemporaryFile file(PcapText(static_cast<std::uint32_t>(link)).frame(1, 0, kFrame).text());
        auto reader = CaptureReader::open(file.path());
        ASSERT_TRUE(reader) << reader.error();
        Record record;
        ASSERT_EQ(reader->next(record), Status::record);
        EXPECT_EQ(record.link, link);
    }
}

TEST(CaptureReader, NamesALinkTypeThatItDoesNotKnow) {
    EXPECT_TRUE(says(error_of(PcapText(105).text()), "link type IEEE802_11 (105) is not known"));
}

TEST(CaptureReader, CountsATruncatedFileUpToItsCut) {
    auto text = PcapText(1).frame(1, 0, kFrame).frame(2, 0, kFrame).text();
    for (const std::size_t cut : {1U, 59U, 61U}) {  // in the second frame's bytes, and in its header
        const TemporaryFile file(text.substr(0, text.size() - cut));
        auto reader = CaptureReader::open(file.path());
        ASSERT_TRUE(reader);
        Record record;
        EXPECT_EQ(reader->next(record), Status::record);
        EXPECT_EQ(reader->next(record), Status::truncated);
        EXPECT_TRUE(says(reader->error(), file.path() + ": truncated after 1 frames"));
    }
}

/// A frame whose bytes tell its number.
std::string numbered(std::uint32_t n, std::size_t length) {
    std::string frame(length, static_cast<char>(n));
    frame[0] = static_cast<char>(n >> 8U);
    return frame;
}

void expect_numbered(CaptureReader& reader, std::uint32_t n, std::size_t length) {
    Record record;
    ASSERT_EQ(reader.next(record), Status::record) << n << ": " << reader.error();
    EXPECT_EQ(record.time.time_since_epoch(), seconds(n));
    const std::string_view got(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
    EXPECT_EQ(got, numbered(n, length)) << n;
}

TEST(CaptureReader, ReadsFramesOfAllLengthsAcrossItsBuffers) {
    constexpr std::uint32_t kFrames = 3000;  // several buffers full
    const auto length = [](std::uint32_t n) { return 1 + std::size_t{n} * 7919 % 1500; };
    PcapText text(1);
    for (std::uint32_t n = 0; n < kFrames; ++n) text.frame(n, 0, numbered(n, length(n)));
    const TemporaryFile file(text.text());
    auto reader = CaptureReader::open(file.path());
    ASSERT_TRUE(reader);
    for (std::uint32_t n = 0; n < kFrames; ++n) expect_numbered(*reader, n, length(n));
    EXPECT_EQ(reader->position(), text.text().size());
    Record record;
    EXPECT_EQ(reader->next(record), Status::end);
}

TEST(CaptureReader, LeavesAFrameBeyondTheSnapLengthToLibpcapAndReadsOn) {
    constexpr std::size_t kSnapLength = 65535;
    const TemporaryFile file(PcapText(1)
                                 .frame(1, 0, numbered(1, 60))
                                 .frame(2, 0, numbered(2, kSnapLength + 10))
                                 .frame(3, 0, numbered(3, 70))
                                 .text());
    auto reader = CaptureReader::open(file.path());
    ASSERT_TRUE(reader);
    expect_numbered(*reader, 1, 60);
    expect_numbered(*reader, 2, kSnapLength);
    expect_numbered(*reader, 3, 70);
    Record record;
    EXPECT_EQ(reader->next(record), Status::end);
}

TEST(CaptureReader, RefusesGarbageBetweenFrames) {
    auto text = PcapText(1).frame(1, 0, kFrame).text() + std::string(64, '\xff');
    const TemporaryFile file(text);
    auto reader = CaptureReader::open(file.path());
    ASSERT_TRUE(reader);
    Record record;
    EXPECT_EQ(reader->next(record), Status::record);
    EXPECT_EQ(reader->next(record), Status::broken);
    EXPECT_TRUE(says(reader->error(), "unreadable after 1 frames"));
}

TEST(CaptureReader, SaysWhatToDoAboutInterfacesOfDifferentLinkTypes) {
    const TemporaryFile file(test::section_header() + test::interface_block(1, 6) +
                             test::packet_block(0, 1, kFrame) + test::interface_block(113, 6));
    auto reader = CaptureReader::open(file.path());
    ASSERT_TRUE(reader);
    Record record;
    EXPECT_EQ(reader->next(record), Status::record);
    EXPECT_EQ(reader->next(record), Status::broken);
    EXPECT_TRUE(says(reader->error(), "libpcap wants all interfaces of a file alike"));
}

TEST(CaptureReader, SaysWhatIsWrongWithAFileThatIsNoCapture) {
    EXPECT_TRUE(says(error_of(""), "the file is empty"));
    EXPECT_TRUE(says(error_of("GET / HTTP/1.1\r\nHost: example\r\n"), "no pcap or pcapng capture"));
    EXPECT_TRUE(says(error_of("\x1f\x8b\x08 and so on"), "gunzip -c"));
    EXPECT_TRUE(says(error_of(PcapText(1).text().substr(0, 10)), "no pcap or pcapng capture"));
    const auto missing = CaptureReader::open("/nonexistent/file.pcap");
    ASSERT_FALSE(missing);
    EXPECT_TRUE(says(missing.error(), "/nonexistent/file.pcap: cannot be opened: No such file"));
}

}  // namespace
}  // namespace ajar::replay
