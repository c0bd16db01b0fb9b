// Does the server serve many, give nobody's dawdling a place for long, and stop at once?
#include "http/http.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "http/listen.hpp"

namespace ajar::http {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Of a stop: on a machine under load, and still less than the patience that nobody is to be given then.
constexpr auto kAtOnce = 3s;
static_assert(kAtOnce < Options{}.patience);

/// A visitor that speaks bytes.
class Visitor {
public:
    explicit Visitor(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    }
    bool say(std::string_view bytes) const {
        return send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    void end() const { shutdown(fd_.get(), SHUT_WR); }
    /// Up to the server's farewell.
    std::string all(std::chrono::milliseconds wait = 60s) {
        const auto end = Clock::now() + wait;
        auto more = More::some;
        while (more == More::some) more = read_on(end);
        return std::exchange(in_, {}) + (more == More::late ? "(no end)" : "");
    }
    /// From where it was left to the end of `what`, or all there is; what came behind it is left for later.
    std::string until(std::string_view what) {
        const auto end = Clock::now() + 60s;
        for (std::size_t known = 0;;) {
            if (const auto at = in_.find(what, known); at != std::string::npos) {
                auto out = in_.substr(0, at + what.size());
                in_.erase(0, out.size());
                return out;
            }
            known = in_.size() - std::min(in_.size(), what.size());
            if (const auto more = read_on(end); more != More::some)
                return std::exchange(in_, {}) + (more == More::late ? "(not in time)" : "(the end)");
        }
    }
    void follow() const { EXPECT_TRUE(say("GET /news HTTP/1.1\r\nHost: localhost\r\n\r\n")); }
    std::string get(const std::string& path) {
        EXPECT_TRUE(say("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return all();
    }

private:
    enum class More : std::uint8_t { some, late, none };
    More read_on(Clock::time_point end) {
        pollfd ready{fd_.get(), POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) <= 0) return More::late;
        std::array<char, 65536> block;
        const auto n = recv(fd_.get(), block.data(), block.size(), 0);
        if (n <= 0) return More::none;
        in_.append(block.data(), static_cast<std::size_t>(n));
        return More::some;
    }

    Descriptor fd_;
    std::string in_;  // and not handed out yet
};

class HttpTest : public testing::Test {
protected:
    void start() {
        auto listening = listen_at({"127.0.0.1", 0});
        ASSERT_EQ(listening.error, "");
        port_ = port_of(listening.fd);
        http_ = std::make_unique<Http>(std::move(listening.fd), options_);
        http_->get("/fast", [](const Request&) { return Reply{200, "text/plain", "quick"}; });
        http_->get("/large", [](const Request&) { return Reply{200, "a/b", std::string(8U << 20U, 'x')}; });
        http_->get("/waits", [this](const Request&) {
            while (!go_) std::this_thread::sleep_for(1ms);
            return Reply{200, "text/plain", "at last"};
        });
        http_->stream("/news", [this] { return feed_(); });
        thread_ = std::thread([this] { http_->run(); });
    }
    void TearDown() override {
        go_ = true;
        http_->stop();
        thread_.join();
    }
    template <typename Condition>
    static bool soon(Condition&& condition) {
        for (const auto end = Clock::now() + 60s; Clock::now() < end; std::this_thread::sleep_for(10ms))
            if (condition()) return true;
        return condition();
    }

    /// Everybody who follows has been told everything.
    std::vector<std::unique_ptr<Visitor>> followed_by(std::size_t count) {
        std::vector<std::unique_ptr<Visitor>> out;
        for (std::size_t n = 0; n < count; ++n) {
            out.push_back(std::make_unique<Visitor>(port_));
            out.back()->follow();
            EXPECT_NE(out.back()->until("data: all ").find("HTTP/1.1 200 OK\r\n"), std::string::npos);
        }
        return out;
    }

    static Options quick() {
        Options out;
        out.news_every = 20ms;
        return out;
    }
    Options options_ = quick();
    std::atomic<int> asked_{0};
    std::atomic<bool> fails_{false};  // the feed, once; here, for it is asked until the server has stopped
    std::function<News()> feed_ = [this] {
        const auto n = std::to_string(++asked_);
        return News{"data: all " + n + "\n\n", "data: new " + n + "\n\n"};
    };
    std::uint16_t port_ = 0;
    std::atomic<bool> go_{false};
    std::unique_ptr<Http> http_;
    std::thread thread_;
};

TEST_F(HttpTest, AnswersAndCloses) {
    start();
    for (int n = 0; n < 50; ++n) EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("\r\n\r\nquick"));
    EXPECT_EQ(Visitor(port_).get("/large").size() >> 20U, 8U);
    EXPECT_TRUE(soon([this] { return http_->facts().visitors == 0; }));
    const auto facts = http_->facts();
    EXPECT_EQ(facts.requests, 51U);
    EXPECT_EQ(facts.accepted, 51U);
    EXPECT_EQ(facts.faults, 0U);
}

TEST_F(HttpTest, ARequestMayComeInPieces) {
    start();
    Visitor visitor(port_);
    for (const char c : std::string_view("GET /fast HTTP/1.1\r\n\r\n")) {
        visitor.say({&c, 1});
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_TRUE(visitor.all().ends_with("quick"));
    Visitor ends(port_);
    ends.say("GET /fast HTT");
    ends.end();
    EXPECT_TRUE(ends.all().starts_with("HTTP/1.1 400 "));
}

TEST_F(HttpTest, WhoThinksLongKeepsNobodyElse) {
    start();
    Visitor waits(port_);
    waits.say("GET /waits HTTP/1.1\r\n\r\n");
    std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("quick"));
    go_ = true;
    EXPECT_TRUE(waits.all().ends_with("at last"));
}

TEST_F(HttpTest, WhoDawdlesGivesWay) {
    options_.visitors = 4;
    start();
    std::vector<std::unique_ptr<Visitor>> idle;
    for (int n = 0; n < 40; ++n) {
        idle.push_back(std::make_unique<Visitor>(port_));
        idle.back()->say("GET /fa");
    }
    EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("quick"));
    EXPECT_EQ(idle.front()->all(), "");
    EXPECT_GE(http_->facts().slow, 36U);
}

TEST_F(HttpTest, WhereAllAreBeingServedAFurtherOneIsToldSo) {
    options_.visitors = 3;
    start();
    std::vector<std::unique_ptr<Visitor>> served;
    for (std::uint64_t n = 0; n < 3; ++n) {
        served.push_back(std::make_unique<Visitor>(port_));
        served.back()->say("GET /waits HTTP/1.1\r\n\r\n");
        EXPECT_TRUE(soon([&] { return http_->facts().requests == n + 1; }));
    }
    EXPECT_TRUE(Visitor(port_).all().starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(http_->facts().refused, 1U);
    go_ = true;
    for (const auto& visitor : served) EXPECT_TRUE(visitor->all().ends_with("at last"));
}

TEST_F(HttpTest, NobodyHasForEver) {
    options_.patience = 200ms;
    start();
    Visitor silent(port_), slow(port_), reads_nothing(port_);
    slow.say("GET /fa");
    reads_nothing.say("GET /large HTTP/1.1\r\n\r\n");
    EXPECT_EQ(silent.all(), "");
    EXPECT_EQ(slow.all(), "");
    EXPECT_TRUE(soon([this] { return http_->facts().visitors == 0; }));
    EXPECT_EQ(http_->facts().slow, 3U);
}

TEST_F(HttpTest, ALongRequestIsRefused) {
    start();
    Visitor visitor(port_);
    visitor.say("GET /fast HTTP/1.1\r\nX: " + std::string(20000, 'a'));
    EXPECT_TRUE(visitor.all().starts_with("HTTP/1.1 431 "));
    Visitor posts(port_);
    posts.say("POST /fast HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n" + std::string(100000, 'b'));
    EXPECT_TRUE(posts.all().starts_with("HTTP/1.1 405 "));
    EXPECT_EQ(http_->facts().faults, 2U);
}

TEST_F(HttpTest, ItStopsWhateverGoesOn) {
    start();
    Visitor silent(port_), asks(port_), reads_nothing(port_);
    asks.say("GET /fa");
    reads_nothing.say("GET /large HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(soon([this] { return http_->facts().visitors == 3; }));
    const auto begun = Clock::now();
    http_->stop();
    thread_.join();
    EXPECT_LT(Clock::now() - begun, kAtOnce);
    EXPECT_EQ(silent.all(), "");
    thread_ = std::thread([] {});
}

TEST_F(HttpTest, AFollowerIsToldEverythingOnceAndThenWhatIsNew) {
    start();
    Visitor visitor(port_);
    visitor.follow();
    const auto told = visitor.until("data: new 3\n\n");
    EXPECT_TRUE(told.starts_with("HTTP/1.1 200 OK\r\n")) << told;
    EXPECT_NE(told.find("Content-Type: text/event-stream\r\n"), std::string::npos) << told;
    EXPECT_NE(told.find("Cache-Control: no-store\r\n"), std::string::npos) << told;
    EXPECT_TRUE(told.ends_with("\r\n\r\nretry: 2000\n\ndata: all 1\n\ndata: new 2\n\ndata: new 3\n\n"))
        << told;
    Visitor later(port_);
    later.follow();
    later.until("data: ");
    const auto first = later.until("\n\n");
    EXPECT_TRUE(first.starts_with("all ")) << first;
}

TEST_F(HttpTest, NewsAreAskedForOnceForAllAndNotAtAllWhereNobodyFollows) {
    start();
    Visitor(port_).get("/fast");
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(asked_, 0);
    const auto begun = Clock::now();
    {
        const auto followers = followed_by(10);
        std::this_thread::sleep_for(200ms);
        EXPECT_TRUE(soon([this] { return http_->facts().streams == 10; }));
        const int so_far = asked_;
        EXPECT_LE(so_far, (Clock::now() - begun) / options_.news_every + 1);
    }
    EXPECT_TRUE(soon([this] { return http_->facts().streams == 0; }));
    const int then = asked_;
    std::this_thread::sleep_for(150ms);
    EXPECT_LE(asked_, then + 1) << "but for the one that was asked for while somebody followed";
}

TEST_F(HttpTest, ThereIsAPlaceForSoManyFollowers) {
    options_.streams = 3;
    start();
    auto followers = followed_by(3);
    Visitor fourth(port_);
    fourth.follow();
    const auto refused = fourth.until("\r\n\r\nToo many watch at once; try again.\n");
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 ")) << refused;
    EXPECT_EQ(refused.find("(the end)"), std::string::npos) << refused;
    EXPECT_EQ(http_->facts().streams_refused, 1U);
    EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("quick"));
    followers.pop_back();
    EXPECT_TRUE(soon([this] { return http_->facts().streams == 2; }));
    const auto another = followed_by(1);
    EXPECT_EQ(http_->facts().streams_refused, 1U);
}

TEST_F(HttpTest, WhoFallsBehindIsDroppedAndNobodyElseNotices) {
    // Who reads falls behind too where it has no CPU for as long as eight pieces take.
    options_.patience = 3s;
    options_.news_every = 300ms;
    feed_ = [this] {
        const std::string much = "data: " + std::string(400000, 'x') + "\n\n";
        return News{"data: all " + std::to_string(++asked_) + "\n\n", much};
    };
    start();
    const auto reads_nothing = followed_by(5);
    Visitor reads(port_);
    reads.follow();
    const auto begun = Clock::now();
    std::size_t got = 0;
    while (http_->facts().streams_slow < 5 && Clock::now() - begun < 60s) {
        got += reads.until("x\n\n").size();
        EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("quick"));
    }
    EXPECT_EQ(http_->facts().streams_slow, 5U);
    EXPECT_TRUE(soon([this] { return http_->facts().streams == 1; }));
    EXPECT_GT(got, 400000U);
    EXPECT_EQ(reads.until("x\n\n").find("(the end)"), std::string::npos);
}

TEST_F(HttpTest, AFeedThatDoesNotAnswerKeepsNobody) {
    fails_ = true;
    feed_ = [this]() -> News {
        if (fails_.exchange(false)) throw std::runtime_error("no news");
        ++asked_;
        while (!go_) std::this_thread::sleep_for(1ms);
        return {"data: all 1\n\n", {}};
    };
    start();
    Visitor follows(port_);
    follows.follow();
    EXPECT_TRUE(soon([this] { return asked_ == 1; }));
    for (int n = 0; n < 20; ++n) EXPECT_TRUE(Visitor(port_).get("/fast").ends_with("quick"));
    EXPECT_EQ(asked_, 1);
    go_ = true;
    EXPECT_TRUE(follows.until("all 1\n\n").ends_with("data: all 1\n\n"));
}

TEST_F(HttpTest, TheStreamHasTheGuardsOfRoutes) {
    options_.streams = 2;
    start();
    const auto said = [this](const std::string& request) {
        Visitor visitor(port_);
        visitor.say(request);
        return visitor.all();
    };
    EXPECT_TRUE(said("GET /news HTTP/1.1\r\nHost: evil.example\r\n\r\n").starts_with("HTTP/1.1 421 "));
    EXPECT_TRUE(said("POST /news HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 405 "));
    EXPECT_TRUE(said("GET /news HTTP/9.9\r\n\r\n").starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(said("GET /news/ HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
    const auto head = said("HEAD /news HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n")) << head;
    // Who has said its last word is told where it is, and no more.
    Visitor ends(port_);
    ends.follow();
    ends.end();
    EXPECT_TRUE(ends.all().starts_with("HTTP/1.1 200 "));
    // Who goes on talking is heard for a while.
    Visitor talks(port_);
    talks.follow();
    talks.until("data: all ");
    const std::string nonsense(65536, '!');
    EXPECT_TRUE(soon([&] { return !talks.say(nonsense) || http_->facts().streams == 0; }));
    EXPECT_TRUE(soon([this] { return http_->facts().streams == 0; }));
    EXPECT_EQ(followed_by(2).size(), 2U);
}

TEST_F(HttpTest, ItStopsThoughManyFollow) {
    start();
    const auto followers = followed_by(10);
    const auto begun = Clock::now();
    http_->stop();
    thread_.join();
    EXPECT_LT(Clock::now() - begun, kAtOnce);
    for (const auto& follower : followers) EXPECT_EQ(follower->all().find("(no end)"), std::string::npos);
    thread_ = std::thread([] {});
}

TEST(HttpListen, APortIsOneProcessesOwn) {
    const auto first = listen_at({"127.0.0.1", 0});
    ASSERT_EQ(first.error, "");
    const auto second = listen_at({"127.0.0.1", port_of(first.fd)});
    EXPECT_TRUE(second.taken);
    EXPECT_NE(second.error.find("[http] listen: cannot listen at 127.0.0.1:"), std::string::npos)
        << second.error;
    const auto nowhere = listen_at({"192.0.2.77", 9293});
    EXPECT_FALSE(nowhere.taken);
    EXPECT_NE(nowhere.error.find("no such address"), std::string::npos) << nowhere.error;
    EXPECT_EQ(listen_at({"::1", 0}).error, "");
}

}  // namespace
}  // namespace ajar::http
