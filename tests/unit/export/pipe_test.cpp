// Does a pipe that nobody empties, or nobody reads, never hold the writer up, and lose whole lines only?
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "export/line_writer.hpp"
#include "waits.hpp"

namespace ajar::exporting {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPrompt = 30s;  // on a machine under load; who waits for a reader waits for ever

class Pipe : public testing::Test {
protected:
    void SetUp() override {
        std::signal(SIGPIPE, SIG_IGN);
        std::string name = (fs::temp_directory_path() / "ajar-pipe-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        directory_ = name;
        path_ = directory_ / "pipe";
        ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
        testing::internal::CaptureStderr();
    }
    void TearDown() override {
        testing::internal::GetCapturedStderr();
        if (reader_ >= 0) close(reader_);
        fs::remove_all(directory_);
    }

    void read_from_now_on() { reader_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK); }
    /// What waits in the pipe.
    [[nodiscard]] std::string taken() const {
        std::string out(1U << 20U, '\0');
        std::size_t used = 0;
        for (ssize_t n = 0; (n = read(reader_, out.data() + used, out.size() - used)) > 0;)
            used += static_cast<std::size_t>(n);
        out.resize(used);
        return out;
    }
    [[nodiscard]] std::unique_ptr<LineWriter> writer(Patience patience) const {
        auto writer = LineWriter::open(path_, Begin::append, std::move(patience));
        EXPECT_TRUE(writer) << writer.error();
        return std::move(*writer);
    }
    static void lines(LineWriter& writer, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            put(writer.text(), kLine);
            writer.committed();
        }
    }
    static std::uint64_t count(const std::string& text) {
        return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    }

    static constexpr std::string_view kLine =
        "a line whose length divides no page, so that one would be cut\n";
    fs::path directory_;
    std::string path_;
    int reader_ = -1;
};

TEST_F(Pipe, AReaderThatStallsCostsWholeLinesAndNoTime) {
    read_from_now_on();
    const auto out = writer(nullptr);
    const auto began = Clock::now();
    const Waits waits;
    for (int i = 0; i < 100; ++i) {
        lines(*out, 1000);
        out->flush();
    }
    EXPECT_LE(waits.so_far(), Waits::kForOneStall);
    EXPECT_LT(Clock::now() - began, kPrompt);
    const auto text = taken();
    EXPECT_GT(out->written(), 0U);
    EXPECT_EQ(count(text), out->written());
    EXPECT_EQ(text.size(), out->written() * kLine.size());
    EXPECT_EQ(out->written() + out->lost(), 100'000U);
    lines(*out, 1);
    out->flush();
    EXPECT_EQ(taken(), kLine);  // and it reads again
}

TEST_F(Pipe, ThePatientLoseNothingToASlowReader) {
    read_from_now_on();
    const auto out = writer(always);
    std::string text;
    std::atomic<bool> done{false};
    std::thread slow([&] {
        while (!done) {
            text += taken();
            std::this_thread::sleep_for(3ms);
        }
    });
    lines(*out, 20'000);
    out->flush();
    done = true;
    slow.join();
    text += taken();
    EXPECT_EQ(count(text), 20'000U);
    EXPECT_EQ(out->lost(), 0U);
}

TEST_F(Pipe, PatienceThatEndsIsAskedForBetweenSmallWaits) {
    read_from_now_on();
    int asked = 0;
    const auto out = writer([&] { return ++asked < 5; });
    const auto began = Clock::now();
    lines(*out, 4000);
    out->flush();
    EXPECT_LT(Clock::now() - began, kPrompt);
    EXPECT_EQ(asked, 5);
    EXPECT_GT(out->lost(), 0U);
}

TEST_F(Pipe, WithoutAReaderLinesAreLostUntilThereIsOne) {
    const auto began = Clock::now();
    const auto out = writer(nullptr);
    lines(*out, 3);
    out->flush();
    EXPECT_EQ(out->lost(), 3U);
    read_from_now_on();
    lines(*out, 2);
    out->flush();
    EXPECT_EQ(count(taken()), 2U);
    EXPECT_EQ(out->written(), 2U);
    EXPECT_LT(Clock::now() - began, kPrompt);
}

TEST_F(Pipe, ThePatientWaitForTheFirstReader) {
    const auto out = writer([&] {
        if (reader_ < 0) read_from_now_on();
        return true;
    });
    lines(*out, 3);
    out->flush();
    EXPECT_EQ(count(taken()), 3U);
}

TEST_F(Pipe, IsReopenedWithoutAReader) {
    read_from_now_on();
    const auto out = writer(nullptr);
    close(reader_);
    const auto began = Clock::now();
    EXPECT_TRUE(out->reopen());
    EXPECT_LT(Clock::now() - began, kPrompt);
    read_from_now_on();
    lines(*out, 1);
    out->flush();
    EXPECT_EQ(taken(), kLine);
}

// Standard output stays a blocking file for whoever shares it.
TEST_F(Pipe, StandardOutputIsOneToo) {
    read_from_now_on();
    const int before = dup(STDOUT_FILENO);
    const int pipe = open(path_.c_str(), O_WRONLY);
    dup2(pipe, STDOUT_FILENO);
    const auto began = Clock::now();
    {
        auto out = LineWriter::open("-", Begin::append, nullptr);
        ASSERT_TRUE(out);
        lines(**out, 4000);
        (*out)->flush();
        EXPECT_GT((*out)->lost(), 0U);
        EXPECT_EQ(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK, 0);
    }
    dup2(before, STDOUT_FILENO);
    close(before);
    close(pipe);
    EXPECT_LT(Clock::now() - began, kPrompt);
}

}  // namespace
}  // namespace ajar::exporting
