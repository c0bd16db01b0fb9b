// Do pages, orders and filters give each flow that is meant, once?
#include "control/scan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "control/filter.hpp"
#include "unit/control/fake_box.hpp"

namespace ajar::control {
namespace {

using namespace std::chrono_literals;
using test::FakeBox;

Deadline soon() { return std::chrono::steady_clock::now() + 60s; }

Request request(const std::string& options) {
    std::string id;
    Fault fault;
    auto out = Request::parse(R"({"v":1,"do":"list")" + options + "}", id, fault);
    if (!out) ADD_FAILURE() << fault.text;
    return *out;
}
Filter filter(const std::string& options) {
    auto out = Filter::of(request(options));
    EXPECT_TRUE(out) << out.error();
    return *out;
}
std::uint64_t count(const FakeBox& box, const std::string& options) {
    return count_flows(box, filter(options), soon()).matched;
}

TEST(ListPage, PagesGiveEveryFlowOnce) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 1000; ++n) box.connect(n);
    std::set<std::uint64_t> ids;
    Cursor at;
    std::size_t pages = 0;
    for (bool more = true; more; ++pages) {
        const auto page = list_page(box, {}, at, 77, soon());
        EXPECT_LE(page.flows.size(), 77U);
        for (const auto& flow : page.flows) EXPECT_TRUE(ids.insert(flow.flow_id).second);
        more = page.next.has_value();
        if (more) at = *Cursor::parse(page.next->text());
    }
    EXPECT_EQ(ids.size(), 1000U);
    EXPECT_GE(pages, 13U);
}

TEST(ListPage, AtItsDeadlineItSaysWhereToGoOn) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 50; ++n) box.connect(n);
    const auto page = list_page(box, {}, {}, 100, std::chrono::steady_clock::now() - 1s);
    EXPECT_TRUE(page.flows.empty());
    ASSERT_TRUE(page.next);
    EXPECT_EQ(page.next->partition, 0U);
}

TEST(SortedPage, OldestFirstAndOnBehindTheCursor) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 100; ++n, box.lab.now += 1s) box.connect(n);
    Cursor at;
    std::vector<Time> begun;
    while (true) {
        const auto page = sorted_page(box, {}, SortBy::age, false, at, 30, soon());
        EXPECT_EQ(page.matched, 100U);
        for (const auto& flow : page.flows) begun.push_back(flow.first);
        if (!page.next) break;
        at = *Cursor::parse(page.next->text());
    }
    EXPECT_EQ(begun.size(), 100U);
    EXPECT_TRUE(std::is_sorted(begun.begin(), begun.end()));
    const auto young = sorted_page(box, {}, SortBy::age, true, {}, 1, soon());
    EXPECT_EQ(young.flows.front().first, begun.back());
}

TEST(SortedPage, MostBytesFirst) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 20; ++n) {
        const auto t = box.connect(n);
        box.lab.client(t, TcpFlags::kAck | TcpFlags::kPsh, 1001, 5001, 10 * n);
    }
    const auto page = sorted_page(box, {}, SortBy::bytes, false, {}, 3, soon());
    ASSERT_EQ(page.flows.size(), 3U);
    EXPECT_EQ(page.flows[0].key.address[0][3], 19);
    EXPECT_EQ(page.flows[2].key.address[0][3], 17);
}

TEST(SortedPage, LateIsSaid) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 9000; ++n) box.knock(n);
    EXPECT_TRUE(sorted_page(box, {}, SortBy::age, false, {}, 3, std::chrono::steady_clock::now()).late);
}

