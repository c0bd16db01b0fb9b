// What people see: the live view, the log line, the summary.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "dataplane/report.hpp"
#include "dataplane/terminal.hpp"

namespace ajar::dataplane {
namespace {

Sample sample_with(std::uint64_t received, int seconds) {
    Sample s;
    s.taken = std::chrono::steady_clock::time_point(std::chrono::seconds(seconds));
    s.frames.received = received;
    s.frames.transmitted = received;
    s.ports = {{.device = "net_x", .link_up = true, .received = received, .transmitted = received}};
    return s;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(LiveView, ShowsRatesBetweenTwoSamples) {
    const auto text = joined(live_lines(sample_with(5000, 3), sample_with(1000, 1), {}, {}, Mode::observe));
    EXPECT_TRUE(has(text, "observe")) << text;
    EXPECT_TRUE(has(text, "in 2.0k packets/s")) << text;
}

TEST(LiveView, NamesStatesAgesEvictionsAndDrops) {
    Sample s = sample_with(10, 2);
    s.tracker.flows[static_cast<std::size_t>(TcpState::syn_sent)] = 7;
    s.tracker.flows[static_cast<std::size_t>(TcpState::established)] = 5;
    s.tracker.embryonic_age = {1, 2, 3, 0, 1};
    s.tracker.reasons[static_cast<std::size_t>(Reason::stale_syn_recv)] = 42;
    s.frames.by_reason[static_cast<std::size_t>(Reason::ring_full)] = 13;
    const auto text = joined(live_lines(s, sample_with(0, 1), {}, {}, Mode::enforce));
    for (const char* part : {"SYN_SENT 7", "ESTABLISHED 5", "embryonic  7", "<5s 2", ">=30s 1",
                             "stale_syn_recv 42", "ring_full 13", "enforce", "net_x"}) {
        EXPECT_TRUE(has(text, part)) << part << " in\n" << text;
    }
}

TEST(LiveView, ShowsChallengesWhereThereWereSome) {
    Sample s = sample_with(10, 3), before = sample_with(0, 1);
    EXPECT_FALSE(has(joined(live_lines(s, before, {}, {}, Mode::enforce)), "challenges"));
    s.tracker.challenges_sent = 3000;
    before.tracker.challenges_sent = 1000;
    s.tracker.challenges_met = 40;
    s.tracker.challenges_waived = 2;
    const auto text = joined(live_lines(s, before, {}, {}, Mode::enforce));
    EXPECT_TRUE(has(text, "challenges sent 1.0k/s  met 20/s  refused 0/s   waived 1/s")) << text;
}

TEST(LiveView, InObserveShowsWhatWouldBeDone) {
    Sample s = sample_with(10, 2);
    s.tracker.would_challenge = 7;
    const auto text = joined(live_lines(s, sample_with(0, 1), {}, {}, Mode::observe));
    EXPECT_TRUE(has(text, "would answer 0 SYNs/s  challenge 7/s  drop 0/s")) << text;
}

TEST(LiveView, AndTheLogSayWhatADrainWaitsFor) {
    Sample s = sample_with(10, 2);
    s.tracker.translated = 9;
    s.tracker.proxied_open = 1;
    EXPECT_FALSE(has(joined(live_lines(s, sample_with(0, 1), {}, {}, Mode::enforce)), "drain"));
    EXPECT_FALSE(has(log_line(s, sample_with(0, 1)), "drain"));
    s.drains_for = std::chrono::milliseconds(24'700);
    const std::string said = "1 translated connection left, 24 s at most";
    EXPECT_TRUE(has(joined(live_lines(s, sample_with(0, 1), {}, {}, Mode::enforce)), "draining   " + said));
    EXPECT_TRUE(has(log_line(s, sample_with(0, 1)), "; draining: " + said));
}

Asks flood_of_one_service() {
    Asks asked;
    asked.second = 1'700'000'000;
    asked.count = 100'000;
    asked.weight = 2;
    asked.ranked[kServices] = {
        {count_key(CountKind::service, be32::of(0xc0000207), 0, be16::of(80)), 99'000}};
    return asked;
}

TEST(LiveView, NamesWhoAsksWhomInAFloodAlone) {
    const auto lines = [](const Asks& asked) {
        return joined(live_lines(sample_with(5000, 3), sample_with(1000, 1), asked, {}, Mode::observe));
    };
    EXPECT_TRUE(has(lines(flood_of_one_service()), "asked      100k/s  of    192.0.2.7:80 (99.0k/s +-2%)\n"))
        << lines(flood_of_one_service());
    EXPECT_FALSE(has(lines({}), "asked"));
}

Situation one_flooded_service() {
    Change c;
    c.subject = Subject::name;
    c.name = flood_of_one_service().ranked[kServices][0].key;
    Situation situation;
    situation.add(c);
    return situation;
}

TEST(LiveView, ShowsWhatTheDefenceDoes) {
    const auto lines = [](const Situation& situation) {
        return joined(live_lines(sample_with(5000, 3), sample_with(1000, 1), {}, situation, Mode::enforce));
    };
    EXPECT_TRUE(has(lines(one_flooded_service()), "defence    flooded 192.0.2.7:80\n"));
    EXPECT_FALSE(has(lines({}), "defence"));
}

TEST(Summary, TellsHowOftenTheDefenceChangedAndWhatStands) {
    Ending ending;
    ending.situation = one_flooded_service();
    const auto text = joined(summary_lines(sample_with(1, 1), ending, Mode::enforce));
    EXPECT_TRUE(has(text, "changes of the defence: 1 flooded\n  at the end: flooded 192.0.2.7:80\n")) << text;
    const auto json = nlohmann::json::parse(summary_json(sample_with(1, 1), ending, Mode::enforce));
    EXPECT_EQ(json["defence"]["flooded"], 1);
    EXPECT_EQ(json["standing"][0]["name"], "192.0.2.7:80");
}

TEST(Summary, TellsWhatEnforceWouldHaveDone) {
    Ending ending;
    ending.would.evicted[static_cast<std::size_t>(Reason::stale_syn_recv)] = 7;
    ending.would.resets = 6;
    const auto text = joined(summary_lines(sample_with(1, 1), ending, Mode::observe));
    EXPECT_TRUE(has(text,
                    "in mode enforce 7 connections would have been evicted, with 6 RSTs:\n"
                    "             7  stale_syn_recv"))
        << text;
    const auto json = nlohmann::json::parse(summary_json(sample_with(1, 1), ending, Mode::observe));
    EXPECT_EQ(json["would"]["evicted"]["stale_syn_recv"], 7);
    EXPECT_EQ(json["would"]["resets"], 6);
    EXPECT_FALSE(has(joined(summary_lines(sample_with(1, 1), {}, Mode::observe)), "would have been"));
}

TEST(LogLine, IsOneLine) {
    const auto line = log_line(sample_with(5000, 3), sample_with(1000, 1));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_TRUE(has(line, "in 2.0k packets/s")) << line;
}

TEST(Screen, FitsTheTerminalAndErasesWhatStoodThere) {
    const std::vector<std::string> lines = {"a long line", "b", "c"};
    EXPECT_EQ(screen_of(lines, 6, 2), "\x1b[Ha long\x1b[K\r\nb\x1b[K\x1b[J");
    EXPECT_EQ(screen_of(lines, 80, 24), "\x1b[Ha long line\x1b[K\r\nb\x1b[K\r\nc\x1b[K\x1b[J");
    EXPECT_EQ(screen_of({}, 80, 24), "\x1b[H\x1b[J");
}

TEST(Summary, SaysThatTheSumsHold) {
    const auto text =
        joined(summary_lines(sample_with(10, 1), {.seconds = 1, .sums_hold = true}, Mode::observe));
    EXPECT_TRUE(has(
        text, "10 received + 0 of our own = 10 transmitted + 0 dropped or consumed; every buffer is back"))
        << text;
}

TEST(Summary, SaysLoudlyThatTheyDoNot) {
    const auto text = joined(summary_lines(
        sample_with(10, 1), {.seconds = 1, .sums_hold = false, .mbufs_lost = 3, .faults = 2}, Mode::observe));
    EXPECT_TRUE(has(text, "DIFFERS FROM")) << text;
    EXPECT_TRUE(has(text, "3 BUFFERS LOST")) << text;
    EXPECT_TRUE(has(text, "FAULT: 2 frames")) << text;
}

TEST(Summary, NamesEachEndWithItsSentence) {
    Sample s = sample_with(10, 1);
    s.tracker.reasons[static_cast<std::size_t>(Reason::stale_syn_sent)] = 9;
    const auto text = joined(summary_lines(s, {.sums_hold = true}, Mode::observe));
    EXPECT_TRUE(has(text, "stale_syn_sent         the SYN was never answered")) << text;
}

TEST(Summary, SaysWhatBecameOfChallengesAndWhatDiedWithTheProcess) {
    Sample s = sample_with(10, 1);
    s.tracker.cookies_sent = 20;
    s.tracker.challenges_sent = 11;
    s.tracker.challenges_met = 5;
    s.tracker.challenges_adopted = 4;
    s.tracker.challenges_refused = 3;
    s.tracker.challenges_waived = 2;
    s.tracker.would_challenge = 6;
    Ending ending{.sums_hold = true};
    ending.cut_off = 8;
    ending.drained = std::chrono::milliseconds(1500);
    const auto text = joined(summary_lines(s, ending, Mode::enforce));
    for (const char* part :
         {"11 sent, 5 met, 4 more proofs", "3 RSTs were none; 2 SYNs passed", "6 challenged",
          "8 translated connections were alive and ended with this process", "drained for 1.5 s"})
        EXPECT_TRUE(has(text, part)) << part << " in\n" << text;
    const auto json = nlohmann::json::parse(summary_json(s, ending, Mode::enforce));
    EXPECT_EQ(json["challenges"],
              nlohmann::json::parse(R"({"sent":11,"met":5,"adopted":4,"refused":3,"waived":2})"));
    EXPECT_EQ(json["would"]["challenge"], 6);
    EXPECT_EQ(json["translated"], 8);
    EXPECT_EQ(json["drained"], 1.5);
}

TEST(Summary, JsonParsesAndHoldsTheSameNumbers) {
    Sample s = sample_with(10, 1);
    s.tracker.created = 4;
    s.tracker.reasons[static_cast<std::size_t>(Reason::stale_syn_sent)] = 9;
    s.frames.by_reason[static_cast<std::size_t>(Reason::ring_full)] = 1;
    s.frames.disposed = 1;
    s.frames.handed_over = 6;
    s.ports[0].crafted = 3;
    s.ports[0].crafted_dropped = 2;
    const auto json = nlohmann::json::parse(summary_json(
        s, {.seconds = 1.5, .sums_hold = true, .busiest = flood_of_one_service()}, Mode::enforce));
    EXPECT_EQ(json["busiest_second"]["asked"], 100'000);
    EXPECT_EQ(json["busiest_second"]["services"][0]["name"], "192.0.2.7:80");
    EXPECT_EQ(json["received"], 10);
    EXPECT_EQ(json["handed_over"], 6);
    EXPECT_EQ(json["mode"], "enforce");
    EXPECT_EQ(json["flows"]["created"], 4);
    EXPECT_EQ(json["ends"]["stale_syn_sent"], 9);
    EXPECT_EQ(json["disposed_by_reason"]["ring_full"], 1);
    EXPECT_EQ(json["ports"][0]["received"], 10);
    EXPECT_EQ(json["ports"][0]["crafted"], 3);
    EXPECT_EQ(json["ports"][0]["crafted_dropped"], 2);
    EXPECT_TRUE(json["sums_hold"].get<bool>());
}

TEST(FrameSums, MissingIsWhatNeitherLeftNorWasFreed) {
    FrameSums f;
    f.received = 10;
    f.crafted = 2;
    f.transmitted = 9;
    f.disposed = 1;
    EXPECT_EQ(f.missing(), 2);
}

}  // namespace
}  // namespace ajar::dataplane
