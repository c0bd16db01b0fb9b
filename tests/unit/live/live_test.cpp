// Is the page whole, do its news say what has changed and nothing else, and is it made once for all?
#include "live/live.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "unit/control/fake_box.hpp"
#include "unit/page/parsed.hpp"

namespace ajar::live {
namespace {

using namespace std::chrono_literals;
using test::FakeBox;

struct LiveTest : testing::Test {
    LiveTest() {
        notes.open();
        box.answers = [this](const control::Errand&) {
            auto facts = std::make_shared<control::Facts>();
            facts->workers.resize(box.trackers().size());
            facts->ports = {{.device = "port a", .link_up = true}};
            facts->uptime = std::chrono::steady_clock::now().time_since_epoch();
            facts->now = Time(1'700'000'000s) + std::chrono::seconds(box.errands.size());
            return control::Answer{true, {}, facts};
        };
    }
    page::test::Element read() {
        const auto reply = live.page();
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.type, "text/html; charset=utf-8");
        std::string fault;
        auto root = page::test::parsed(reply.body, fault);
        EXPECT_TRUE(root) << fault;
        return root.value_or(page::test::Element{});
    }
    /// Names of the events, in their order.
    static std::vector<std::string> names_of(const std::string& stream) {
        std::vector<std::string> out;
        for (std::size_t at = 0; (at = stream.find("event: ", at)) != std::string::npos; at += 7)
            if (at == 0 || stream[at - 1] == '\n')
                out.push_back(stream.substr(at + 7, stream.find('\n', at) - at - 7));
        return out;
    }
    /// A look is fresh for as long as its cost has it: until there is another.
    void pass_freshness() {
        for (const auto old = sampler.look(); sampler.look() == old;) std::this_thread::sleep_for(20ms);
    }
    /// What the second of two news of the same look says; the first makes a look of its own, and waits for
    /// another.
    std::string said_again() {
        for (int tries = 0; tries < 100; ++tries) {
            const auto look = sampler.look();
            static_cast<void>(live.news());
            auto changes = live.news().changes;
            if (sampler.look() == look) return changes;
        }
        return "event: no look lasts for two news\n";
    }

    FakeBox box;
    Notes notes;
    metrics::Sampler sampler{box, {"1.2.3", "DPDK"}};
    Live live{sampler, box, notes, "</title><script>box"};
};

TEST_F(LiveTest, ThePageIsWholeAndFetchesNothingButItsNews) {
    const auto root = read();
    ASSERT_EQ(root.all("h1").size(), 1U);
    EXPECT_EQ(root.all("h1").front()->text, "</title><script>box");
    EXPECT_EQ(root.all("script").size(), 1U);
    EXPECT_EQ(root.all("body").front()->attribute("data-events"), "/events");
    std::set<std::string> parts;
    std::string policy;
    root.each([&](const page::test::Element& e) {
        if (const auto part = e.attribute("data-live"); !part.empty()) {
            EXPECT_TRUE(parts.insert(part).second) << part;
        }
        if (e.attribute("http-equiv") == "Content-Security-Policy") policy = e.attribute("content");
        for (const auto& [name, value] : e.attributes) {
            EXPECT_FALSE(name.starts_with("on") || name == "src" || name == "style") << name;
            EXPECT_TRUE(name != "href" || value.starts_with("#") || value == "data:,") << value;
        }
    });
    EXPECT_EQ(parts.size(), 9U);
    EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'sha256-")) << policy;
    EXPECT_NE(policy.find("connect-src 'self'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    const auto news = live.news();
    auto told = names_of(news.whole);
    EXPECT_EQ(told.front(), "version");
    EXPECT_EQ(told.back(), "beat");
    for (std::size_t i = 1; i + 1 < told.size(); ++i) EXPECT_TRUE(parts.contains(told[i])) << told[i];
    EXPECT_EQ(told.size(), 2 + parts.size());
    EXPECT_GE(root.all("table").size(), 4U);
    EXPECT_EQ(root.all("noscript").size(), 2U);
}

TEST_F(LiveTest, NewsAreWhatHasChanged) {
    EXPECT_EQ(names_of(said_again()), std::vector<std::string>{"beat"}) << "of the same look";
    pass_freshness();
    const auto later = names_of(live.news().changes);
    EXPECT_EQ(later.front(), "status") << "it has the time";
    EXPECT_EQ(std::count(later.begin(), later.end(), "flagged"), 0);
    Event e;
    e.kind = EventKind::evicted;
    e.reason = Reason::stale_syn_recv;
    e.flow_id = 7;
    notes.add(e);
    pass_freshness();
    const auto news = live.news();
    const auto told = names_of(news.changes);
    EXPECT_EQ(std::count(told.begin(), told.end(), "flagged"), 1);
    EXPECT_NE(news.changes.find("stale_syn_recv"), std::string::npos);
    EXPECT_GT(names_of(news.whole).size(), told.size());
}

TEST_F(LiveTest, OneLookServesEverybody) {
    static_cast<void>(live.page());
    const auto asked = box.errands.size();
    EXPECT_LE(asked, 2U);
    const auto begun = Live::Clock::now();
    for (int n = 0; n < 200; ++n) static_cast<void>(live.page());
    const auto looks = (Live::Clock::now() - begun) / metrics::Sampler::kFresh + 1;
    EXPECT_LE(box.errands.size(), asked + static_cast<std::size_t>(looks));
}

TEST_F(LiveTest, ABusyMainIsSaidToBe) {
    box.too_busy = true;
    EXPECT_EQ(live.page().status, 503);
    const auto news = live.news();
    EXPECT_TRUE(news.whole.empty() && news.changes.empty()) << "no beat: nothing is known";
    box.too_busy = false;
    EXPECT_EQ(live.page().status, 200);
    EXPECT_FALSE(live.news().whole.empty());
}

TEST_F(LiveTest, NothingIsNotedForNobody) {
    Notes closed;
    Event e;
    e.kind = EventKind::evicted;
    closed.add(e);
    closed.add(Change{});
    closed.add(Sums{}, Time(1s));
    closed.add(Sums{}, Time(2s));
    const auto copy = closed.read();
    EXPECT_TRUE(copy.bins.empty() && copy.flagged.empty() && copy.changes.empty());
    for (std::uint64_t n = 0; n < 100; ++n) {
        Change change;
        change.value = n;
        notes.add(change);
    }
    ASSERT_EQ(notes.read().changes.size(), Notes::kChanges);
    EXPECT_EQ(notes.read().changes.front().value, 99U);
}

TEST(LiveEvents, EachLineIsData) {
    EXPECT_EQ(event_text("now", "a\nb"), "event: now\ndata: a\ndata: b\n\n");
    EXPECT_EQ(event_text("beat", ""), "event: beat\ndata: \n\n");
    EXPECT_EQ(event_text("x", "a\n"), "event: x\ndata: a\ndata: \n\n");
}

}  // namespace
}  // namespace ajar::live
