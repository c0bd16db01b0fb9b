// Do lines reach whoever listens on a UNIX socket, whole, and cost no time when he does not?
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "export/line_writer.hpp"
#include "export/socket_outlet.hpp"
#include "listener.hpp"
#include "temporary_folder.hpp"
#include "waits.hpp"

namespace ajar::exporting {
namespace {

using namespace std::chrono_literals;

class SocketTest : public TemporaryFolder {
protected:
    void SetUp() override {
        TemporaryFolder::SetUp();
        testing::internal::CaptureStderr();
    }
    void TearDown() override {
        told_ = testing::internal::GetCapturedStderr();
        TemporaryFolder::TearDown();
    }
    [[nodiscard]] std::unique_ptr<LineWriter> writer(Patience patience = nullptr,
                                                     Begin begin = Begin::append) const {
        auto out = LineWriter::open("unix:" + path_of("s"), begin, std::move(patience));
        EXPECT_TRUE(out) << out.error();
        return std::move(*out);
    }
    static void lines(LineWriter& out, std::size_t n, std::string_view text = kText) {
        for (std::size_t i = 0; i < n; ++i) {
            put(out.text(), text);
            out.text().push_back('\n');
            out.committed();
        }
        out.flush();
    }
    static std::uint64_t count(const std::string& text, char c) {
        return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), c));
    }
    /// Whole lines of kText only.
    static bool is_whole(const std::string& text) {
        return text.size() == count(text, '\n') * (kText.size() + 1);
    }

    static constexpr std::string_view kText =
        "a line whose length divides no buffer, so that one of them will be cut";
    std::string told_;
};

TEST_F(SocketTest, AStreamAndDatagramsAreTheListenersChoice) {
    {
        Listener there(path_of("s"), SOCK_STREAM);
        lines(*writer(), 2, "x");
        EXPECT_EQ(there.taken(), "x\nx\n");
    }
    Listener there(path_of("s"), SOCK_DGRAM);
    lines(*writer(), 2, "x");
    EXPECT_EQ(there.taken(), "x\n|x\n|");
}

TEST_F(SocketTest, AListenerThatStallsCostsWholeLinesAndNoTime) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
        Listener there(path_of("s"), type);
        const auto out = writer();
        const auto began = std::chrono::steady_clock::now();
        const Waits waits;
        for (int i = 0; i < 100; ++i) lines(*out, 1000);
        EXPECT_LE(waits.so_far(), Waits::kForOneStall);
        EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
        EXPECT_GT(out->lost(), 0U);
        EXPECT_GT(out->written(), 0U);
        EXPECT_EQ(out->written() + out->lost(), 100'000U);
        std::string text = there.taken();
        lines(*out, 1);  // and it reads again: the cut line's rest first
        text += there.taken();
        std::erase(text, '|');
        EXPECT_TRUE(is_whole(text));
        EXPECT_EQ(count(text, '\n'), out->written());
    }
}

TEST_F(SocketTest, OneThatComesLateOrComesBackIsFound) {
    const auto out = writer();
    lines(*out, 3);
    EXPECT_EQ(out->lost(), 3U);
    for (int i = 0; i < 2; ++i) {
        Listener there(path_of("s"), SOCK_STREAM);
        std::this_thread::sleep_for(120ms);
        lines(*out, 2);
        if (out->lost() == 5) {  // the first to notice that the one before is gone
            std::this_thread::sleep_for(120ms);
            lines(*out, 2);
        }
        EXPECT_EQ(there.taken(), std::string(kText) + "\n" + std::string(kText) + "\n");
    }
    EXPECT_EQ(out->written(), 4U);
    EXPECT_EQ(out->lost(), 5U);
}

TEST_F(SocketTest, ALineThatWasCutByTheListenersEndIsLostAndTheNextBeginsWhole) {
    const auto out = writer();
    {
        Listener there(path_of("s"), SOCK_STREAM);
        std::this_thread::sleep_for(120ms);
        for (int i = 0; i < 100; ++i) lines(*out, 1000);  // beyond what the kernel holds
    }
    const auto before = out->written();
    Listener there(path_of("s"), SOCK_STREAM);
    std::this_thread::sleep_for(120ms);
    lines(*out, 1);
    std::this_thread::sleep_for(120ms);
    lines(*out, 1);
    EXPECT_TRUE(is_whole(there.taken()));
    EXPECT_EQ(out->written() + out->lost(), 100'002U);
    EXPECT_EQ(out->written(), before);  // the cut one less, the last one more
}

TEST_F(SocketTest, ThePatientLoseNothingToASlowReader) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
        Listener there(path_of("s"), type);
        const auto out = writer(always, Begin::anew);
        std::string text;
        std::atomic<bool> done{false};
        std::thread slow([&] {
            while (!done) {
                text += there.taken();
                std::this_thread::sleep_for(1ms);
            }
        });
        lines(*out, type == SOCK_STREAM ? 20'000 : 2000);
        done = true;
        slow.join();
        text += there.taken();
        std::erase(text, '|');
        EXPECT_TRUE(is_whole(text));
        EXPECT_EQ(count(text, '\n'), out->written());
        EXPECT_EQ(out->lost(), 0U);
    }
}

TEST_F(SocketTest, AReplayNeedsItsListenerFromTheStart) {
    const auto out = LineWriter::open("unix:" + path_of("s"), Begin::anew);
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().find("somebody must listen there"), std::string::npos) << out.error();
}

TEST_F(SocketTest, SyslogGetsADatagramALineWithPriorityTimeAndName) {
    Listener there(path_of("s"), SOCK_DGRAM);
    auto target = parse_target("syslog:local5");
    ASSERT_TRUE(target);
    target->path = path_of("s");
    const auto out = open_outlet(*target, Begin::append, nullptr);
    ASSERT_TRUE(out);
    std::string_view text = "{\"a\":1}\n{\"a\":2}\n";
    EXPECT_EQ((*out)->write(text), 0);
    const auto got = there.taken();
    EXPECT_EQ(count(got, '|'), 2U);
    EXPECT_EQ(got.rfind("<174>", 0), 0U) << got;
    EXPECT_NE(got.find("ajar[" + std::to_string(getpid()) + "]: {\"a\":1}|"), std::string::npos) << got;
}

TEST_F(SocketTest, SyslogsTimeIsPaddedAsItsReadersExpect) {
    const char* const before = std::getenv("TZ");
    const std::string kept = before == nullptr ? "" : before;
    setenv("TZ", "UTC", 1);
    tzset();
    EXPECT_EQ(syslog_header(3, 1'699'000'000, 7), "<30>Nov  3 08:26:40 ajar[7]: ");
    if (before == nullptr)
        unsetenv("TZ");
    else
        setenv("TZ", kept.c_str(), 1);
    tzset();
}

TEST_F(SocketTest, ALineThatNoDatagramHoldsIsLostAloneAndTheOthersArrive) {
    Listener there(path_of("s"), SOCK_DGRAM);
    const auto out = writer();
    put(out->text(), "a\n");
    out->committed();
    put(out->text(), std::string(4U << 20U, 'x') + "\n");
    out->committed();
    put(out->text(), "b\n");
    out->committed();
    out->flush();
    EXPECT_EQ(there.taken().substr(0, 3), "a\n|");
    EXPECT_EQ(out->lost(), 1U);
}

}  // namespace
}  // namespace ajar::exporting
