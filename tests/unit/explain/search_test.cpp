// What is found in good files, and what is said of bad ones?
#include "explain/search.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "evidence.hpp"
#include "explain/lines.hpp"

namespace ajar::explain {
namespace {

const Wanted& the_stuck_one() {
    static const Wanted wanted = *Wanted::parse("10.0.0.1:40000-192.0.2.7:80");
    return wanted;
}

Result<Found> found_in(const std::string& text) { return search_text(text, "events.json", the_stuck_one()); }

Event on_port(std::uint16_t client_port) {
    Event e = stuck();
    e.key.port[1] = be16::of(client_port);
    e.flow_id += client_port;
    return e;
}

Event seconds_later(int n) {
    Event e = stuck();
    e.time += std::chrono::seconds(n);
    return e;
}

TEST(Search, FindsItsOwnAndSortsThem) {
    Event record = stuck();
    record.kind = EventKind::flow_end;
    const auto found =
        found_in(line_of_event(record) + "\n" + line_of_event(seconds_later(9)) + "\n" +
                 line_of_event(on_port(40001)) + "\r\n\n" + line_of_event(seconds_later(1)) + "\n");
    ASSERT_TRUE(found) << found.error();
    ASSERT_EQ(found->kept.incidents().size(), 3U);
    EXPECT_LT(found->kept.incidents()[0].time, found->kept.incidents()[1].time);
    EXPECT_EQ(found->kept.incidents()[2].kind, EventKind::flow_end)
        << "ends last, whenever its last packet came";
    EXPECT_EQ(found->lines, 4U);
    EXPECT_TRUE(found->warnings.empty());
    ASSERT_EQ(found->near.size(), 1U) << "another port of the same hosts";
    EXPECT_EQ(found->near[0].ends[kClient].port, 40001);
}

TEST(Search, TheDefencesEventsAreNoFault) {
    const auto found = found_in("{\"event_type\":\"defence\"}\n" + line_of_event(stuck()) + "\n");
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(found->kept.incidents().size(), 1U);
    EXPECT_TRUE(found->warnings.empty());
    EXPECT_TRUE(found_in("{\"event_type\":\"defence\"}\n")) << "a file of nothing else is one of events";
}

TEST(Search, ABrokenLineIsToldAndLeftOut) {
    std::string own = line_of_event(stuck());
    const auto good = own;
    own.replace(own.find("ESTABLISHED"), 11, "MARRIED");
    const auto found = found_in(good + "\n" + own + "\nrubbish\n" + good + "\n");
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(found->kept.incidents().size(), 2U);
    ASSERT_EQ(found->warnings.size(), 1U);
    EXPECT_EQ(found->warnings[0],
              "events.json:2: ajar.state is \"MARRIED\", which this version of Ajar does not know; left out, "
              "and so 1 other line is");
}

TEST(Search, ALastLineThatIsCutOffIsToldAsThat) {
    const auto line = line_of_event(stuck());
    const auto found = found_in(line + "\n" + line.substr(0, 200));
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(found->kept.incidents().size(), 1U);
    ASSERT_EQ(found->warnings.size(), 1U);
    EXPECT_EQ(found->warnings[0],
              "events.json:2: the last line is cut off (is the file still being written?); left out");
    const auto whole = found_in(line + "\n" + line);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->kept.incidents().size(), 2U) << "only its newline is missing";
    EXPECT_TRUE(whole->warnings.empty());
}

TEST(Search, AFileOfSomethingElseSaysWhatItLacks) {
    const auto capture =
        found_in(std::string("\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8) + std::string(500'000, 'x'));
    ASSERT_FALSE(capture);
    EXPECT_EQ(capture.error(),
              "events.json:1: longer than any event; this is no file of events: `ajar replay CAPTURE "
              "--events FILE` writes one");
    for (const char* const text : {"{", "{\n  \"frames\": 7\n}\n", "[{}]\n", "hello\nworld\n"}) {
        const auto other = found_in(text);
        ASSERT_FALSE(other) << text;
        EXPECT_NE(other.error().find("no file of events"), std::string::npos) << other.error();
    }
    EXPECT_EQ(found_in("").error(), "events.json is empty: nothing has been told yet");
    EXPECT_EQ(found_in("\n \n").error(), "events.json is empty: nothing has been told yet");
}

TEST(Search, NobodyReadsALongFileOfNothing) {
    std::string rubbish;
    for (int i = 0; i < 1000; ++i) rubbish += "rubbish\n";
    const auto found = found_in(rubbish + line_of_event(stuck()) + "\n");
    EXPECT_FALSE(found) << "given up long before";
}

TEST(Search, AFileThatIsNotThere) {
    const auto found = search(std::vector<std::string>{"/nonexistent/events.json"}, the_stuck_one());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), "cannot read /nonexistent/events.json: No such file or directory");
    EXPECT_NE(
        search(std::vector<std::string>{"/dev/zero"}, the_stuck_one()).error().find("longer than any event"),
        std::string::npos)
        << "a line without an end is not waited for";
    EXPECT_EQ(search(std::vector<std::string>{"/"}, the_stuck_one()).error(),
              "cannot read /: Is a directory");
}

/// Every second comes later in the file than the one after it.
TEST(Search, OfAMillionEventsTheFirstAndTheLastAreKept) {
    constexpr int kEdge = Keep::kEdge, kEvents = 5 * kEdge + 2;
    std::string text;
    for (int n = 0; n < kEvents; n += 2) {
        text += line_of_event(seconds_later(n + 1)) + "\n" + line_of_event(seconds_later(n)) + "\n";
    }
    const auto found = found_in(text);
    ASSERT_TRUE(found) << found.error();
    const auto& kept = found->kept.incidents();
    ASSERT_EQ(kept.size(), 2U * kEdge);
    EXPECT_EQ(found->kept.left_out(), kEvents - 2U * kEdge);
    for (int n = 0; n < kEdge; ++n) {
        ASSERT_EQ(kept[static_cast<std::size_t>(n)].time, seconds_later(n).time);
        ASSERT_EQ(kept[static_cast<std::size_t>(kEdge + n)].time, seconds_later(kEvents - kEdge + n).time);
    }
}

TEST(Search, SeveralConnectionsAreKeptByName) {
    std::string text;
    for (std::uint64_t n = 0; n < Keep::kConnections + 1; ++n) {
        Event e = stuck();
        e.flow_id += n % (Keep::kConnections / 2);
        text += line_of_event(e) + "\n";
    }
    const auto found = found_in(text);
    ASSERT_TRUE(found) << found.error();
    EXPECT_TRUE(found->kept.incidents().empty());
    EXPECT_EQ(found->kept.connections().size(), Keep::kConnections / 2);
    EXPECT_FALSE(found->kept.connections().front().suspected);
    EXPECT_FALSE(found->kept.more_connections());
}

TEST(Keep, CountsConnectionsAsFarAsItKnowsThem) {
    Keep keep;
    for (std::size_t n = 0; n < Keep::kConnections; ++n) {
        Incident i;
        i.uid = std::to_string(n);
        keep.take(i);
        keep.take(std::move(i));
    }
    EXPECT_EQ(keep.connections().size(), Keep::kConnections);
    EXPECT_FALSE(keep.more_connections());
    keep.take({});
    EXPECT_EQ(keep.connections().size(), Keep::kConnections);
    EXPECT_TRUE(keep.more_connections());
}

TEST(Lines, AreCutWhereverBlocksEnd) {
    std::string text;
    for (std::size_t n = 0; n < 3000; ++n) text += std::string(n % 700, 'a') + "\n";
    text += std::string(Lines::kLongest, 'b') + "\n" + std::string(Lines::kLongest + 1, 'c') + "\n" +
            std::string(10 * Lines::kLongest, 'd') + "\nend";
    std::FILE* const stream = fmemopen(text.data(), text.size(), "r");
    Lines lines(stream);
    for (std::size_t n = 0; n < 3000; ++n) {
        const auto line = lines.next();
        ASSERT_TRUE(line);
        ASSERT_EQ(line->text, std::string(n % 700, 'a'));
        ASSERT_TRUE(line->whole && !line->too_long);
    }
    EXPECT_FALSE(lines.next()->too_long);
    const auto longer = lines.next();
    EXPECT_TRUE(longer->too_long);
    EXPECT_EQ(longer->text.size(), Lines::kLongest);
    EXPECT_EQ(lines.next()->text, std::string(Lines::kLongest, 'd'));
    const auto last = lines.next();
    EXPECT_EQ(last->text, "end");
    EXPECT_FALSE(last->whole);
    EXPECT_FALSE(lines.next());
    std::fclose(stream);
}

TEST(Search, SurvivesTruncationsAndRandomBytes) {
    std::mt19937 random(9);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same each time
    const std::string text = line_of_event(stuck()) + "\n" + line_of_event(on_port(40001)) + "\n";
    for (std::size_t n = 0; n < text.size(); ++n) (void)found_in(text.substr(0, n));
    for (int round = 0; round < 5000; ++round) {
        std::string broken = text;
        for (auto changes = 1 + random() % 8; changes > 0; --changes)
            broken[random() % broken.size()] = static_cast<char>(random() % 256);
        auto found = found_in(broken);
        EXPECT_TRUE(found || !found.error().empty());
    }
}

}  // namespace
}  // namespace ajar::explain
