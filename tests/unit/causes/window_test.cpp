// What does a window make of many attempts: where is a flood, and whose is it?
#include "causes/window.hpp"

#include <gtest/gtest.h>

#include <map>

#include "trials.hpp"

namespace ajar::causes {
namespace {

using test::trial;

struct Judged : testing::Test {
    Window window{hash_key_from_seed(1)};
    std::map<Label, std::uint64_t> labels;
    Window::Sink sink = [this](const Trial&, Label label) { ++labels[label]; };

    void add(const Trial& t) { window.add(t, sink); }
    void close() { window.close(sink); }
};

TEST_F(Judged, ManyMuteAttemptsAtAServiceAreAFlood) {
    for (std::uint32_t n = 0; n < Window::kFlood; ++n) add(trial(n, 1, 80, Attempt::abandoned));
    close();
    EXPECT_EQ(labels, (std::map<Label, std::uint64_t>{{Label::spoofed_flood, Window::kFlood}}));
}

TEST_F(Judged, OneFewerIsNone) {
    for (std::uint32_t n = 1; n < Window::kFlood; ++n) add(trial(n, 1, 80, Attempt::abandoned));
    close();
    EXPECT_EQ(labels, (std::map<Label, std::uint64_t>{{Label::unknown, Window::kFlood - 1}}));
}

TEST_F(Judged, SoManyOverTwoWindowsAreNone) {
    for (std::uint32_t n = 0; n < Window::kFlood; ++n)
        add(trial(n, 1, 80, Attempt::abandoned, n < Window::kFlood / 2 ? 0 : 10));
    close();
    EXPECT_EQ(labels.count(Label::spoofed_flood), 0U);
}

TEST_F(Judged, ABusyServiceHasSomeThatStaySilent) {
    for (std::uint32_t n = 0; n < Window::kFlood; ++n) add(trial(n, 1, 80, Attempt::abandoned));
    for (std::uint32_t n = 0; n <= Window::kFlood * Window::kServedPerMute; ++n)
        add(trial(n, 1, 80, Attempt::used));
    close();
    EXPECT_EQ(labels.count(Label::spoofed_flood), 0U);
}

TEST_F(Judged, AFloodMayGoToAllPortsOfAnAddress) {
    for (std::uint32_t n = 0; n < 2 * Window::kFlood; ++n)
        add(trial(n, 1, static_cast<std::uint16_t>(n), Attempt::silent));
    close();
    EXPECT_EQ(labels, (std::map<Label, std::uint64_t>{{Label::spoofed_flood, 2 * Window::kFlood}}));
}

TEST_F(Judged, AFloodOfOneSourceAtOneServiceIsNoScan) {
    for (std::uint32_t n = 0; n < 1000; ++n) add(trial(1, 1, 80, Attempt::silent));
    close();
    EXPECT_EQ(labels, (std::map<Label, std::uint64_t>{{Label::spoofed_flood, 1000}}));
    EXPECT_TRUE(window.suspects().flagged().empty());
}

TEST_F(Judged, AScanOfAllPortsIsNoFlood) {
    for (std::uint32_t n = 0; n < 1000; ++n)
        add(trial(1, 1, static_cast<std::uint16_t>(n), n % 2 == 0 ? Attempt::aborted : Attempt::silent));
    close();
    EXPECT_EQ(labels, (std::map<Label, std::uint64_t>{{Label::half_open_scan, 500}, {Label::filtered, 500}}));
    EXPECT_EQ(window.suspects().flagged().size(), 1U);
}

TEST_F(Judged, AFloodAccusesNoneOfItsVictims) {
    for (std::uint32_t n = 0; n < 10'000; ++n)
        for (std::uint32_t server = 0; server < 6; ++server)  // one source, six flooded services
            add(trial(n % 3, server, 80, Attempt::silent));
    close();
    EXPECT_TRUE(window.suspects().flagged().empty());
}

TEST_F(Judged, HonestClientsOfAFloodedServiceMeetAFullBacklog) {
    for (std::uint32_t n = 0; n < 1000; ++n) add(trial(n, 1, 80, Attempt::silent));
    add(trial(5000, 1, 80, Attempt::persistent));
    add(trial(5000, 1, 8443, Attempt::persistent));
    close();
    EXPECT_EQ(labels[Label::backlog_overflow], 1U);
    EXPECT_EQ(labels[Label::filtered], 1U);
}

TEST_F(Judged, AnEmptyConnectionIsAScansOnlyFromAScanner) {
    add(trial(9, 1, 80, Attempt::empty));
    for (std::uint16_t port = 1; port <= 20; ++port) add(trial(1, 1, port, Attempt::empty));
    close();
    EXPECT_EQ(labels[Label::connect_scan], 20U);
    EXPECT_EQ(labels[Label::none], 1U);
}

TEST_F(Judged, AFullWindowClosesEarly) {
    for (std::size_t n = 0; n < Window::kMost; ++n) add(trial(1, 1, 80, Attempt::silent));
    EXPECT_TRUE(labels.empty());
    add(trial(1, 1, 80, Attempt::silent));
    EXPECT_EQ(labels[Label::spoofed_flood], Window::kMost - Window::kFlood);
    close();
    EXPECT_EQ(labels[Label::spoofed_flood], Window::kMost + 1);
}

TEST_F(Judged, AFloodThatFillsItLeavesTheOthersTheirTime) {
    for (std::uint16_t n = 0; n < 20; ++n) add(trial(1, n, 80, Attempt::refused));
    for (std::size_t n = 0; n < 3 * Window::kMost; ++n) add(trial(2, 1, 443, Attempt::silent));
    EXPECT_EQ(labels.count(Label::closed), 0U);
    for (std::uint16_t n = 100; n < 200; ++n) add(trial(1, n, 80, Attempt::used, 0));
    close();
    EXPECT_EQ(labels[Label::closed], 20U);
}

TEST_F(Judged, WithoutAFloodAFullWindowIsJudgedEarly) {
    for (std::uint32_t n = 0; n <= Window::kMost; ++n) add(trial(n, n, 80, Attempt::refused));
    EXPECT_EQ(labels[Label::closed], Window::kMost);
}

// Its failures are known after ten seconds, its successes when the connections are over.
TEST_F(Judged, TheOrderOfEndsAccusesNobody) {
    for (std::uint32_t n = 0; n < 100; ++n) {
        auto t = trial(1, n, 80, n % 10 == 9 ? Attempt::refused : Attempt::used, 0.01 * n);
        t.time = t.began + std::chrono::seconds(t.attempt == Attempt::refused ? 10 : 40);
        if (t.attempt == Attempt::refused) add(t);
    }
    for (std::uint32_t n = 0; n < 100; ++n) {
        auto t = trial(1, n, 80, Attempt::used, 0.01 * n);
        t.time = t.began + std::chrono::seconds(40);
        if (n % 10 != 9) add(t);
    }
    close();
    EXPECT_EQ(labels[Label::closed], 10U);
    EXPECT_TRUE(window.suspects().flagged().empty());
}

TEST_F(Judged, EachWindowIsJudgedWhenItsTimeHasCome) {
    const auto wait = std::chrono::duration<double>(Window::kLength + Window::kWait).count();
    add(trial(1, 1, 80, Attempt::refused, 0));
    add(trial(2, 1, 80, Attempt::refused, wait - 1));
    EXPECT_TRUE(labels.empty());
    add(trial(3, 1, 80, Attempt::refused, wait));
    EXPECT_EQ(labels[Label::closed], 1U);
    add(trial(4, 1, 80, Attempt::refused, 1e6));
    EXPECT_EQ(labels[Label::closed], 3U);
}

}  // namespace
}  // namespace ajar::causes
