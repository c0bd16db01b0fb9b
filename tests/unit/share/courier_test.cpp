// The courier with servers of all kinds: right, full, silent, mad.
#include "share/courier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <optional>

#include "fake_redis.hpp"
#include "words.hpp"

namespace ajar::share {
namespace {

using namespace std::chrono_literals;
constexpr std::string_view kNow = "1700000000";  // the server's, in seconds

/// Streams as they are read once; nothing afterwards.
struct Streams {
    std::vector<std::string> blocks{}, sums{};
};

/// Of a server in order; XADD gets an id that grows.
FakeRedis::Answer sound(Streams once = {}) {
    return [once, next = 0](const FakeRedis::Command& c) mutable {
        if (c[0] == "AUTH") return std::string("+OK\r\n");
        if (c[0] == "TIME") return list({bulk(std::string(kNow)), bulk("0")});
        if (c[0] == "XREVRANGE") return list({});
        if (c[0] == "XADD") return bulk(std::string(kNow) + "000-" + std::to_string(next++));
        if (c[0] != "XREAD" || (once.blocks.empty() && once.sums.empty())) return std::string("*-1\r\n");
        const auto out = list(
            {list({bulk("ajar:blocks"), list(once.blocks)}), list({bulk("ajar:sums"), list(once.sums)})});
        once = {};
        return out;
    };
}

struct Courage : testing::Test {
    void start(FakeRedis::Answer answer, const std::string& password = {}, Duration clock_every = 20s) {
        redis.emplace(std::move(answer));
        Options options{
            "unix:" + redis->path(), {redis->path(), {}}, {}, password, "ajar", kOne, clock_every};
        courier.emplace(options, desk);
        thread = std::thread([this] { courier->run(); });
    }
    void TearDown() override {
        const auto begin = Clock::now();
        desk.stop();
        if (thread.joinable()) thread.join();
        EXPECT_LT(Clock::now() - begin, 3s) << "nothing holds it up";
    }
    template <typename True>
    [[nodiscard]] bool soon(True&& is_true, std::chrono::milliseconds patience = 60s) {
        for (const auto end = Clock::now() + patience; Clock::now() < end; std::this_thread::sleep_for(5ms))
            if (is_true()) return true;
        return false;
    }
    [[nodiscard]] bool comes_up() {
        return soon([&] { return desk.facts().up; });
    }
    static std::uint64_t of(const std::array<std::uint64_t, 3>& counts, Desk::Stream s) {
        return counts[static_cast<std::size_t>(s)];
    }

