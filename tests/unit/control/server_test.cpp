// Does the socket serve many clients, answer hostile bytes, and send away who does not read?
#include "control/server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <thread>

#include "control/value.hpp"
#include "unit/control/fake_box.hpp"

namespace ajar::control {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::FakeBox;
using Clock = std::chrono::steady_clock;

/// A client that speaks bytes.
class Client {
public:
    explicit Client(const std::string& path) {
        auto fd = connect_to(path);
        EXPECT_TRUE(fd) << fd.error();
        if (fd) fd_ = std::move(*fd);
    }
    bool say(std::string_view bytes) {
        return send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    /// Without its end; empty where none comes, or the server has closed.
    std::string line(std::chrono::milliseconds wait = 60s) {
        const auto until = Clock::now() + wait;
        while (true) {
            if (const auto end = in_.find('\n'); end != std::string::npos) {
                auto out = in_.substr(0, end);
                in_.erase(0, end + 1);
                return out;
            }
            pollfd ready{fd_.get(), POLLIN, 0};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
            if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0) return {};
            std::array<char, 65536> block;
            const auto n = recv(fd_.get(), block.data(), block.size(), 0);
            if (n <= 0) return closed_ = true, std::string();
            in_.append(block.data(), static_cast<std::size_t>(n));
        }
    }
    Value ask(const std::string& request) {
        EXPECT_TRUE(say(request + "\n"));
        const auto text = line();
        auto value = parse_value(text, {16, 1U << 20U});
        EXPECT_TRUE(value) << text;
        return value ? *value : Value{};
    }
    bool closed() {
        while (!closed_ && !line().empty()) {
        }
        return closed_;
    }
    void end() { shutdown(fd_.get(), SHUT_WR); }
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    Descriptor fd_;
    std::string in_;
    bool closed_ = false;
};

class ServerTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "ajar-server-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = folder_ / "ajar.sock";
        options_.patience = 60s;  // but where somebody is to be sent away
        options_.clients = 8;
    }
    void start() {
        auto listening = listen_at(path_, "");
        ASSERT_EQ(listening.taken, Taken::fine) << listening.error;
        server_ = std::make_unique<Server>(std::move(listening.fd), path_, options_, box_);
        thread_ = std::thread([this] { server_->run(); });
    }
    void stop() {
        if (!thread_.joinable()) return;
        server_->stop();
        thread_.join();
        server_.reset();
    }
    void TearDown() override {
        stop();
        fs::remove_all(folder_);
    }
    static std::string code(const Value& reply) { return reply["error"]["code"].text(); }
    /// What the server says of itself, once it is as it should be, or after a minute.
    static Value when(Client& client, const std::function<bool(const Value&)>& good) {
        for (const auto end = Clock::now() + 60s;; std::this_thread::sleep_for(50ms)) {
            auto control = client.ask(R"({"v":1,"do":"stats"})")["control"];
            if (good(control) || Clock::now() > end) return control;
        }
    }
    /// A page of so many flows: asked for again where it ended early, which it does after 200 ms.
    static Value page(Client& client, const std::string& request, std::size_t flows) {
        Value out;
        for (int tries = 0; tries < 100 && out["flows"].list().size() != flows; ++tries)
            out = client.ask(request);
        return out;
    }
    /// The answer to one who is let in, as soon as one is: until then all are told that it is busy.
    Value let_in(const std::string& request) const {
        for (const auto end = Clock::now() + 60s; Clock::now() < end; std::this_thread::sleep_for(10ms)) {
            Client client(path_);
            client.say(request + "\n");
            const auto got = parse_value(client.line(), {16, 1U << 20U});
            if (got && (*got)["ok"].flag()) return *got;
        }
        return {};
    }

    FakeBox box_;
    fs::path folder_;
    std::string path_;
    ServerOptions options_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