TEST(Filter, SelectsByEachCondition) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 30; ++n) box.connect(n);
    box.lab.now += 10s;
    for (std::uint32_t n = 256; n < 276; ++n) box.knock(n);
    box.lab.now += 1s;
    EXPECT_EQ(count(box, ""), 50U);
    EXPECT_EQ(count(box, R"(,"state":"SYN_SENT")"), 20U);
    EXPECT_EQ(count(box, R"(,"state":"syn_sent,established")"), 50U);
    EXPECT_EQ(count(box, R"(,"embryonic":true)"), 20U);
    EXPECT_EQ(count(box, R"(,"src":"10.0.1.0/24")"), 20U);
    EXPECT_EQ(count(box, R"(,"src":"10.0.0.0/27")"), 30U);
    EXPECT_EQ(count(box, R"(,"dst":"10.0.1.0/24")"), 0U);
    EXPECT_EQ(count(box, R"(,"dst":"192.168.0.1")"), 50U);
    EXPECT_EQ(count(box, R"(,"addr":"10.0.0.7")"), 1U);
    EXPECT_EQ(count(box, R"(,"addr":"2001:db8::/32")"), 0U);
    EXPECT_EQ(count(box, R"(,"dport":443)"), 50U);
    EXPECT_EQ(count(box, R"(,"sport":443)"), 0U);
    EXPECT_EQ(count(box, R"(,"sport":"1024-1033")"), 10U);
    EXPECT_EQ(count(box, R"(,"port":1024)"), 1U);
    EXPECT_EQ(count(box, R"(,"age":">5s")"), 30U);
    EXPECT_EQ(count(box, R"(,"age":"<5s")"), 20U);
    EXPECT_EQ(count(box, R"(,"idle":">20s")"), 0U);
    EXPECT_EQ(count(box, R"(,"vlan":0)"), 50U);
    EXPECT_EQ(count(box, R"(,"vlan":10)"), 0U);
    EXPECT_EQ(count(box, R"(,"pair":0)"), 50U);
    EXPECT_EQ(count(box, R"(,"pair":1)"), 0U);
    EXPECT_EQ(count(box, R"(,"family":"ipv6")"), 0U);
    EXPECT_EQ(count(box, R"(,"flagged":true)"), 0U);
    EXPECT_EQ(count(box, R"(,"worker":0)") + count(box, R"(,"worker":1)"), 50U);
    EXPECT_LT(count(box, R"(,"worker":0)"), 50U);
    EXPECT_EQ(count(box, R"(,"state":"SYN_SENT","src":"10.0.1.0/28")"), 16U);
}

/// A flow knows that it was flagged, the history knows why.
TEST(Filter, AFlagsReasonIsWhatIsRemembered) {
    FakeBox box(1);
    box.connect(1);
    box.lab.pass(3h);
    const auto told = box.lab.of(EventKind::flagged);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(count(box, R"(,"flagged":true)"), 1U);
    auto by_reason = filter(fmt::format(R"(,"reason":"{}")", name(told[0].reason)));
    EXPECT_EQ(count_flows(box, by_reason, soon()).matched, 0U);
    by_reason.remember(std::make_shared<FlagReasons>(FlagReasons{{told[0].flow_id, told[0].reason}}));
    EXPECT_EQ(count_flows(box, by_reason, soon()).matched, 1U);
}

TEST(Filter, AFaultyPrefixIsNamed) {
    const auto out = Filter::of(request(R"(,"src":"10.0.0.0/33")"));
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().find("src \"10.0.0.0/33\""), std::string::npos) << out.error();
}

TEST(Filter, PrefixesEndAnywhere) {
    const Prefix prefix{Family::ipv4, 12, {172, 16}};
    EXPECT_TRUE(holds(prefix, Family::ipv4, {172, 31, 255}));
    EXPECT_FALSE(holds(prefix, Family::ipv4, {172, 32}));
    EXPECT_FALSE(holds(prefix, Family::ipv6, {172, 31}));
    EXPECT_TRUE(holds({Family::ipv6, 0, {}}, Family::ipv6, {1}));
}

TEST(FindFlows, ByEndsByUidByNumber) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 100; ++n) box.connect(n);
    const auto by_ends = find_flows(box, *FlowName::parse("192.168.0.1:443-10.0.0.7:1031"), soon());
    ASSERT_EQ(by_ends.flows.size(), 1U);
    exporting::Text uid;
    exporting::put_uid(uid, by_ends.flows[0].flow_id);
    EXPECT_EQ(find_flows(box, *FlowName::parse(fmt::to_string(uid)), soon()).flows.size(), 1U);
    const auto number = by_ends.flows[0].flow_id & ((1ULL << 53U) - 1);
    EXPECT_EQ(find_flows(box, *FlowName::parse(std::to_string(number)), soon()).flows.size(), 1U);
    EXPECT_TRUE(find_flows(box, *FlowName::parse("10.0.0.7:1-192.168.0.1:443"), soon()).flows.empty());
}

/// What a list calls a flow is what its events call it.
TEST(FindFlows, IdsAreThoseOfEvents) {
    FakeBox box(1);
    const auto t = box.connect(5);
    const auto page = list_page(box, {}, {}, 10, soon());
    ASSERT_EQ(page.flows.size(), 1U);
    box.lab.events.clear();
    box.lab.client(t, TcpFlags::kRst, 1001);
    box.lab.pass(1h);
    ASSERT_FALSE(box.lab.events.empty());
    EXPECT_EQ(box.lab.events.front().flow_id, page.flows[0].flow_id);
}

TEST(Cursor, OthersAreRefused) {
    for (const auto* wrong :
         {"", "p", "p1", "p81.0", "p1.2.3", "s1.2", "x1.2", "p-1.0", "pg.0", "p1.", "s1.2.3.4"})
        EXPECT_FALSE(Cursor::parse(wrong)) << wrong;
    EXPECT_TRUE(Cursor::parse("p80.0"));
}

}  // namespace
}  // namespace ajar::control
