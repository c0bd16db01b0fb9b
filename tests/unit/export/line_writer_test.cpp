// Do lines reach their file, through rotation and full disks, and is every lost one counted?
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "export/line_writer.hpp"

namespace ajar::exporting {
namespace {

namespace fs = std::filesystem;

class LineWriterTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "ajar-lines-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        directory_ = name;
    }
    void TearDown() override { fs::remove_all(directory_); }

    [[nodiscard]] std::string path(const char* name) const { return directory_ / name; }
    static std::string content(const std::string& path) {
        std::ifstream file(path);
        std::ostringstream out;
        out << file.rdbuf();
        return out.str();
    }
    static std::unique_ptr<LineWriter> opened(const std::string& path, Begin begin) {
        auto writer = LineWriter::open(path, begin);
        EXPECT_TRUE(writer) << writer.error();
        return std::move(*writer);
    }
    static void line(LineWriter& writer, std::string_view text) {
        put(writer.text(), text);
        writer.text().push_back('\n');
        writer.committed();
    }

    fs::path directory_;
};

TEST_F(LineWriterTest, WritesOnFlushAndAtTheEnd) {
    {
        const auto writer = opened(path("a"), Begin::anew);
        line(*writer, "one");
        EXPECT_EQ(content(path("a")), "");
        writer->flush();
        EXPECT_EQ(content(path("a")), "one\n");
        line(*writer, "two");
        EXPECT_EQ(writer->written(), 1U);
    }
    EXPECT_EQ(content(path("a")), "one\ntwo\n");
}

TEST_F(LineWriterTest, WritesByItselfWhenMuchIsPending) {
    const auto writer = opened(path("a"), Begin::anew);
    const std::string text(1023, 'x');
    for (int i = 0; i < 1000; ++i) line(*writer, text);
    EXPECT_GT(writer->written(), 700U);
    writer->flush();
    EXPECT_EQ(writer->written(), 1000U);
    EXPECT_EQ(fs::file_size(path("a")), 1'024'000U);
}

TEST_F(LineWriterTest, AppendsOrBeginsAnew) {
    for (const auto begin : {Begin::anew, Begin::append}) line(**LineWriter::open(path("a"), begin), "one");
    EXPECT_EQ(content(path("a")), "one\none\n");
    line(**LineWriter::open(path("a"), Begin::anew), "two");
    EXPECT_EQ(content(path("a")), "two\n");
}

TEST_F(LineWriterTest, ReopenFollowsARotation) {
    const auto writer = opened(path("a"), Begin::append);
    line(*writer, "old");
    fs::rename(path("a"), path("a.1"));
    ASSERT_TRUE(writer->reopen());
    line(*writer, "new");
    writer->flush();
    EXPECT_EQ(content(path("a.1")), "old\n");
    EXPECT_EQ(content(path("a")), "new\n");
}

TEST_F(LineWriterTest, AFailedReopenKeepsTheOldFile) {
    fs::create_directory(directory_ / "d");
    const auto writer = opened(path("d/a"), Begin::append);
    fs::rename(path("d"), path("e"));
    const auto reopened = writer->reopen();
    ASSERT_FALSE(reopened);
    EXPECT_NE(reopened.error().find("cannot write " + path("d/a") + ": No such file"), std::string::npos)
        << reopened.error();
    line(*writer, "still here");
    writer->flush();
    EXPECT_EQ(content(path("e/a")), "still here\n");
}

TEST_F(LineWriterTest, AFullDiskLosesLinesAndSaysSoOnce) {
    const auto writer = opened("/dev/full", Begin::append);
    testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) {
        line(*writer, "lost");
        line(*writer, "lost");
        writer->flush();
    }
    const auto told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(told,
              "ajar: cannot write to /dev/full: No space left on device; lines are lost and counted from "
              "here on\n");
    EXPECT_EQ(writer->lost(), 6U);
    EXPECT_EQ(writer->written(), 0U);
}

/// No file of this process grows beyond `bytes` while it lives: a disk that is full for a while.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

TEST_F(LineWriterTest, AfterAFullDiskTheNextLineStandsAlone) {
    const auto writer = opened(path("a"), Begin::append);
    testing::internal::CaptureStderr();
    {
        const FullDisk full(10);
        for (const char* text : {"first", "second", "third"}) line(*writer, text);
        writer->flush();
        line(*writer, "fourth");
        writer->flush();
    }
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(writer->lost(), 3U);
    for (const char* text : {"fifth", "sixth"}) {
        line(*writer, text);
        writer->flush();
    }
    EXPECT_EQ(content(path("a")), "first\nseco\nfifth\nsixth\n");
    EXPECT_EQ(writer->written(), 3U);
}

TEST_F(LineWriterTest, AMissingDirectorySaysWhatToDo) {
    const auto writer = LineWriter::open(path("none/a"), Begin::append);
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error(),
              "cannot write " + path("none/a") +
                  ": No such file or directory; give a file in a directory that exists and may "
                  "be written to");
}

}  // namespace
}  // namespace ajar::exporting
