// Ten thousand connections of each sign, healthy ones, loss and reordering: is each found, by its name, in
// the right end, and nothing else?
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "checker.hpp"
#include "generate/source.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

constexpr std::array kSigns = {Reason::crash_reopen_recovered, Reason::crash_reopen_stuck,
                               Reason::active_side_discovery,  Reason::unanswered_retransmission,
                               Reason::unanswered_keepalive,   Reason::made_by_middlebox};
constexpr std::size_t kColumns = kSigns.size() + 1;  // the last: none

std::size_t column_of(Reason sign) {
    const auto* const at = std::find(kSigns.begin(), kSigns.end(), sign);
    return static_cast<std::size_t>(at - kSigns.begin());
}

struct Truth {
    Reason sign = Reason::none;
    std::array<std::uint8_t, 2> lost{};  ///< by Side: has it lost the connection?
    bool found = false;
};

/// Conversations by truth (rows) and by each high-confidence verdict about them (columns).
struct Matrix {
    std::array<std::array<std::uint64_t, kColumns>, kColumns> cells{};
    std::array<std::uint64_t, kColumns> all{}, recalled{};
    std::uint64_t wrong_end = 0;

    [[nodiscard]] double recall(std::size_t row) const {
        return static_cast<double>(recalled[row]) / static_cast<double>(all[row]);
    }
    [[nodiscard]] double precision(std::size_t column) const {
        std::uint64_t told = 0;
        for (const auto& row : cells) told += row[column];
        return static_cast<double>(cells[column][column]) / static_cast<double>(told);
    }
    [[nodiscard]] std::string table() const {
        std::string out = fmt::format("{:>26}", "is \\ told");
        for (const Reason r : kSigns) out += fmt::format(" {:>10}", name(r).substr(name(r).size() - 10));
        out += "       none     recall  precision\n";
        for (std::size_t row = 0; row < kColumns; ++row) {
            out += fmt::format("{:>26}", row < kSigns.size() ? name(kSigns[row]) : "healthy");
            for (const auto n : cells[row]) out += fmt::format(" {:>10}", n == 0 ? "." : std::to_string(n));
            if (row < kSigns.size())
                out += fmt::format(" {:>9.3f}% {:>9.3f}%", 100 * recall(row), 100 * precision(row));
            out += '\n';
        }
        return out;
    }
};

GenOptions mix(std::uint64_t connections) {
    GenOptions o;
    o.scenario = "mix";
    o.weights =
        "reopened=10,stuck=10,discovered=10,unheard=10,unkept=10,cut=10,handshake=10,retransmit=15,lookalike="
        "15,"
        "reuse=5,halfclosed=5,embryonic=5,idle=5";
    o.connections = connections;
    o.rate = 50;  // so that suspicions find their places
    o.clients = 1000;
    o.servers = 100;
    o.payload = 4000;
    o.ipv6_percent = 20;
    o.loss_percent = 2;
    o.reorder_percent = 2;
    return o;
}

using Truths = std::map<Tuple, Truth>;

/// Which side of the key the client is, the first packet tells.
void learn(Truths& truths, const gen::Conversation& c) {
    const auto end = [&](gen::End e) { return std::pair(c.address[gen::index(e)], c.port[gen::index(e)]); };
    const auto client = end(gen::End::client), server = end(gen::End::server);
    const bool client_first = client < server;
    const auto& [a, b] = client_first ? std::pair(client, server) : std::pair(server, client);
    Truth truth{.sign = c.sign};
    const bool side_1 = (c.lost == gen::End::client) != client_first;
    truth.lost[side_1 ? 1 : 0] = 1;
    truths[{{a.first, b.first}, {a.second, b.second}}] = truth;
}

/// Counts the verdicts, and what no verdict was told of.
Matrix compare(Truths& truths, const std::vector<Event>& verdicts) {
    Matrix m;
    for (const Event& e : verdicts) {
        const auto at = truths.find(tuple_of(e.key));
        if (at == truths.end()) {
            ADD_FAILURE() << "a verdict about nobody: " << text_of(e);
            continue;
        }
        Truth& truth = at->second;
        if (e.evidence.confidence != Confidence::high) continue;
        ++m.cells[column_of(truth.sign)][column_of(e.reason)];
        if (e.reason != truth.sign) continue;
        truth.found = true;
        m.wrong_end += truth.lost[(e.evidence.lost & 2U) != 0 ? 1 : 0] == 0 ? 1 : 0;
    }
    for (const auto& [tuple, truth] : truths) {
        const auto row = column_of(truth.sign);
        ++m.all[row];
        m.recalled[row] += truth.found ? 1 : 0;
        m.cells[row][kSigns.size()] += truth.found ? 0 : 1;
    }
    return m;
}

TEST(Signs, AreToldApartAndFoundInTheRightEnd) {
    auto source = gen::Source::make(mix(connections()));
    ASSERT_TRUE(source.ok()) << source.error();
    Truths truths;
    source->observe([&](const gen::Conversation& c) { learn(truths, c); });
    Watch watch(1U << 20U);
    Checker checker;
    watch.seen = [&](const Packet& p) { checker.see(p); };
    while (const auto f = source->next())
        watch.see(f->time, f->bytes, static_cast<std::uint32_t>(f->bytes.size()));
    watch.finish();
    const Matrix m = compare(truths, watch.verdicts);
    std::cout << m.table();
    for (std::size_t s = 0; s < kSigns.size(); ++s) {
        EXPECT_GE(m.recall(s), 0.999) << name(kSigns[s]);
        EXPECT_GE(m.precision(s), 0.999) << name(kSigns[s]);
        EXPECT_GE(m.all[s], connections() * 3 / 40) << name(kSigns[s]);
    }
    EXPECT_EQ(m.wrong_end, 0U);
    std::uint64_t refuted = 0;
    for (const Event& e : watch.verdicts) {
        const std::string objection = checker.object(e);
        if (objection.empty()) continue;
        if (++refuted <= 10) ADD_FAILURE() << text_of(e) << ": " << objection;
    }
    EXPECT_EQ(refuted, 0U);
    EXPECT_GE(watch.verdicts.size(), m.all[0]);
}

/// The test itself: a matrix with one mistake has that precision.
TEST(Signs, TheMatrixCountsAsItSays) {
    Truths truths;
    truths[{}] = {.sign = Reason::unanswered_keepalive, .lost = {1, 0}};
    Event e;
    e.reason = Reason::crash_reopen_stuck;
    e.evidence.confidence = Confidence::high;
    e.evidence.lost = 1;
    Event right = e;
    right.reason = Reason::unanswered_keepalive;
    Event elsewhere = right;
    elsewhere.evidence.lost = 2;
    const Matrix m = compare(truths, {e, right, elsewhere});
    EXPECT_EQ(m.recall(column_of(Reason::unanswered_keepalive)), 1);
    EXPECT_EQ(m.precision(column_of(Reason::crash_reopen_stuck)), 0);
    EXPECT_EQ(m.wrong_end, 1U);
}

}  // namespace
}  // namespace ajar::signs
