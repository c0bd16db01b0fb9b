// Is a port whose restart fails tried again, ever more seldom, and is that said once?
#include "dataplane/restarts.hpp"

#include <gtest/gtest.h>

namespace ajar::dataplane {
namespace {

using namespace std::chrono_literals;

/// Two ports, of which port 1 asks; the test says whether its restart succeeds.
struct Bench {
    Restarts restarts{{"net_a", "net_b"}};
    bool works = false;
    int tries = 0;

    std::vector<std::string> look(std::chrono::milliseconds at) {
        return restarts.look(Restarts::Clock::time_point(at), [this](std::size_t port) -> Result<bool> {
            EXPECT_EQ(port, 1U);
            ++tries;
            if (works) return true;
            return Error{"port net_b: cannot be reset: Input/output error"};
        });
    }
};

TEST(Restarts, NobodyIsRestartedUnasked) {
    Bench b;
    EXPECT_TRUE(b.look(1h).empty());
    EXPECT_EQ(b.tries, 0);
}

TEST(Restarts, ASuccessIsSaidAndEndsIt) {
    Bench b;
    b.works = true;
    b.restarts.ask(1);
    EXPECT_EQ(b.look(0s), std::vector<std::string>{"port net_b: restarted, as its driver asked"});
    EXPECT_TRUE(b.look(1h).empty());
    EXPECT_EQ(b.tries, 1);
}

TEST(Restarts, AFailureIsTriedAgainAfterOneTwoFourSecondsAndSaidOnce) {
    Bench b;
    b.restarts.ask(1);
    const auto said = b.look(0s);
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].find("port net_b: cannot be reset: Input/output error"), 0U) << said[0];
    for (const auto at : {999ms, 1000ms, 2999ms, 3000ms, 6999ms, 7000ms}) EXPECT_TRUE(b.look(at).empty());
    EXPECT_EQ(b.tries, 4) << "at 0, 1, 3 and 7 s";
}

TEST(Restarts, NeverWaitLongerThanHalfAMinute) {
    Bench b;
    b.restarts.ask(1);
    for (std::chrono::milliseconds at = 0s; at < 10min; at += 100ms) b.look(at);
    const int before = b.tries;
    for (std::chrono::milliseconds at = 10min; at < 10min + 64s; at += 100ms) b.look(at);
    EXPECT_EQ(b.tries - before, 2);
}

TEST(Restarts, AfterASuccessTheNextFailureIsSaidAgain) {
    Bench b;
    b.restarts.ask(1);
    b.look(0s);
    b.works = true;
    EXPECT_EQ(b.look(1s).size(), 1U);
    b.works = false;
    b.restarts.ask(1);
    EXPECT_EQ(b.look(2s).size(), 1U);
    EXPECT_TRUE(b.look(2999ms).empty());
    b.look(3s);
    EXPECT_EQ(b.tries, 4) << "the wait begins with a second again";
}

}  // namespace
}  // namespace ajar::dataplane