TEST_F(ServerTest, ListsAndGoesOnAtTheCursor) {
    for (std::uint32_t n = 0; n < 500; ++n) box_.connect(n);
    start();
    Client client(path_);
    const auto first = page(client, R"({"v":1,"id":"a","do":"list","limit":300})", 300);
    EXPECT_EQ(first["id"].text(), "a");
    EXPECT_EQ(first["flows"].list().size(), 300U);
    const auto rest =
        page(client, R"({"v":1,"do":"list","limit":300,"cursor":")" + first["cursor"].text() + "\"}", 200);
    ASSERT_EQ(rest["flows"].list().size(), 200U);
    EXPECT_TRUE(rest["cursor"].null());
    EXPECT_EQ(rest["flows"].list()[0]["state"].text(), "ESTABLISHED");
    EXPECT_EQ(client.ask(R"({"v":1,"do":"list","count":true})")["count"].count(), 500U);
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"list","cursor":"s1.2.3"})")), "bad_value");
}

TEST_F(ServerTest, ServesManyAtOnceAndTellsTheOneTooMany) {
    start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<Client>(path_));
        EXPECT_TRUE(clients.back()->ask(R"({"v":1,"do":"posture"})")["done"].flag());
    }
    Client crowd(path_);
    EXPECT_NE(crowd.line().find("\"busy\""), std::string::npos);
    EXPECT_TRUE(crowd.closed());
    clients.pop_back();
    EXPECT_TRUE(let_in(R"({"v":1,"do":"posture"})")["done"].flag()) << "in the place of one that has gone";
}

TEST_F(ServerTest, RequestsInARowAreAnsweredInTheirOrder) {
    for (std::uint32_t n = 0; n < 100; ++n) box_.connect(n);
    start();
    Client client(path_);
    std::string all;
    for (int i = 0; i < 50; ++i)
        all +=
            "{\"v\":1,\"id\":" + std::to_string(i) + ",\"do\":\"" + (i % 2 == 0 ? "list" : "stats") + "\"}\n";
    ASSERT_TRUE(client.say(all + R"({"v":1,"id":50,"do":"stats"})"));  // the last without an end
    client.end();
    for (std::uint64_t i = 0; i <= 50; ++i) {
        const auto got = parse_value(client.line(), {16, 100'000});
        ASSERT_TRUE(got);
        EXPECT_EQ((*got)["id"].count(), i);
        EXPECT_TRUE((*got)["ok"].flag());
    }
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, EvictsOneAndFlushesMany) {
    for (std::uint32_t n = 0; n < 1000; ++n) box_.connect(n);
    for (std::uint32_t n = 1024; n < 1124; ++n) box_.knock(n);
    start();
    Client client(path_);
    auto got = client.ask(R"({"v":1,"do":"evict","flow":"10.0.0.7:1031-192.168.0.1:443"})");
    EXPECT_EQ(got["evicted"].count(), 1U) << text_of(got);
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"evict","flow":"10.0.0.7:1031-192.168.0.1:443"})")),
              "not_found");
    got = client.ask(R"({"v":1,"do":"flush","state":"SYN_SENT"})");
    EXPECT_EQ(got["evicted"].count(), 100U) << text_of(got);
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"flush"})")), "bad_request");
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"flush","all":true,"dport":80})")), "bad_request");
    got = client.ask(R"({"v":1,"do":"flush","all":true,"reset":"no"})");
    EXPECT_EQ(got["evicted"].count(), 999U) << text_of(got);
    stop();
    EXPECT_EQ(box_.living(), 0U);
}

TEST_F(ServerTest, WithoutOrdersItSaysWhy) {
    box_.refusal = "no orders here";
    start();
    Client client(path_);
    const auto got = client.ask(R"({"v":1,"do":"flush","all":true})");
    EXPECT_EQ(code(got), "not_now");
    EXPECT_EQ(got["error"]["text"].text(), "no orders here");
}

TEST_F(ServerTest, MainIsAskedAndItsWordComesBack) {
    box_.answers = [](const Errand& e) -> Answer {
        if (e.what == Errand::What::block) return {true, ",\"prefix\":\"" + e.word + "\"", {}};
        return {false, "not like this", {}};
    };
    start();
    Client client(path_);
    EXPECT_EQ(client.ask(R"({"v":1,"do":"block","prefix":"10.0.0.0/8","for":"5m"})")["prefix"].text(),
              "10.0.0.0/8");
    EXPECT_EQ(client.ask(R"({"v":1,"do":"reload"})")["error"]["text"].text(), "not like this");
    stop();
    EXPECT_EQ(box_.errands[0].span, Duration(5min));
}

