// Does a conversation survive signals, late answers and an appliance that takes no calls?
#include "client/session.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "control/socket.hpp"

namespace ajar::client {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Somebody who answers a client as the test wants it.
class Answerer {
public:
    explicit Answerer(std::function<void(int fd)> talk) {
        std::string name = (fs::temp_directory_path() / "ajar-session-XXXXXX").string();
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        auto listening = control::listen_at(path(), "");
        EXPECT_EQ(listening.taken, control::Taken::fine) << listening.error;
        listens_ = std::move(listening.fd);
        thread_ = std::thread([this, talk = std::move(talk)] {
            for (int tries = 0; tries < 1000; ++tries) {
                const Descriptor fd(accept(listens_.get(), nullptr, nullptr));
                if (fd.get() >= 0) return talk(fd.get());
                std::this_thread::sleep_for(10ms);
            }
        });
    }
    ~Answerer() {
        thread_.join();
        fs::remove_all(folder_);
    }
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    [[nodiscard]] std::string path() const { return folder_ / "s"; }

private:
    fs::path folder_;
    Descriptor listens_;
    std::thread thread_;
};

void hear(int fd) {
    for (char c = 0; c != '\n';)
        if (read(fd, &c, 1) <= 0) return;
}
void tell(int fd, const std::string& line) {
    const auto text = line + "\n";
    EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

/// SIGWINCH again and again, as a window has it that somebody drags larger.
class Dragged {
public:
    Dragged() {
        struct sigaction action {};
        action.sa_handler = [](int) {};
        sigaction(SIGWINCH, &action, &before_);
        thread_ = std::thread([this, target = pthread_self()] {
            while (!over_) {
                pthread_kill(target, SIGWINCH);
                std::this_thread::sleep_for(5ms);
            }
        });
    }
    ~Dragged() {
        over_ = true;
        thread_.join();
        sigaction(SIGWINCH, &before_, nullptr);
    }
    Dragged(const Dragged&) = delete;
    Dragged& operator=(const Dragged&) = delete;

private:
    struct sigaction before_ {};
    std::atomic<bool> over_{false};
    std::thread thread_;
};

TEST(Session, AWindowsNewSizeIsNoEnd) {
    const Answerer there([](int fd) {
        hear(fd);
        std::this_thread::sleep_for(200ms);
        tell(fd, R"({"v":1,"id":1,"ok":true,"x":5})");
    });
    const Dragged window;
    auto session = Session::open(there.path(), 60s);
    ASSERT_TRUE(session) << session.error();
    const auto reply = session->ask({}, "stats");
    ASSERT_TRUE(reply) << reply.error();
    EXPECT_EQ(reply->value["x"].count(), 5U);
}

TEST(Session, ASignalThatMeansTheEndIs) {
    const Answerer there([](int fd) {
        hear(fd);
        hear(fd);  // until the client has gone
    });
    const Dragged window;
    auto session = Session::open(there.path(), 60s);
    ASSERT_TRUE(session) << session.error();
    session->give_up_if([] { return true; });
    const auto before = std::chrono::steady_clock::now();
    EXPECT_FALSE(session->ask({}, "stats"));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
}

TEST(Session, AnAnswerThatComesTooLateIsNotTheNextOne) {
    const Answerer there([](int fd) {
        hear(fd);
        hear(fd);
        tell(fd, R"({"v":1,"id":1,"ok":true,"x":1})");
        tell(fd, R"({"v":1,"id":2,"ok":true,"x":2})");
    });
    auto session = Session::open(there.path(), 3s);
    ASSERT_TRUE(session) << session.error();
    EXPECT_FALSE(session->ask({}, "stats"));
    const auto reply = session->ask({}, "stats");
    ASSERT_TRUE(reply) << reply.error();
    EXPECT_EQ(reply->value["x"].count(), 2U);
}

TEST(Session, WhoIsRefusedBeforeHeAskedIsToldWhy) {
    const Answerer there(
        [](int fd) { tell(fd, R"({"v":1,"id":null,"ok":false,"error":{"code":"busy","text":"crowded"}})"); });
    auto session = Session::open(there.path(), 60s);
    ASSERT_TRUE(session) << session.error();
    const auto reply = session->ask({}, "stats");
    ASSERT_TRUE(reply) << reply.error();
    EXPECT_EQ(reply->code, "busy");
}

TEST(Session, WhoTakesNoCallsIsNotWaitedForWithoutEnd) {
    std::string folder = (fs::temp_directory_path() / "ajar-deaf-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    auto deaf = control::listen_at(folder + "/s", "");
    ASSERT_EQ(deaf.taken, control::Taken::fine);
    std::vector<Session> crowd;
    for (int i = 0; i < 200; ++i) {
        auto session = Session::open(folder + "/s", 100ms);
        if (!session) {
            EXPECT_NE(session.error().find("does not take calls"), std::string::npos) << session.error();
            break;
        }
        crowd.push_back(std::move(*session));
    }
    EXPECT_LT(crowd.size(), 200U);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace ajar::client
