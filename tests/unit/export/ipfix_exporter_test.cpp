// Do flows reach a collector that comes late, goes, or does not keep up, and is each that does not counted?
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "events.hpp"
#include "export/ipfix/exporter.hpp"
#include "ipfix_message.hpp"
#include "temporary_folder.hpp"
#include "waits.hpp"

namespace ajar::exporting::ipfix {
namespace {

using namespace std::chrono_literals;

/// A collector on the loopback: reads when told.
class Collecting {
public:
    explicit Collecting(int type, std::uint16_t port = 0) : type_(type), fd_(::socket(AF_INET, type, 0)) {
        const int yes = 1, small = 4096;
        ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (type == SOCK_STREAM) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(port);
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
        if (type == SOCK_STREAM) ::listen(fd_, 4);
        socklen_t size = sizeof at;
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
    }
    ~Collecting() {
        if (peer_ >= 0) ::close(peer_);
        ::close(fd_);
    }
    Collecting(const Collecting&) = delete;
    Collecting& operator=(const Collecting&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string name() const {
        return (type_ == SOCK_DGRAM ? "udp" : "tcp") + std::string(":127.0.0.1:") + std::to_string(port_);
    }
    /// All messages that wait.
    std::vector<Message> taken() {
        if (type_ == SOCK_STREAM && peer_ < 0) {
            pollfd calls{fd_, POLLIN, 0};
            if (::poll(&calls, 1, 500) == 1) peer_ = ::accept(fd_, nullptr, nullptr);
        }
        std::vector<Message> out;
        Bytes piece(1U << 16U);
        for (;;) {
            pollfd news{type_ == SOCK_STREAM ? peer_ : fd_, POLLIN, 0};
            if (::poll(&news, 1, 50) != 1) break;
            const auto n = ::recv(news.fd, piece.data(), piece.size(), MSG_DONTWAIT);
            if (n <= 0) break;
            stream_.insert(stream_.end(), piece.begin(), piece.begin() + n);
            while (stream_.size() >= 4) {
                const std::size_t length = std::size_t{stream_[2]} << 8U | stream_[3];
                if (stream_.size() < length) break;
                out.push_back(reader_.read(std::span(stream_).first(length)));
                stream_.erase(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(length));
            }
        }
        return out;
    }

private:
    int type_, fd_, peer_ = -1;
    std::uint16_t port_ = 0;
    Bytes stream_;
    Reader reader_;
};

std::size_t records_of(const std::vector<Message>& messages) {
    std::size_t n = 0;
    for (const auto& m : messages) n += m.data.size();
    return n;
}

class IpfixExporter : public TemporaryFolder {
protected:
    void SetUp() override {
        if (!is_built()) GTEST_SKIP() << "built without libfixbuf";
        TemporaryFolder::SetUp();
        testing::internal::CaptureStderr();
    }
    void TearDown() override {
        if (!is_built()) return;
        testing::internal::GetCapturedStderr();
        TemporaryFolder::TearDown();
    }
    static std::unique_ptr<Exporter> exporter(const std::string& collector, Begin begin = Begin::append) {
        auto out = Exporter::open({.collector = collector, .template_interval = 50ms, .packet_time = true},
                                  begin, always);
        EXPECT_TRUE(out) << out.error();
        return std::move(*out);
    }
    static Event end() {
        Event e = stale_syn_recv();
        e.kind = EventKind::flow_end;
        return e;
    }
    static void add(Exporter& to, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) to.add(end());
    }
    using Clock = std::chrono::steady_clock;
    /// When what is on its way must have come.
    static Clock::time_point soon() { return Clock::now() + 60s; }
    /// As main does, for so long.
    static void live(Exporter& exporter, std::chrono::milliseconds time) {
        for (auto spent = 0ms; spent < time; spent += 10ms) {
            exporter.look();
            std::this_thread::sleep_for(10ms);
        }
    }
};

TEST_F(IpfixExporter, OverUdpTemplatesAreSaidAgainAndAgain) {
    Collecting there(SOCK_DGRAM);
    const auto out = exporter(there.name());
    add(*out, 1);
    out->finish();
    live(*out, 100ms);
    add(*out, 1);
    out->finish();
    const auto got = there.taken();
    ASSERT_EQ(records_of(got), 2U);
    ASSERT_EQ(got.size(), 4U);
    EXPECT_EQ(got[0].templates, 2U);
    EXPECT_EQ(got[2].templates, 2U);
    EXPECT_EQ(got.back().sequence, 1U);
    EXPECT_EQ(got.back().export_time, 1'700'000'060U);
    EXPECT_EQ(out->counts().sent, 2U);
    EXPECT_EQ(out->counts().lost, 0U);
}

TEST_F(IpfixExporter, ARefusedDatagramIsLostAndWhoeverListensNextHearsTheTemplates) {
    std::uint16_t port = 0;
    { port = Collecting(SOCK_DGRAM).port(); }
    const auto out = exporter("udp:127.0.0.1:" + std::to_string(port));
    add(*out, 3);
    out->finish();  // nobody is there, which the kernel says next time
    Collecting there(SOCK_DGRAM, port);
    add(*out, 2);
    out->finish();
    EXPECT_EQ(out->counts().lost, 3U);
    EXPECT_EQ(out->counts().sent, 2U);
    out->look();
    add(*out, 1);
    out->finish();
    const auto got = there.taken();
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].unknown, 1U);  // a set without its template
    EXPECT_EQ(got[0].sequence, 3U);
    EXPECT_EQ(got[1].templates, 2U);
    EXPECT_EQ(got[2].sequence, 5U);
    EXPECT_EQ(records_of(got), 1U);
}

TEST_F(IpfixExporter, ATcpCollectorMayComeLateAndComeBackToSessionsOfItsOwn) {
    std::uint16_t port = 0;
    { port = Collecting(SOCK_STREAM).port(); }
    const auto out = exporter("tcp:127.0.0.1:" + std::to_string(port));
    live(*out, 100ms);
    add(*out, 5);
    EXPECT_EQ(out->counts().lost, 5U);
    for (std::size_t i = 1; i <= 2; ++i) {
        Collecting there(SOCK_STREAM, port);
        live(*out, 1300ms);
        add(*out, 4);
        out->finish();
        const auto got = there.taken();
        ASSERT_EQ(records_of(got), 4U) << i;
        EXPECT_EQ(got[0].templates, 2U);
        EXPECT_EQ(got[0].sequence, 0U);
        EXPECT_EQ(out->counts().sent, 4 * i);
    }
    EXPECT_EQ(out->counts().lost, 5U);
    live(*out, 100ms);
    add(*out, 3);  // its end was noticed
    EXPECT_EQ(out->counts().lost, 8U);
}

TEST_F(IpfixExporter, ATcpCollectorThatStallsCostsFlowsAndNoTime) {
    Collecting there(SOCK_STREAM);
    const auto out = exporter(there.name());
    live(*out, 50ms);
    constexpr std::size_t kFlows = 200'000;
    const auto began = std::chrono::steady_clock::now();
    const Waits waits;
    for (std::size_t i = 0; i < kFlows; i += 1000) {
        add(*out, 1000);
        out->look();
    }
    EXPECT_LE(waits.so_far(), Waits::kForOneStall);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
    EXPECT_GT(out->counts().lost, 0U);
    std::atomic<bool> done{false};
    std::vector<Message> got;
    std::thread reader([&] {
        while (!done) {
            auto more = there.taken();
            std::move(more.begin(), more.end(), std::back_inserter(got));
        }
    });
    live(*out, 500ms);
    out->finish();
    done = true;
    reader.join();
    for (const auto end = soon(); records_of(got) < out->counts().sent && Clock::now() < end;)
        for (auto& m : there.taken()) got.push_back(std::move(m));
    EXPECT_EQ(records_of(got), out->counts().sent);
    EXPECT_EQ(out->counts().sent + out->counts().lost, kFlows);
    for (const auto& m : got) EXPECT_EQ(m.unknown, 0U);
}

TEST_F(IpfixExporter, AReplayLosesNothingToASlowCollector) {
    Collecting there(SOCK_STREAM);
    std::atomic<bool> done{false};
    std::size_t got = 0;
    std::thread reader([&] {
        while (!done) {
            got += records_of(there.taken());
            std::this_thread::sleep_for(2ms);
        }
    });
    {
        const auto out = exporter(there.name(), Begin::anew);
        add(*out, 100'000);
        out->finish();
        EXPECT_EQ(out->counts().lost, 0U);
        EXPECT_EQ(out->counts().sent, 100'000U);
        done = true;
        reader.join();
        for (const auto end = soon(); got < 100'000 && Clock::now() < end;) got += records_of(there.taken());
    }
    EXPECT_EQ(got, 100'000U);
}

TEST_F(IpfixExporter, WhatNobodyCanFindIsSaidAtTheStart) {
    const auto out = Exporter::open({.collector = "udp:999.0.0.1:1"}, Begin::append, always);
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().find("cannot export to udp:999.0.0.1:1: "), std::string::npos) << out.error();
}

TEST_F(IpfixExporter, AFileHasWholeMessagesAndARotatedOneASessionOfItsOwn) {
    const auto out = exporter(path_of("a"));
    add(*out, 500);
    out->finish();
    std::filesystem::rename(path_of("a"), path_of("a.1"));
    ASSERT_TRUE(out->reopen());
    add(*out, 10);
    out->finish();
    const auto read = [&](const char* name) {
        const std::string text = content_of(name);
        return Reader().read_all({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    };
    EXPECT_EQ(records_of(read("a.1")), 500U);
    ASSERT_EQ(read("a").size(), 2U);
    EXPECT_EQ(read("a")[0].sequence, 0U);
    EXPECT_EQ(records_of(read("a")), 10U);
    EXPECT_EQ(out->counts().sent, 510U);
}

TEST_F(IpfixExporter, AFullDiskCostsMessagesButCutsNone) {
    const auto out = exporter(path_of("a"));
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit limit{40'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    add(*out, 1000);
    out->finish();
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_GT(out->counts().lost, 0U);
    add(*out, 5);
    out->finish();
    const std::string text = content_of("a");
    const auto got = Reader().read_all({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    EXPECT_EQ(records_of(got), out->counts().sent);
    EXPECT_EQ(out->counts().sent + out->counts().lost, 1005U);
}

}  // namespace
}  // namespace ajar::exporting::ipfix