TEST_F(ServerTest, WhoChangesAnythingIsTold) {
    std::vector<std::string> log;
    options_.log = [&](const std::string& line) { log.push_back(line); };
    start();
    Client client(path_);
    for (const auto* what : {"list", "profile", "posture", "stats", "config"})
        EXPECT_TRUE(client.ask(std::string(R"({"v":1,"do":")") + what + "\"}")["ok"].flag());
    for (const auto* what :
         {"flush\",\"all\":\"true", "profile\",\"name\":\"linux", "reload", "block\",\"prefix\":\"10.0.0.1"})
        EXPECT_TRUE(client.ask(std::string(R"({"v":1,"do":")") + what + "\"}")["ok"].flag());
    stop();
    ASSERT_EQ(log.size(), 4U);
    EXPECT_NE(log[0].find("user " + std::to_string(geteuid()) + ", process " + std::to_string(getpid())),
              std::string::npos)
        << log[0];
    EXPECT_NE(log[0].find("flush"), std::string::npos);
}

TEST_F(ServerTest, AMainThatIsTooBusyIsSaid) {
    box_.too_busy = true;
    start();
    Client client(path_);
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"stats"})")), "busy");
    EXPECT_EQ(code(client.ask(R"({"v":1,"do":"posture"})")), "busy");
}

Event event_of(FakeBox& box, EventKind kind) {
    for (const auto& e : box.lab.events)
        if (e.kind == kind) return e;
    ADD_FAILURE() << "no such event";
    return {};
}

TEST_F(ServerTest, EventsAreFollowedFilteredAndRemembered) {
    box_.lab.policy.flow_start_events = true;
    box_.knock(1);
    box_.lab.pass(10min);
    const auto evicted = event_of(box_, EventKind::evicted);
    const auto begun = event_of(box_, EventKind::flow_start);
    start();
    Client all(path_), some(path_);
    EXPECT_TRUE(all.ask(R"({"v":1,"id":1,"do":"events","defence":true})")["following"].flag());
    EXPECT_TRUE(box_.follows_all);
    EXPECT_TRUE(
        some.ask(R"({"v":1,"id":2,"do":"events","type":"evicted","src":"10.0.0.2"})")["following"].flag());
    box_.tell(begun);
    box_.tell(evicted);
    EXPECT_NE(all.line().find("\"flow_start\""), std::string::npos);
    EXPECT_NE(all.line().find("\"evicted\""), std::string::npos);
    box_.change("{\"event_type\":\"defence\"}");
    EXPECT_NE(all.line().find("\"defence\""), std::string::npos);
    EXPECT_EQ(some.line(200ms), "");
    auto got = some.ask(R"({"v":1,"id":3,"do":"explain","flow":"10.0.0.1:1025-192.168.0.1:443"})");
    EXPECT_EQ(got["events"].list().size(), 1U) << "a flow's start explains nothing";
    EXPECT_EQ(got["remembered"].count(), 1U);
    got = some.ask(R"({"v":1,"id":4,"do":"events","recent":10,"no-follow":true})");
    EXPECT_EQ(got["recent"].count(), 1U);
    EXPECT_NE(some.line().find("\"evicted\""), std::string::npos);
    EXPECT_NE(some.line().find("\"end\":true"), std::string::npos);
}

TEST_F(ServerTest, WhoDoesNotReadIsSentAway) {
    for (std::uint32_t n = 0; n < 4000; ++n) box_.connect(n);
    options_.patience = 300ms;
    start();
    Client slow(path_), other(path_);
    for (int i = 0; i < 20; ++i) slow.say("{\"v\":1,\"do\":\"list\"}\n");
    const auto stats = when(other, [](const Value& s) { return s["dropped_slow"].count() != 0; });
    EXPECT_EQ(stats["dropped_slow"].count(), 1U) << text_of(stats);
    EXPECT_EQ(stats["clients"].count(), 1U);
}

TEST_F(ServerTest, WhoDoesNotEndHisLineIsSentAway) {
    options_.patience = 300ms;
    start();
    Client idle(path_), begun(path_);
    ASSERT_TRUE(begun.say("{\"v\":1"));
    EXPECT_TRUE(begun.closed());
    EXPECT_TRUE(idle.ask(R"({"v":1,"do":"stats"})")["ok"].flag()) << "who waits between requests may wait";
}

