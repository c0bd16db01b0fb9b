// Does the page say what is so: with nothing there, in its first second, when all is full, whatever names are
// in it?
#include "live/parts.hpp"

#include <gtest/gtest.h>

#include "page/connection.hpp"
#include "unit/metrics/example.hpp"
#include "unit/page/parsed.hpp"

namespace ajar::live {
namespace {

using namespace std::chrono_literals;
using page::test::Element;

constexpr const char* kHostile = "\"><script>window.owned=1</script><img src=x onerror='owned=1'>&amp;\n\x01";

Element tree_of(const page::Markup& markup) {
    std::string fault;
    auto root = page::test::parsed(markup.markup(), fault);
    EXPECT_TRUE(root) << fault << "\n" << markup.markup();
    return root.value_or(Element{});
}
std::string words_of(const Element& root) {
    std::string out;
    root.each([&](const Element& e) { out += e.text + " "; });
    return out;
}
std::string words_of(const page::Markup& markup) { return words_of(tree_of(markup)); }
bool says(const page::Markup& markup, std::string_view what) {
    return words_of(markup).find(what) != std::string::npos;
}

Scene busy_scene() {
    Scene s;
    s.now = s.before = test::example_view();
    s.seconds = 2;
    s.now.facts.tracker.created += 500;
    s.now.facts.ports[0].link_up = s.now.facts.ports[1].link_up = true;
    for (auto& worker : s.now.facts.workers) worker.stalled = false;
    s.now.facts.now = s.before.facts.now = Time(1'700'000'100s);
    return s;
}

Change flood_of(const std::string& service) {
    Change c;
    c.subject = Subject::named;
    c.service = service;
    return c;
}

Change stage(Rung rung, Time since) {
    Change c;
    c.kind = ChangeKind::rung_entered;
    c.subject = Subject::rung;
    c.rung = rung;
    c.gauge = Gauge::embryonic;
    c.value = 911;
    c.enter = 900;
    c.leave = 450;
    c.time = c.since = since;
    return c;
}

void expect_harmless(const Element& root) {
    root.each([](const Element& e) {
        EXPECT_NE(e.name, "script");
        EXPECT_NE(e.name, "img");
        for (const auto& [name, value] : e.attributes)
            EXPECT_FALSE(name.starts_with("on") || name == "src" || name == "href" || name == "style")
                << name;
    });
}

TEST(LiveParts, NamesAreNothingButText) {
    auto s = busy_scene();
    s.now.facts.ports[0].device = kHostile;
    s.now.facts.ports[1] = {.device = kHostile, .link_up = false};
    const Change flood = flood_of(kHostile);
    s.now.facts.defence.told = {flood, stage(Rung::cookies, {})};
    s.notes.changes = {flood};
    for (const Part& part : parts_of(s)) expect_harmless(tree_of(part.body));
    EXPECT_TRUE(says(machine_markup(s), "<script>window.owned=1</script>"));
    EXPECT_TRUE(says(defence_markup(s), "<img src=x onerror='owned=1'>"));
    EXPECT_TRUE(says(health_markup(s), "<script>"));
}

TEST(LiveParts, NothingIsSaidToBeNothing) {
    const Scene s;
    const auto parts = parts_of(s);
    ASSERT_EQ(parts.front().name, kStatus);
    for (const Part& part : parts) {
        const auto words = words_of(part.body);
        for (const char* bad : {"nan", "inf", " -0"}) EXPECT_EQ(words.find(bad), std::string::npos) << words;
        EXPECT_GT(words.size(), 20U) << part.name;
    }
    EXPECT_TRUE(says(timelines_markup(s), "The first numbers come within a second or two."));
    EXPECT_TRUE(says(flagged_markup(s), "No connection was flagged"));
    EXPECT_TRUE(says(talkers_markup(s), "Nobody asked"));
    EXPECT_TRUE(says(defence_markup(s), "Calm"));
    EXPECT_TRUE(says(reasons_markup(s), "Nothing but plain packets"));
}

TEST(LiveParts, ThereIsNoRateBeforeThereAreTwoLooks) {
    auto s = busy_scene();
    EXPECT_TRUE(says(figures_markup(s), " 250 ")) << words_of(figures_markup(s));
    s.seconds = 0;
    const auto figures = tree_of(figures_markup(s));
    std::size_t unknown = 0;
    for (const auto* dd : figures.all("dd")) unknown += dd->text == "–" ? 1 : 0;
    EXPECT_EQ(unknown, 10U) << "all but the two levels";
    EXPECT_FALSE(says(health_markup(s), "Lost within"));
}

TEST(LiveParts, WhatIsWrongIsSaidInWords) {
    auto s = busy_scene();
    EXPECT_TRUE(says(health_markup(s), "All is well: "));
    EXPECT_TRUE(says(health_markup(s), "Lost since the start"));
    s.now.facts.workers[1].stalled = true;
    s.now.facts.workers[0].events_lost += 3;
    s.now.facts.ports[0].missed += 1;
    s.now.facts.ports[1].link_up = false;
    s.now.facts.pools[0].in_use = 4000;
    EXPECT_FALSE(says(health_markup(s), "All is well"));
    for (const char* sentence :
         {"Worker 1 makes no rounds", "Port 0000:3b:00.1 has no link.", "4,000 of 4,096 packet buffers",
          "Lost within 2 s: 3 events of workers, 1 frame before a worker saw it."})
        EXPECT_TRUE(says(health_markup(s), sentence)) << words_of(health_markup(s));
    EXPECT_TRUE(says(machine_markup(s), "1 (stalled)"));
}

TEST(LiveParts, AStageSaysSinceWhenAndWhy) {
    auto s = busy_scene();
    s.now.facts.defence = {};
    s.now.facts.defence.rungs[static_cast<std::size_t>(Rung::cookies)] = true;
    s.now.facts.defence.standing[static_cast<std::size_t>(Measure::rung)] = 1;
    s.now.facts.defence.told = {stage(Rung::cookies, Time(1'700'000'000s))};
    const auto words = words_of(defence_markup(s));
    for (const char* what :
         {"Under pressure: 1 stage of the pressure ladder stands.", "2023-11-14 22:13:20 UTC, for 1 min 40 s",
          "embryonic table 91.1 % full (marks 90.0 % and 45.0 %)"})
        EXPECT_NE(words.find(what), std::string::npos) << words;
    EXPECT_EQ(words.find("Mode observe"), std::string::npos);
    s.now.facts.mode = Mode::observe;
    EXPECT_TRUE(says(defence_markup(s), "Mode observe: this is what would be done"));
}

TEST(LiveParts, RatesAndLevelsAreDrawnOverTime) {
    auto s = busy_scene();
    for (int n = 0; n < 4; ++n)
        s.notes.bins.push_back({Time(1'700'000'000s) + n * 5s, 5, {50, 5, 4, 3, 2}, 7, 9});
    const auto tree = tree_of(timelines_markup(s));
    EXPECT_EQ(tree.all("figure").size(), 4U);
    for (const auto* svg : tree.all("svg"))
        EXPECT_TRUE(svg->attribute("role") != "img" || svg->attribute("aria-label").size() > 10);
    EXPECT_TRUE(says(timelines_markup(s), "Half open"));
    EXPECT_EQ(tree.all("tr").size(), 4U * (1 + 3)) << "the step that is not over is not drawn";
}

TEST(LiveParts, FullTablesStayReadable) {
    auto s = busy_scene();
    s.now.facts.workers.resize(128, s.now.facts.workers[0]);
    s.before.facts.workers = s.now.facts.workers;
    s.now.facts.ports.resize(64, s.now.facts.ports[0]);
    s.asked.count = 1'000'000;
    s.asked.weight = 15;
    for (auto& ranked : s.asked.ranked)
        for (std::uint64_t n = 0; n < Asks::kMost; ++n) ranked.push_back({{}, 1000 - n});
    for (std::size_t n = 0; n < control::DefenceFacts::kTold; ++n)
        s.now.facts.defence.told.push_back(flood_of(std::string(64, 'x')));
    s.now.facts.defence.standing = {5000, 0, 0, 0, 0, 0, 0};
    for (std::size_t n = 0; n < Trail::kSteps; ++n)
        s.notes.bins.push_back({Time(1'700'000'000s) + static_cast<std::int64_t>(n) * Trail::kStep,
                                5,
                                {1e9 + static_cast<double>(n), 5, 4, 3, 2},
                                n,
                                n});
    s.notes.told.fill(1'000'000);
    std::size_t size = 0;
    for (const Part& part : parts_of(s)) {
        const auto tree = tree_of(part.body);
        for (const auto* table : tree.all("table")) {
            const auto heads = table->all("th").size();
            EXPECT_GT(heads, 0U);
            for (const auto* row : table->all("tr"))
                EXPECT_EQ(row->all("td").size() + row->all("th").size(), heads) << part.name;
        }
        size += part.body.markup().size();
    }
    EXPECT_LT(size, 500'000U);
    EXPECT_TRUE(says(talkers_markup(s), "at most"));
    EXPECT_TRUE(says(defence_markup(s), "and 4,968 more: `ajar posture` has all"));
    EXPECT_TRUE(says(flagged_markup(s), "further Reasons"));
}

TEST(LiveParts, AFlaggedConnectionIsExplained) {
    Event e;
    e.kind = EventKind::flagged;
    e.reason = Reason::idle;
    e.flow_id = 4711;
    e.time = Time(1'700'000'000s);
    e.state = TcpState::established;
    auto s = busy_scene();
    s.notes.told[static_cast<std::size_t>(Reason::idle)] = 1;
    s.told = {page::markup_of(page::Telling{{&e, 1}, 3, "the event file"})};
    const auto words = words_of(flagged_markup(s));
    for (const char* what : {"flagged: idle – no packet within the established timer",
                             "3 events about it found no room here", "What each end knows now"})
        EXPECT_NE(words.find(what), std::string::npos) << words;
}

TEST(LiveParts, WhatHappensSeldomIsNotNothing) {
    EXPECT_EQ(rate_text(-1), "–");
    EXPECT_EQ(rate_text(0), "0");
    EXPECT_EQ(rate_text(0.4), "0.4");
    EXPECT_EQ(rate_text(12), "12");
    EXPECT_EQ(rate_text(1'234'567), "1.2M");
}

}  // namespace
}  // namespace ajar::live