    Desk desk;
    std::atomic<int> step{0};  // of a script; here, for the server answers until it goes with the rest
    std::optional<FakeRedis> redis;
    std::optional<Courier> courier;
    std::thread thread;
};

Words sums_of(const Box& box, std::uint32_t count) {
    Sums sums;
    sums.pending.services.emplace("web", count);
    return sums_entry(box, sums);
}

TEST_F(Courage, OnesOwnWordsAreNotHeard) {
    start(sound({{entry("1700000000000-0", block_entry(kOne, {Deed::add, prefix("192.0.2.1"), true, {}}))},
                 {entry("5-0", sums_of(kOne, 1000)), entry("5-1", sums_of(kTwo, 7))}}));
    std::optional<Heard> heard;
    ASSERT_TRUE(soon([&] {
        if (auto next = desk.take_heard()) heard = std::move(next);
        return heard && heard->pending;
    }));
    EXPECT_EQ(heard->pending->of("web"), 7U);
    EXPECT_TRUE(heard->blocks.empty());
    ASSERT_EQ(heard->boxes.size(), 1U);
    EXPECT_EQ(heard->boxes[0].box, kTwo);
    EXPECT_EQ(of(desk.facts().heard, Desk::Stream::sums), 1U);
}

TEST_F(Courage, TellsHowItIs) {
    start(sound());
    Own own;
    own.pending.services.emplace("web", 77);
    own.blocks = {{prefix("192.0.2.1"), true, {}}};
    desk.put(own);
    ASSERT_TRUE(soon([&] { return redis->heard("XADD").size() >= 2; }));
    const auto said = redis->heard("XADD");
    EXPECT_EQ(said[0][1], "ajar:sums");
    EXPECT_NE(std::find(said[0].begin(), said[0].end(), "77 web"), said[0].end());
    EXPECT_EQ(said[1][1], "ajar:blocks");
    EXPECT_NE(std::find(said[1].begin(), said[1].end(), "192.0.2.1/32"), said[1].end());
    desk.stop();
    EXPECT_TRUE(soon([&] {
        const auto last = redis->heard("XADD");
        return last.back().back() == "1" && last.back()[last.back().size() - 2] == "bye";
    })) << "it takes its leave";
}

TEST_F(Courage, TellsNothingThatIsNotWanted) {
    start(sound());
    Own own;
    own.wishes = {false, false, false, 1000};
    own.pending.services.emplace("web", 77);
    own.blocks = {{prefix("192.0.2.1"), true, {}}};
    desk.put(own);
    ASSERT_TRUE(comes_up());
    desk.tell(Event{});
    desk.remove("192.0.2.1/32");
    std::this_thread::sleep_for(200ms);
    EXPECT_TRUE(redis->heard("XADD").empty());
}

TEST_F(Courage, EventsGoOutInTheirOrder) {
    start(sound());
    Event event;
    for (int n = 0; n < 1000; ++n) {
        event.flow_id = static_cast<std::uint64_t>(n);
        desk.tell(event);
    }
    ASSERT_TRUE(soon([&] { return of(desk.facts().told, Desk::Stream::events) == 1000; }));
    const auto said = redis->heard("XADD");
    for (std::size_t n = 0; n < 1000; ++n)
        ASSERT_NE(said[n].back().find("\"flow_id\":" + std::to_string(n) + ','), std::string::npos)
            << said[n].back();
}

TEST_F(Courage, WhatFindsNoRoomIsLostAndCounted) {
    for (std::size_t n = 0; n < Desk::kEvents + 100; ++n) desk.tell(Event{});
    EXPECT_EQ(of(desk.facts().lost, Desk::Stream::events), 100U);
}

TEST_F(Courage, WithASilentServerNothingIsHeldUp) {
    start([](const auto&) { return std::string(); });
    for (int n = 0; n < 100; ++n) desk.tell(Event{});
    std::this_thread::sleep_for(100ms);
    EXPECT_FALSE(desk.facts().up);
}  // TearDown() measures its end

TEST_F(Courage, WhoSpeaksNoRedisIsLeftAndTriedAgain) {
    start([](const auto&) { return std::string("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    ASSERT_TRUE(soon([&] { return desk.facts().breaks >= 2; }));
    EXPECT_FALSE(desk.facts().up);
    redis->answers(sound());
    EXPECT_TRUE(comes_up());
}

TEST_F(Courage, AnswersThatMakeNoSenseEndTheConnection) {
    for (const char* const nonsense : {":1\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n$1\r\nx\r\n*0\r\n",
                                       "*1\r\n*2\r\n$11\r\najar:blocks\r\n*1\r\n*2\r\n$1\r\nx\r\n*0\r\n",
                                       "*2147483647\r\n", "-WRONGTYPE Operation against a key\r\n"}) {
        SCOPED_TRACE(nonsense);
        Desk own;
        FakeRedis server([&, good = sound()](const FakeRedis::Command& c) mutable {
            return c[0] == "XREAD" ? std::string(nonsense) : good(c);
        });
        Courier mad({"x", {server.path(), {}}, {}, {}, "ajar", kOne}, own);
        std::thread other([&] { mad.run(); });
        EXPECT_TRUE(soon([&] { return own.facts().breaks >= 1; }));
        own.stop();
        other.join();
    }
}

TEST_F(Courage, AWrongPasswordIsNoEndlessHurry) {
    const auto begun = Clock::now();
    start(
        [good = sound()](const FakeRedis::Command& c) mutable {
            return c[0] == "AUTH" ? std::string("-WRONGPASS invalid\r\n") : good(c);
        },
        "secret");
    std::this_thread::sleep_for(1s);
    EXPECT_TRUE(soon([&] { return desk.facts().breaks >= 2; }));
    EXPECT_FALSE(desk.facts().up);
    const auto breaks = desk.facts().breaks;
    // Half of 0.1 s lies between the first two at the least, and twice as long each time up to half of 10 s.
    const auto time = Clock::now() - begun;
    const auto doublings = std::log2(1 + std::chrono::duration<double>(time) / (BackOff::kFirst / 2));
    EXPECT_LE(static_cast<double>(breaks), 1 + doublings + static_cast<double>(time / (BackOff::kLast / 2)));
    redis->answers(sound());
    EXPECT_TRUE(comes_up());
}

TEST_F(Courage, AFullServerLosesWhatIsToldAndIsHeardOn) {
    start([good = sound({{}, {entry("5-1", sums_of(kTwo, 7))}})](const FakeRedis::Command& c) mutable {
        return c[0] == "XADD" ? std::string("-OOM command not allowed\r\n") : good(c);
    });
    desk.put({});
    for (int n = 0; n < 10; ++n) desk.tell(Event{});
    EXPECT_TRUE(soon([&] { return of(desk.facts().lost, Desk::Stream::events) == 10; }));
    EXPECT_TRUE(soon([&] { return of(desk.facts().heard, Desk::Stream::sums) == 1; }));
    EXPECT_TRUE(desk.facts().up);
    EXPECT_EQ(desk.facts().breaks, 0U);
}

TEST_F(Courage, EntriesThatMakeNoSenseAreCountedAndPassedOver) {
    start(sound({{entry("1700000000000-0", {"v", "1"}), entry("1700000000000-1", {}),
                  entry("1700000000000-2", block_entry(kTwo, {Deed::add, prefix("10.0.0.0/8"), true, {}})),
                  entry("1700000000000-3", block_entry(kTwo, {Deed::add, prefix("192.0.2.1"), true, {}}))},
                 {entry("5-0", {"box"})}}));
    EXPECT_TRUE(soon([&] { return of(desk.facts().heard, Desk::Stream::blocks) == 1; }));
    EXPECT_TRUE(soon([&] { return desk.facts().refused >= 4; }));
    EXPECT_EQ(desk.facts().refused, 4U);
    EXPECT_EQ(desk.facts().breaks, 0U);
}

/// How old a word is the server's clock says, which may be set while a connection lasts.
TEST_F(Courage, TheServersClockIsAskedAgain) {
    constexpr const char* kAhead = "1700000050";
    const auto block = block_entry(kTwo, {Deed::add, prefix("192.0.2.1"), true, 30s});
    start(
        [this, block, good = sound()](const FakeRedis::Command& c) mutable {
            if (c[0] == "TIME" && step == 0) return list({bulk(kAhead), bulk("0")});
            if (c[0] != "XREAD" || step != 2) return good(c);
            step = 3;
            return list({list({bulk("ajar:blocks"), list({entry(std::string(kNow) + "000-0", block)})})});
        },
        {}, 100ms);
    ASSERT_TRUE(comes_up());
    step = 1;
    const auto asked = redis->heard("TIME").size();
    ASSERT_TRUE(soon([&] { return redis->heard("TIME").size() >= asked + 2; }));
    step = 2;
    std::optional<Heard> heard;
    ASSERT_TRUE(soon([&] {
        if (auto next = desk.take_heard()) heard = std::move(next);
        return heard && !heard->blocks.empty();
    })) << "by the clock as it was it would be over";
    EXPECT_EQ(heard->blocks.front().prefix, "192.0.2.1/32");
}

/// Whoever removes a block removes it everywhere, unless it was made again since.
TEST_F(Courage, ARemovalElsewhereLiftsWhatWasToldBefore) {
    const auto removal = block_entry(kTwo, {Deed::remove, prefix("192.0.2.1"), true, {}});
    start([this, removal, good = sound()](const FakeRedis::Command& c) mutable {
        if (c[0] != "XREAD" || step != 1) return good(c);
        step = 2;
        return list({list({bulk("ajar:blocks"), list({entry("1700000000000-500", removal)})})});
    });
    Own own;
    own.blocks = {{prefix("192.0.2.1"), true, {}}};
    desk.put(own);
    ASSERT_TRUE(soon([&] { return of(desk.facts().told, Desk::Stream::blocks) == 1; }));
    step = 1;
    std::vector<std::string> lifted;
    EXPECT_TRUE(soon([&] { return !(lifted = desk.take_lifted()).empty(); }));
    EXPECT_EQ(lifted, std::vector<std::string>{"192.0.2.1/32"});
}

TEST_F(Courage, ARemovalFromBeforeDoesNot) {
    const auto removal = block_entry(kTwo, {Deed::remove, prefix("192.0.2.1"), true, {}});
    start([this, removal, good = sound()](const FakeRedis::Command& c) mutable {
        if (c[0] != "XREAD" || step != 1) return good(c);
        step = 2;
        return list({list({bulk("ajar:blocks"), list({entry("1699999999999-0", removal)})})});
    });
    Own own;
    own.blocks = {{prefix("192.0.2.1"), true, {}}};
    desk.put(own);
    ASSERT_TRUE(soon([&] { return of(desk.facts().told, Desk::Stream::blocks) == 1; }));
    step = 1;
    ASSERT_TRUE(soon([&] { return of(desk.facts().heard, Desk::Stream::blocks) == 1; }));
    EXPECT_TRUE(desk.take_lifted().empty());
}

TEST_F(Courage, WhatAnOperatorRemovesIsToldOnce) {
    start(sound());
    desk.put({});
    desk.remove("192.0.2.1/32");
    ASSERT_TRUE(soon([&] { return of(desk.facts().told, Desk::Stream::blocks) == 1; }));
    const auto said = redis->heard("XADD");
    EXPECT_TRUE(std::any_of(said.begin(), said.end(), [](const auto& c) {
        return std::find(c.begin(), c.end(), "remove") != c.end();
    }));
}

}  // namespace
}  // namespace ajar::share
