// Do several captures become one, in the order of time and of the command line?
#include "replay/merge.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <list>
#include <thread>

#include "capture_file.hpp"

namespace ajar::replay {
namespace {

using std::chrono::seconds;
using test::PcapText;
using test::TemporaryFile;

/// Each frame by its first byte, in the order in which they come.
std::string order_of(Merge& merge) {
    std::string out;
    while (const Record* record = merge.next()) out += static_cast<char>(record->bytes.front());
    return out;
}

std::string frame(char name) { return std::string(60, name); }

TEST(Merge, TheEarliestFirstAndOfEqualOnesTheFileNamedFirst) {
    const TemporaryFile a(PcapText(1).frame(1, 0, frame('a')).frame(3, 0, frame('b')).text());
    const TemporaryFile b(
        PcapText(1).frame(1, 0, frame('x')).frame(2, 0, frame('y')).frame(3, 0, frame('z')).text());
    Merge ab({a.path(), b.path()});
    EXPECT_EQ(order_of(ab), "axybz");
    Merge ba({b.path(), a.path()});
    EXPECT_EQ(order_of(ba), "xayzb");
}

TEST(Merge, AFileKeepsItsOwnOrderWhateverItsClockSays) {
    const TemporaryFile a(
        PcapText(1).frame(1, 0, frame('a')).frame(9, 0, frame('b')).frame(2, 0, frame('c')).text());
    const TemporaryFile b(PcapText(1).frame(5, 0, frame('x')).frame(10, 0, frame('y')).text());
    Merge merge({a.path(), b.path()});
    EXPECT_EQ(order_of(merge), "axbcy");
}

TEST(Merge, FramesCarryTheirOwnFilesLinkType) {
    const TemporaryFile ethernet(PcapText(1).frame(20, 0, frame('e')).text());
    const TemporaryFile raw(PcapText(101).frame(10, 0, frame('r')).text());
    Merge merge({ethernet.path(), raw.path()});
    EXPECT_EQ(merge.next()->link, LinkType::raw);
    EXPECT_EQ(merge.next()->link, LinkType::ethernet);
    EXPECT_EQ(merge.next(), nullptr);
    EXPECT_EQ(merge.next(), nullptr);
}

TEST(Merge, ATruncatedFileWarnsAndAMissingOneFails) {
    const auto text = PcapText(1).frame(1, 0, frame('a')).frame(2, 0, frame('b')).text();
    const TemporaryFile cut(text.substr(0, text.size() - 1));
    Merge truncated({cut.path()});
    EXPECT_EQ(order_of(truncated), "a");
    EXPECT_EQ(truncated.complaints().warnings.size(), 1U);
    EXPECT_FALSE(truncated.complaints().failed);

    Merge missing({"/nonexistent/a.pcap", cut.path()});
    EXPECT_EQ(order_of(missing), "a");
    EXPECT_EQ(missing.complaints().warnings.size(), 2U);
    EXPECT_TRUE(missing.complaints().failed);
}

TEST(Merge, EmptyCapturesAreNothingSpecial) {
    const TemporaryFile empty(PcapText(1).text());
    const TemporaryFile one(PcapText(1).frame(1, 0, frame('a')).text());
    Merge merge({empty.path(), one.path(), empty.path()});
    EXPECT_EQ(order_of(merge), "a");
    EXPECT_TRUE(merge.complaints().warnings.empty());
    EXPECT_EQ(merge.position(),
              2 * PcapText(1).text().size() + PcapText(1).frame(1, 0, frame('a')).text().size());
}

// The pieces of a rotated capture may be more than a process can hold open.
TEST(Merge, OnlyFilesThatOverlapAreOpenAtOnce) {
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit few{64, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    std::list<TemporaryFile> files;
    std::vector<std::string> paths;
    for (std::uint32_t i = 0; i < 200; ++i) {
        files.emplace_back(PcapText(1).frame(1000 - i, 0, frame('a')).text());
        paths.push_back(files.back().path());
    }
    Merge merge(paths);
    EXPECT_EQ(order_of(merge).size(), 200U);
    EXPECT_TRUE(merge.complaints().warnings.empty());
    setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Merge, APipeIsReadOnceAndMerged) {
    const auto path = fmt::format("{}/ajar-merge-{}", testing::TempDir(), getpid());
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto text = PcapText(1).frame(1, 0, frame('p')).frame(3, 0, frame('q')).text();
    std::jthread writer([&] {
        std::FILE* const out = std::fopen(path.c_str(), "wb");
        std::fwrite(text.data(), 1, text.size(), out);
        std::fclose(out);
    });
    const TemporaryFile file(PcapText(1).frame(2, 0, frame('f')).text());
    Merge merge({file.path(), path});
    EXPECT_EQ(order_of(merge), "pfq");
    unlink(path.c_str());
}

}  // namespace
}  // namespace ajar::replay