TEST_F(ServerTest, ALineWithoutEndIsNotKept) {
    start();
    Client client(path_);
    const std::string much(1U << 16U, 'x');
    for (int i = 0; i < 16 && client.say(much); ++i) {
    }
    EXPECT_NE(client.line().find("too_long"), std::string::npos);
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, WhoHasNotBeenQuietForLongDoesNotGiveWay) {
    options_.clients = 3;
    start();
    Client follows(path_), talks(path_), silent(path_);
    EXPECT_TRUE(follows.ask(R"({"v":1,"do":"events"})")["ok"].flag());
    EXPECT_TRUE(silent.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
    Client comes(path_);
    EXPECT_NE(comes.line().find("\"busy\""), std::string::npos);
    EXPECT_TRUE(silent.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
}

TEST_F(ServerTest, WhoAsksForNothingGivesWay) {
    options_.clients = 3;
    options_.patience = 300ms;
    start();
    Client follows(path_), talks(path_), silent(path_);
    EXPECT_TRUE(follows.ask(R"({"v":1,"do":"events"})")["ok"].flag());
    EXPECT_TRUE(silent.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
    EXPECT_TRUE(talks.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
    EXPECT_EQ(let_in(R"({"v":1,"do":"stats"})")["control"]["displaced"].count(), 1U);
    EXPECT_TRUE(silent.closed());
    EXPECT_TRUE(talks.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
    EXPECT_TRUE(follows.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
}

TEST_F(ServerTest, NobodyLooksForClientsThatAreGone) {
    for (std::uint32_t n = 0; n < 200; ++n) box_.connect(n);
    // None is refused before it has asked, however late it is noticed that others went.
    options_.clients = 128;
    start();
    Client sane(path_);
    EXPECT_TRUE(sane.ask(R"({"v":1,"do":"posture"})")["ok"].flag());
    box_.stands = true;
    box_.looked = 0;
    for (int i = 0; i < 100; ++i) {
        Client gone(path_);
        EXPECT_TRUE(gone.say("{\"v\":1,\"do\":\"list\",\"sort\":\"age\"}\n"));
    }
    EXPECT_TRUE(sane.ask(R"({"v":1,"do":"posture"})")["ok"].flag()) << "the server is free meanwhile";
    std::this_thread::sleep_for(300ms);
    box_.stands = false;
    EXPECT_EQ(sane.ask(R"({"v":1,"do":"list","count":true})")["count"].count(), 200U);
    // Those that had begun end at their next step, the others never begin.
    EXPECT_LT(box_.looked, 2 * kPartitions + 200) << "of " << 100 * kPartitions;
}

TEST_F(ServerTest, LooksWaitWhereTooMuchIsUnread) {
    for (std::uint32_t n = 0; n < 4000; ++n) box_.connect(n);
    options_.room = 1U << 20U;
    options_.patience = 1s;
    start();
    // More than may look at the same time, and each answer is larger than all that may wait.
    const auto before = Clock::now();
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 5; ++i) {
        slow.push_back(std::make_unique<Client>(path_));
        EXPECT_TRUE(slow.back()->say("{\"v\":1,\"do\":\"list\",\"sort\":\"age\"}\n"));
    }
    Client patient(path_);
    EXPECT_EQ(patient.ask(R"({"v":1,"do":"list","count":true})")["count"].count(), 4000U);
    EXPECT_GT(Clock::now() - before, options_.patience) << "until those were sent away who do not read";
    EXPECT_GE(patient.ask(R"({"v":1,"do":"stats"})")["control"]["dropped_slow"].count(), 1U);
}

TEST_F(ServerTest, AFollowerWhoReadsTooSlowlyIsToldWhatHeMissed) {
    box_.lab.policy.flow_start_events = true;
    box_.knock(1);
    const auto begun = event_of(box_, EventKind::flow_start);
    options_.room = 1;  // then 64 KiB for each
    start();
    Client slow(path_);
    ASSERT_TRUE(slow.say("{\"v\":1,\"do\":\"events\"}\n"));
    while (!box_.follows_all) std::this_thread::yield();
    constexpr std::uint64_t kMany = 5000;
    for (std::uint64_t i = 0; i < kMany; ++i)
        while (!box_.tell(begun)) std::this_thread::yield();
    std::this_thread::sleep_for(200ms);
    std::uint64_t got = 0, lost = 0;
    while (got + lost < kMany) {
        const auto text = slow.line();
        const auto line = parse_value(text, {16, 10'000});
        ASSERT_TRUE(line) << text;
        got += (*line)["event"].null() ? 0 : 1;
        lost += (*line)["lost"].count();
    }
    EXPECT_GT(lost, 100U);
    EXPECT_GT(got, 50U);
}

TEST_F(ServerTest, WhoHasSaidAllAndFollowsNothingIsLetGo) {
    start();
    Client client(path_);
    ASSERT_TRUE(client.say("{\"v\":1,\"do\":\"events\",\"no-follow\":true}\n"));
    client.end();
    EXPECT_NE(client.line().find("\"ok\":true"), std::string::npos);
    EXPECT_NE(client.line().find("\"end\":true"), std::string::npos);
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, WhoGoesInTheMiddleHarmsNobody) {
    for (std::uint32_t n = 0; n < 3000; ++n) box_.connect(n);
    box_.lab.policy.flow_start_events = true;
    box_.knock(5000);
    const auto begun = event_of(box_, EventKind::flow_start);
    options_.clients = 256;  // none is refused before it has asked
    start();
    Client sane(path_);
    const std::vector<std::string> kAll = {"list", "stats", "events", "flush\",\"dport\":\"1", "posture"};
    for (int i = 0; i < 200; ++i) {
        Client client(path_);
        EXPECT_TRUE(
            client.say("{\"v\":1,\"do\":\"" + kAll[static_cast<std::size_t>(i) % kAll.size()] + "\"}\n"));
        if (i % 3 == 0) client.line(20ms);
        box_.tell(begun);
    }
    EXPECT_EQ(sane.ask(R"({"v":1,"do":"list","count":true})")["count"].count(), 3001U);
    const auto end = when(sane, [](const Value& s) { return s["clients"].count() == 1; });
    EXPECT_EQ(end["clients"].count(), 1U);
    while (box_.follows_all) std::this_thread::yield();
}

TEST_F(ServerTest, ItStopsInTheMiddleOfEverything) {
    for (std::uint32_t n = 0; n < 5000; ++n) box_.connect(n);
    box_.lazy = true;  // orders are never carried out
    start();
    Client flushes(path_), lists(path_), sorts(path_), follows(path_), begins(path_);
    EXPECT_TRUE(follows.ask(R"({"v":1,"do":"events"})")["ok"].flag());
    EXPECT_TRUE(flushes.say("{\"v\":1,\"do\":\"flush\",\"all\":true}\n"));
    while (box_.ordered == 0) std::this_thread::sleep_for(1ms);
    box_.stands = true;
    EXPECT_TRUE(lists.say("{\"v\":1,\"do\":\"list\"}\n"));
    EXPECT_TRUE(sorts.say("{\"v\":1,\"do\":\"list\",\"sort\":\"age\"}\n"));
    EXPECT_TRUE(begins.say("{\"v\":1"));
    std::this_thread::sleep_for(50ms);
    std::thread later([this] {
        std::this_thread::sleep_for(100ms);
        box_.stands = false;
    });
    const auto before = Clock::now();
    stop();
    later.join();
    EXPECT_LT(Clock::now() - before, 5s);
    for (auto* client : {&flushes, &lists, &sorts, &follows, &begins}) EXPECT_TRUE(client->closed());
}

TEST_F(ServerTest, WhatHasTakenThePlaceOfItsFileStays) {
    start();
    fs::remove(path_);
    close(open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    stop();
    EXPECT_TRUE(fs::exists(path_));
}

/// A request, and what becomes of it in bad hands.
std::string mutated(std::mt19937& random) {
    static const std::vector<std::string> kSeeds = {
        R"({"v":1,"id":7,"do":"list","state":"SYN_SENT","src":"10.0.0.0/8","age":">5s","sort":"bytes","limit":100})",
        R"({"v":1,"id":"x","do":"get","flow":"10.0.0.1:4711-10.0.0.2:80"})",
        R"({"v":1,"do":"flush","src":"203.0.113.0/24","reset":"yes"})",
        R"({"v":1,"do":"events","type":"evicted","recent":5,"no-follow":true})",
        R"({"v":1,"do":"stats","ages":true,"talkers":true})",
        R"({"v":1,"do":"block","prefix":"2001:db8::/48","for":"1h"})",
        R"({"v":1,"do":"list","cursor":"p3f.200000001"})",
    };
    std::string text = kSeeds[random() % kSeeds.size()];
    for (auto n = random() % 6; n > 0 && !text.empty(); --n) {
        const auto at = random() % text.size();
        switch (random() % 5) {
            case 0:
                text[at] = static_cast<char>(random());
                break;
            case 1:
                text.erase(at, random() % 8);
                break;
            case 2:
                text.insert(at, text.substr(random() % text.size(), random() % 16));
                break;
            case 3:
                text.insert(at, std::string(random() % 40, "[{\"0,\x80"[random() % 6]));
                break;
            default:
                text.insert(at, std::to_string(random()) + std::to_string(random()));
        }
    }
    std::erase(text, '\n');
    return text;
}

TEST_F(ServerTest, TenThousandHostileRequestsGetTenThousandAnswers) {
    for (std::uint32_t n = 0; n < 50; ++n) box_.connect(n);
    start();
    std::mt19937 random(7);
    std::uint64_t faults = 0, good = 0;
    for (int round = 0; round < 100; ++round) {
        Client client(path_);
        std::size_t asked = 0;
        std::string all;
        for (int i = 0; i < 100; ++i) {
            auto text = mutated(random);
            if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
            if (text.find("follow") == std::string::npos && text.find("events") != std::string::npos)
                continue;
            ++asked;
            all += text + "\n";
        }
        ASSERT_TRUE(client.say(all));
        client.end();
        std::size_t answered = 0;
        for (auto line = client.line(); !line.empty(); line = client.line()) {
            const auto got = parse_value(line, {16, 1U << 20U});
            ASSERT_TRUE(got) << line;
            if ((*got)["ok"].null()) continue;  // of a stream
            ++answered;
            ++((*got)["ok"].flag() ? good : faults);
            EXPECT_NE((*got)["ok"].flag(), (*got)["error"]["text"].text() != "") << line;
        }
        EXPECT_EQ(answered, asked);
    }
    EXPECT_GT(faults, 3000U);
    EXPECT_GT(good, 1000U);
    Client sane(path_);
    EXPECT_TRUE(sane.ask(R"({"v":1,"do":"stats"})")["ok"].flag());
}

TEST_F(ServerTest, AStaleSocketGivesWayALivingOneDoesNot) {
    {
        auto dead = listen_at(path_, "");
        ASSERT_EQ(dead.taken, Taken::fine);
    }
    EXPECT_TRUE(fs::exists(path_));
    start();
    struct stat about {};
    ASSERT_EQ(stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0660U);
    const auto second = listen_at(path_, "");
    EXPECT_EQ(second.taken, Taken::by_other);
    EXPECT_NE(second.error.find("belongs to an appliance that runs"), std::string::npos);
    EXPECT_TRUE(Client(path_).ask(R"({"v":1,"do":"stats"})")["ok"].flag());
    stop();
    EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ServerTest, WhoeverLocksTheFolderDoesNotHoldUpAStart) {
    const Descriptor lock(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(flock(lock.get(), LOCK_EX), 0);
    EXPECT_EQ(listen_at(path_, "").taken, Taken::failed);
}

TEST_F(ServerTest, ALinkIsNotFollowed) {
    fs::create_symlink(folder_ / "elsewhere", path_);
    EXPECT_EQ(listen_at(path_, "").taken, Taken::failed);
    EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
    EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(ServerTest, WhatIsNoSocketIsNotTouched) {
    close(open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    const auto got = listen_at(path_, "");
    EXPECT_EQ(got.taken, Taken::failed);
    EXPECT_TRUE(fs::exists(path_));
    EXPECT_EQ(listen_at("/nonexistent/ajar.sock", "").taken, Taken::failed);
    EXPECT_EQ(listen_at(folder_ / std::string(200, 'x'), "").taken, Taken::failed);
    EXPECT_EQ(listen_at(folder_ / "other", "no such group").taken, Taken::failed);
    EXPECT_FALSE(fs::exists(folder_ / "other"));
}

}  // namespace
}  // namespace ajar::control
