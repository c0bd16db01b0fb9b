// Does the screen show rates, obey its keys, and fit into its window?
#include "client/top.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "client/terminal.hpp"

namespace ajar::client {
namespace {

using control::Value;

Value parsed(const std::string& text) {
    auto value = control::parse_value(text, {8, 10000});
    EXPECT_TRUE(value) << value.error();
    return *value;
}

Value stats(int packets, int drops) {
    return parsed(
        R"({"now":"2026-01-01T00:00:00.000000+0000","uptime":10,"mode":"enforce","generation":3,)"
        R"("workers":[{"packets":)" +
        std::to_string(packets) + R"(,"busy_cycles":)" + std::to_string(packets * 100) +
        R"(,"idle_cycles":0,"flows":5,"tables":{"embryonic_ipv4":{"used":5,"all":10}}}],)"
        R"("ports":[{"device":"net_x,iface=y","link_up":true,"received":)" +
        std::to_string(packets) +
        R"(}],)"
        R"("flows":{"SYN_SENT":5},"embryonic_ages":[{"below":1,"flows":4},{"flows":1}],)"
        R"("tracker":{"created":)" +
        std::to_string(packets) +
        R"(,"half_open":5},)"
        R"("talkers":{"asked":12,"sources":[{"name":"10.0.0.1","count":12,"most":12}],"services":[{"name":"s:80","count":1,"most":1}]},)"
        R"("reasons":{"no_flow":)" +
        std::to_string(drops) + R"(,"arp":500,"none":1000},"disposed":{"source_blocked":1}})");
}

TopView view() {
    TopView v;
    v.before = stats(1000, 10);
    v.now = stats(3000, 90);
    v.posture = parsed(R"({"standing":[{"change":"flooded","name":"192.0.2.7:80"}]})");
    v.seconds = 2;
    return v;
}

std::string shown(const TopView& v) {
    std::string out;
    for (const auto& line : top_lines(v)) out += line + "\n";
    return out;
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TEST(TopLines, ShowWhatChangesASecond) {
    const auto text = shown(view());
    EXPECT_TRUE(has(text, "in 1.0k/s 0bit/s")) << text;
    EXPECT_TRUE(has(text, "+1.0k/s")) << text;
    EXPECT_TRUE(has(text, "SYN_SENT 5")) << text;
    EXPECT_TRUE(has(text, "<1s 4  >=1s 1")) << text;
    EXPECT_TRUE(has(text, "flooded 192.0.2.7:80")) << text;
    EXPECT_TRUE(has(text, "100.0%   1.0k      100")) << text;
    EXPECT_TRUE(has(text, "10.0.0.1")) << text;
}

TEST(TopLines, WithoutASecondLookThereIsNoRate) {
    auto v = view();
    v.seconds = 0;
    EXPECT_TRUE(has(shown(v), "in 0/s 0bit/s")) << shown(v);
}

TEST(TopLines, ReasonsStandInTheOrderThatIsWanted) {
    auto v = view();
    auto text = shown(v);
    EXPECT_LT(text.find("no_flow"), text.find("  arp")) << text;
    press(v, 's');
    text = shown(v);
    EXPECT_GT(text.find("no_flow"), text.find("  arp")) << text;
    EXPECT_TRUE(has(text, "by total"));
}

TEST(Press, KeysDoWhatTheHelpSays) {
    auto v = view();
    EXPECT_FALSE(press(v, 'q'));
    EXPECT_TRUE(press(v, 'p') && v.paused && has(shown(v), "PAUSED"));
    EXPECT_TRUE(press(v, ' ') && !v.paused);
    EXPECT_TRUE(press(v, 't') && press(v, 't') && has(shown(v), "s:80"));
    EXPECT_TRUE(press(v, 'h') && has(shown(v), "quit"));
    EXPECT_TRUE(press(v, 'h') && !has(shown(v), "quit"));
    EXPECT_TRUE(press(v, '\t'));
}

TEST(Press, AFilterIsWritten) {
    auto v = view();
    for (const char c : std::string("/arqp")) EXPECT_TRUE(press(v, c));
    press(v, 0x7f);
    press(v, 0x7f);
    press(v, 'p');
    EXPECT_EQ(v.filter, "arp");
    press(v, '\n');
    EXPECT_FALSE(v.typing || v.paused);
    EXPECT_TRUE(has(shown(v), "  arp"));
    EXPECT_FALSE(has(shown(v), "no_flow"));
    press(v, 0x1b);
    EXPECT_TRUE(has(shown(v), "no_flow"));
}

Value numbered(const char* members, std::size_t n) {
    std::string list;
    for (std::size_t i = 0; i < n; ++i)
        list += fmt::format("{}{{{}}}", i == 0 ? "" : ",", fmt::format(fmt::runtime(members), i));
    return parsed("[" + list + "]");
}
void put(Value& object, const char* name, Value value) {
    auto& members = std::get<Value::Object>(object.is);
    std::erase_if(members, [&](const auto& m) { return m.name == name; });
    members.push_back({name, std::move(value)});
}

/// A flood, on a box with so many workers.
TopView busy(std::size_t workers) {
    auto v = view();
    for (auto* look : {&v.now, &v.before}) {
        put(*look, "workers", numbered(R"("packets":14880000,"busy_cycles":{0},"flows":1000000)", workers));
        put(*look, "ports",
            numbered(R"("device":"0000:3b:00.{0},x=y","link_up":true,"received":148800000000)", 2));
        put(*look, "talkers",
            parsed(R"({"asked":1000000,"sources":)" +
                   control::text_of(numbered(R"("name":"198.51.100.{0}","count":100000,"most":120000)", 10)) +
                   "}"));
        put(*look, "embryonic_ages", numbered(R"("below":1{0}00,"flows":1000000)", 10));
        Value::Object reasons;
        for (int i = 0; i < 20; ++i)
            reasons.push_back({fmt::format("reason_number_{}", i), {std::uint64_t{1000000}}});
        put(*look, "reasons", {reasons});
    }
    put(v.posture, "standing", numbered(R"("change":"flooded","name":"203.0.113.{0}:443")", 30));
    return v;
}
std::size_t length_of(const std::string& line) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < line.size(); ++i, ++n)
        if (line[i] == '\x1b') i = line.find('m', i), --n;
    return n;
}

TEST(TopLines, EverythingHasItsPlaceOnAnOrdinaryTerminal) {
    for (const std::size_t workers : {1U, 2U, 64U}) {
        auto v = busy(workers);
        v.columns = 80;
        v.rows = 24;
        const auto lines = top_lines(v);
        const auto text = screen_of(lines, v.columns, v.rows);
        EXPECT_TRUE(has(text, "half open 5") && has(text, "198.51.100.1")) << text;
        for (const auto& line : lines) EXPECT_LE(length_of(line), 80U) << line;
        EXPECT_TRUE(workers == 64 || has(text, "reason_number_1")) << text;
        EXPECT_EQ(has(text, "more, for whom there is no room"), workers == 64);
    }
}

TEST(TopLines, OnATallOneAllWorkersAreShown) {
    auto v = busy(64);
    v.columns = 200;
    v.rows = 150;
    const auto text = shown(v);
    EXPECT_FALSE(has(text, "more, for whom"));
    EXPECT_TRUE(has(text, "198.51.100.7") && has(text, "reason_number_1")) << text;
}

TEST(TopLines, OnATinyOneTheFirstThingIsWhatIsHalfOpen) {
    auto v = busy(4);
    v.columns = 20;
    v.rows = 5;
    const auto text = screen_of(top_lines(v), v.columns, v.rows);
    EXPECT_TRUE(has(text, "half open 5")) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
    v.columns = v.rows = 1;
    EXPECT_FALSE(top_lines(v).empty());
}

TEST(KeysOf, AnArrowIsNoneEscapeIsOne) {
    EXPECT_EQ(keys_of("q"), "q");
    EXPECT_EQ(keys_of("/arp\n"), "/arp\n");
    EXPECT_EQ(keys_of("\x1b[As\x1b[1;5Bt\x1bOPp"), "stp");
    EXPECT_EQ(keys_of("\x1b"), "\x1b");
    EXPECT_EQ(keys_of("\x1bx"), "");
    EXPECT_EQ(keys_of("\x1b["), "");
    EXPECT_EQ(keys_of("\x1b[1;"), "");
}

TEST(ScreenOf, IsCutToTheWindowAndStylesTakeNoRoom) {
    EXPECT_EQ(screen_of({"\x1b[1mabcdef\x1b[0mgh", "two", "three"}, 4, 2),
              "\x1b[H\x1b[1mabcd\x1b[0m\x1b[K\r\ntwo\x1b[0m\x1b[K\x1b[J");
    EXPECT_EQ(screen_of({}, 80, 24), "\x1b[H\x1b[J");
}

}  // namespace
}  // namespace ajar::client
