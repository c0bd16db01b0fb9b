// The page of a replay: whole, the same for any number of shards, bounded, and deaf to what hostile names
// say.
#include "replay/html.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "capture_file.hpp"
#include "generate/gen.hpp"
#include "replay/replay.hpp"
#include "unit/page/parsed.hpp"

namespace ajar::replay {
namespace {

using page::test::Element;
using test::PcapText;
using test::TemporaryFile;

std::string text_in(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

void make(const std::string& path, const char* scenario, const char* weights, unsigned connections) {
    GenOptions gen;
    gen.scenario = scenario;
    gen.weights = weights;
    gen.connections = connections;
    gen.rate = 50;
    gen.ipv6_percent = 20;
    gen.linger = std::chrono::hours(3);
    gen.output = path;
    ASSERT_EQ(generate(gen), 0);
}

constexpr const char* kTrouble =
    "handshake=40,flood=20,scan=10,idle=5,embryonic=10,stuck=5,reopened=5,cut=5,unheard=5";

/// The page, and the exit code.
std::string page_of(const std::string& capture, std::uint32_t shards, std::vector<Profile> what_if = {}) {
    const TemporaryFile page("");
    ReplayOptions options;
    options.files = {capture};
    options.report_file = page.path();
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 1U << 14U;
    options.shards = shards;
    options.progress = false;
    options.what_if = std::move(what_if);
    testing::internal::CaptureStdout();
    EXPECT_EQ(replay(options), 0);
    std::fflush(stdout);
    testing::internal::GetCapturedStdout();
    return text_in(page.path());
}

Element read(const std::string& html) {
    std::string fault;
    auto root = page::test::parsed(html, fault);
    EXPECT_TRUE(root) << fault;
    return root.value_or(Element{});
}

std::size_t stories_in(const Element& root) {
    std::size_t n = 0;
    root.each([&](const Element& e) { n += e.attribute("class") == "story" ? 1 : 0; });
    return n;
}

std::string words_in(const Element& root) {
    std::string out;
    root.each([&](const Element& e) {
        if (e.name != "style" && e.name != "script") out += e.text + "\n";
    });
    return out;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(ReportPage, IsWholeAndHasItsSections) {
    const TemporaryFile capture("");
    make(capture.path(), "mix", kTrouble, 400);
    const auto root = read(page_of(capture.path(), 2, {Profile::linux_conntrack, Profile::pf}));
    std::set<std::string> ids;
    root.each([&](const Element& e) {
        if (const auto id = e.attribute("id"); !id.empty()) {
            EXPECT_TRUE(ids.insert(id).second) << id;
        }
        if (e.name == "section") {
            EXPECT_FALSE(e.children.empty());
        }
    });
    for (const char* id : {"overview", "timelines", "who", "why", "connections", "what-if", "numbers"})
        EXPECT_TRUE(ids.contains(id)) << id;
    for (const Element* link : root.all("a")) EXPECT_TRUE(ids.contains(link->attribute("href").substr(1)));
    EXPECT_EQ(root.all("figure").size(), 6U);
    for (const Element* svg : root.all("svg"))
        EXPECT_TRUE(!svg->attribute("aria-label").empty() || svg->attribute("aria-hidden") == "true");
    EXPECT_GT(stories_in(root), 40U);
    EXPECT_TRUE(ids.contains("because-crash_reopen_stuck"));
    EXPECT_TRUE(ids.contains("because-stale_syn_recv"));
    EXPECT_TRUE(holds(words_in(root), "its SYN (SEQ ")) << "a story in sentences";
}

TEST(ReportPage, IsTheSameForAnyNumberOfShards) {
    const TemporaryFile capture("");
    make(capture.path(), "mix", kTrouble, 600);
    const auto one = page_of(capture.path(), 1, {Profile::linux_conntrack});
    for (const std::uint32_t shards : {2U, 5U, 16U})
        EXPECT_EQ(one == page_of(capture.path(), shards, {Profile::linux_conntrack}), true);
}

TEST(ReportPage, OfAFloodIsBoundedAndCountsWhatItLeavesOut) {
    const TemporaryFile capture("");
    make(capture.path(), "flood", "", 12000);
    const auto html = page_of(capture.path(), 2);
    EXPECT_LT(html.size(), 1500000U);
    const auto root = read(html);
    EXPECT_EQ(stories_in(root), Cases::kOfEach + Cases::kShared);
    EXPECT_TRUE(holds(words_in(root), "Told 12,000 times; 108 connections are shown.")) << html.size();
    for (const Element* table : root.all("tbody")) EXPECT_LE(table->children.size(), 240U);
}

TEST(ReportPage, OfAnEmptyCaptureSaysSo) {
    const TemporaryFile capture(PcapText(1).text());
    const auto root = read(page_of(capture.path(), 2));
    const auto words = words_in(root);
    EXPECT_TRUE(holds(words, "The capture is empty."));
    EXPECT_TRUE(holds(words, "Nothing was half open"));
    EXPECT_EQ(stories_in(root), 0U);
    EXPECT_TRUE(root.all("svg").empty());
}

TEST(ReportPage, AHostileFileNameIsText) {
    auto name = (std::filesystem::temp_directory_path() / "ajar-report-page-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    const std::filesystem::path folder = name;
    const auto capture = folder / "\"><img src=x onerror=alert(1)>\x1b[2J\xff&lt;.pcap";
    make(capture, "flood", "", 5);
    const auto html = page_of(capture, 2);
    const auto root = read(html);
    EXPECT_TRUE(root.all("img").empty());
    EXPECT_EQ(root.all("h1").front()->text,
              "\"><img src=x onerror=alert(1)>\xef\xbf\xbd[2J\xef\xbf\xbd&lt;.pcap");
    EXPECT_EQ(html.find('\x1b'), std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST(ReportPage, BesideItTheSummaryHasTheComparisonToo) {
    const TemporaryFile capture(""), page(""), summary("");
    make(capture.path(), "idle", "", 20);
    ReplayOptions options;
    options.files = {capture.path()};
    options.report_file = page.path();
    options.summary_file = summary.path();
    options.what_if = {Profile::linux_conntrack};
    options.shards = 1;
    options.progress = false;
    testing::internal::CaptureStdout();
    EXPECT_EQ(replay(options), 0);
    std::fflush(stdout);
    const auto out = testing::internal::GetCapturedStdout();
    EXPECT_TRUE(holds(out, "Numbers") && holds(out, "forgotten alive")) << out;
    EXPECT_TRUE(holds(text_in(summary.path()), "\"what_if\":[{\"profile\":\"linux\""));
}

TEST(ReportPage, IsNoFileThatIsReadOrWrittenBeside) {
    const TemporaryFile capture("");
    make(capture.path(), "idle", "", 5);
    const auto before = text_in(capture.path());
    ReplayOptions options;
    options.files = {capture.path()};
    options.report_file = capture.path();
    testing::internal::CaptureStderr();
    EXPECT_EQ(replay(options), 1);
    EXPECT_TRUE(holds(testing::internal::GetCapturedStderr(), "is a capture to read"));
    EXPECT_EQ(text_in(capture.path()), before);
}

}  // namespace
}  // namespace ajar::replay
