// Do frames come back from the files as they went in, and do files stay as few and as small as they may?
#include <sys/resource.h>

#include <csignal>

#include "export/packets/packet_files.hpp"
#include "pcapng_reader.hpp"
#include "temporary_folder.hpp"

namespace ajar::exporting {
namespace {

constexpr Time kStart = Time(std::chrono::seconds(1'700'000'000));

class PacketFilesTest : public TemporaryFolder {
protected:
    PacketFiles files(std::uint64_t bytes, std::uint32_t kept) {
        auto out =
            PacketFiles::open(folder_, {.file_bytes = bytes, .files = kept, .snap = 256}, {"a", "b"}, kStart);
        EXPECT_TRUE(out) << out.error();
        return std::move(*out);
    }
    static void frame(PacketFiles& to, const std::string& bytes, std::uint32_t number = 0,
                      std::string_view comment = {}) {
        to.write(number % 2, kStart + std::chrono::nanoseconds(number),
                 {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                 static_cast<std::uint32_t>(bytes.size() + 1000), comment);
    }
    [[nodiscard]] std::string file(int n) const {
        return path_of("flagged-20231114T221320Z-000" + std::to_string(n) + ".pcapng");
    }
};

TEST_F(PacketFilesTest, FramesOfAnyLengthComeBack) {
    {
        auto out = files(1U << 20U, 2);
        EXPECT_EQ(out.current(), file(1));
        for (std::uint32_t n = 0; n < 9; ++n)
            frame(out, std::string(60 + n, static_cast<char>('a' + n)), n,
                  n % 3 == 0 ? "why it is here" : "");
        out.flush();
        EXPECT_EQ(out.written(), 9U);
    }
    int link = 0;
    const auto got = frames_of(file(1), &link);
    EXPECT_EQ(link, DLT_EN10MB);
    ASSERT_EQ(got.size(), 9U);
    for (std::uint32_t n = 0; n < 9; ++n) {
        EXPECT_EQ(got[n].bytes, std::string(60 + n, static_cast<char>('a' + n)));
        EXPECT_EQ(got[n].wire_length, 1060 + n);
        EXPECT_EQ(got[n].ns, 1'700'000'000'000'000'000 + n);
    }
    EXPECT_NE(content_of(std::filesystem::path(file(1)).filename()).find("why it is here"),
              std::string::npos);
}

TEST_F(PacketFilesTest, NoFileIsTooLongAndOldOnesGo) {
    auto out = files(4096, 3);
    for (std::uint32_t n = 0; n < 100; ++n) frame(out, std::string(200, 'x'), n);
    out.flush();
    std::size_t frames = 0, there = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        EXPECT_LE(std::filesystem::file_size(entry), 4096U);
        frames += frames_of(entry.path()).size();
        ++there;
    }
    EXPECT_EQ(there, 3U);
    EXPECT_GT(frames, 30U);
    EXPECT_TRUE(std::filesystem::exists(out.current()));
}

TEST_F(PacketFilesTest, RoomThatWasMadeIsThere) {
    auto out = files(4096, 30);
    for (std::uint32_t n = 0; n < 50; ++n) {
        out.make_room(300);
        const std::string promised = out.current();
        frame(out, std::string(300, 'x'), n);
        EXPECT_EQ(out.current(), promised);
    }
}

TEST_F(PacketFilesTest, AFullDiskCostsWholeFramesAndLeavesAGoodFile) {
    auto out = files(1U << 20U, 2);
    frame(out, "first");
    out.flush();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit limit{std::filesystem::file_size(file(1)) + 100, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    testing::internal::CaptureStderr();
    for (int i = 0; i < 2; ++i) {
        frame(out, std::string(100, 'x'));
        out.flush();
    }
    const auto told = testing::internal::GetCapturedStderr();
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_NE(told.find("File too large; they are lost and counted from here on"), std::string::npos) << told;
    EXPECT_EQ(out.lost(), 2U);
    frame(out, "last");
    out.flush();
    EXPECT_EQ(out.written(), 2U);
    EXPECT_EQ(frames_of(file(1)).size(), 2U);
}

TEST_F(PacketFilesTest, AFolderThatIsNotThereIsSaid) {
    const auto out =
        PacketFiles::open(path_of("none"), {.file_bytes = 4096, .files = 1, .snap = 256}, {}, kStart);
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().find("No such file or directory; give a folder"), std::string::npos) << out.error();
}

}  // namespace
}  // namespace ajar::exporting
