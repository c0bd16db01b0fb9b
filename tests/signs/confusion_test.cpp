// Ten thousand connections of each sign, healthy ones, loss and reordering: is each found, by its name, in
// the right end, and nothing else?
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <iostream>

#include "checker.hpp"
#include "generate/source.hpp"
#include "hosts.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

constexpr std::array kSigns = {Reason::crash_reopen_recovered, Reason::crash_reopen_stuck,
                               Reason::active_side_discovery,  Reason::unanswered_retransmission,
                               Reason::unanswered_keepalive,   Reason::made_by_middlebox,
                               Reason::silent_after_probe};
constexpr std::size_t kColumns = kSigns.size() + 1;  // the last: none

std::size_t column_of(Reason sign) {
    const auto* const at = std::find(kSigns.begin(), kSigns.end(), sign);
    return static_cast<std::size_t>(at - kSigns.begin());
}

struct Truth {
    Reason sign = Reason::none;
    std::array<std::uint8_t, 2> lost{};  ///< by Side: has it lost the connection?
    bool mute = false;                   ///< and would it say nothing if it were asked?
    bool detours = false;                ///< some packets came further than others of their end
    bool found = false, doubted = false;
};

/// Both of the verdict's packets and of the questions' answers.
bool is_true(const Truth& truth, const Event& e) {
    const bool right_end = e.evidence.lost == (truth.lost[0] != 0 ? 1 : 2);
    const bool asked = truth.mute && e.evidence.sign == Reason::silent_after_probe;
    return right_end && (e.evidence.sign == truth.sign || asked);
}

/// Conversations by truth (rows) and by each high-confidence verdict about them (columns).
struct Matrix {
    std::array<std::array<std::uint64_t, kColumns>, kColumns> cells{};
    std::array<std::uint64_t, kColumns> all{}, recalled{}, doubted{}, told{}, true_ones{};
    std::uint64_t wrong_end = 0;

    /// Without those that nobody can be sure of.
    [[nodiscard]] double recall(std::size_t row) const {
        return static_cast<double>(recalled[row]) / static_cast<double>(all[row] - doubted[row]);
    }
    [[nodiscard]] double precision(std::size_t column) const {
        return static_cast<double>(true_ones[column]) / static_cast<double>(told[column]);
    }
    [[nodiscard]] double doubtful(std::size_t row) const {
        return static_cast<double>(doubted[row]) / static_cast<double>(all[row]);
    }
    [[nodiscard]] std::string table() const {
        std::string out = fmt::format("{:>26}", "is \\ told, certain");
        for (const Reason r : kSigns) out += fmt::format(" {:>10}", name(r).substr(name(r).size() - 10));
        out += "       none     recall  precision    apart\n";
        for (std::size_t row = 0; row < kColumns; ++row) {
            out += fmt::format("{:>26}", row < kSigns.size() ? name(kSigns[row]) : "healthy");
            for (const auto n : cells[row]) out += fmt::format(" {:>10}", n == 0 ? "." : std::to_string(n));
            if (row < kSigns.size())
                out += fmt::format(" {:>9.3f}% {:>9.3f}% {:>7.3f}%", 100 * recall(row), 100 * precision(row),
                                   100 * doubtful(row));
            out += '\n';
        }
        return out +
               "apart: what came from another distance than its sender's other packets (of medium "
               "confidence)\n";
    }
};

GenOptions mix(std::uint64_t connections) {
    GenOptions o;
    o.scenario = "mix";
    o.weights =
        "reopened=11,stuck=11,discovered=11,unheard=11,unkept=11,cut=11,vanished=11,handshake=10,retransmit="
        "15,lookalike=15,reuse=5,halfclosed=5,embryonic=5,idle=5";
    o.connections = connections;
    o.rate = 50;
    o.clients = 1000;
    o.servers = 100;
    o.payload = 4000;
    o.ipv6_percent = 30;
    o.loss_percent = 2;
    o.reorder_percent = 2;
    o.duplicate_percent = 1;
    o.detour_percent = 2;
    return o;
}

using Truths = std::map<Tuple, Truth>;

void learn(Truths& truths, const gen::Conversation& c) {
    const auto [tuple, client] = tuple_of(c);
    Truth truth{.sign = c.sign, .detours = c.detours};
    truth.lost[c.lost == gen::End::client ? client : other(client)] = 1;
    truth.mute = Hosts::is_mute(c);
    truths[tuple] = truth;
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
        const std::size_t column = column_of(e.evidence.sign);
        const bool right = is_true(truth, e), own = e.evidence.sign == truth.sign;
        truth.doubted |= right && own && truth.detours;
        if (e.evidence.confidence != Confidence::high) continue;
        ++m.cells[column_of(truth.sign)][column];
        ++m.told[column];
        m.true_ones[column] += right ? 1 : 0;
        truth.found |= right && own;
        m.wrong_end += own && !right ? 1 : 0;
    }
    for (const auto& [tuple, truth] : truths) {
        const auto row = column_of(truth.sign);
        ++m.all[row];
        m.recalled[row] += truth.found ? 1 : 0;
        m.doubted[row] += truth.doubted && !truth.found ? 1 : 0;
        m.cells[row][kSigns.size()] += truth.found ? 0 : 1;
    }
    return m;
}

/// What is told by the packets, and of who was asked.
std::vector<Event> told_by(const Watch& watch) {
    std::vector<Event> out = watch.verdicts;
    for (const Event& e : watch.asked)
        if (e.reason == Reason::proven_dead && e.evidenced) out.push_back(e);
    return out;
}

/// Everybody talks, and those who fall silent are asked.
void watch_and_ask(const GenOptions& options, Watch& watch, Hosts& hosts, Truths& truths) {
    auto source = gen::Source::make(options);
    ASSERT_TRUE(source.ok()) << source.error();
    source->observe([&](const gen::Conversation& c) {
        learn(truths, c);
        hosts.begin(c);
    });
    watch.policy.mode = Mode::enforce;
    watch.policy.probe.on = true;
    watch.policy.timeouts[static_cast<std::size_t>(TimerClass::established)] = std::chrono::minutes(1);
    watch.sends = [&](const Craft& c) { hosts.hear(c, watch.now()); };
    while (const auto f = source->next()) {
        hosts.speak(watch, f->time);
        watch.see(f->time, f->bytes, static_cast<std::uint32_t>(f->bytes.size()));
    }
    hosts.speak(watch, watch.now() + std::chrono::minutes(12));
}

/// Of so many, one in a thousand is more than chance: a client is refused twice over, and both RSTs get lost.
constexpr std::uint64_t kEnough = 5000;

void expect_good(const Matrix& m, double recall) {
    for (std::size_t s = 0; s < kSigns.size(); ++s) {
        EXPECT_GE(m.recall(s), recall) << name(kSigns[s]);
        if (m.told[s] >= kEnough) {
            EXPECT_GE(m.precision(s), 0.999) << name(kSigns[s]);
        } else {
            EXPECT_LE(m.told[s] - m.true_ones[s], 3U) << name(kSigns[s]);
        }
        // Of a hundred one, and of few ones no more than chance.
        EXPECT_LE(m.doubted[s], std::max<std::uint64_t>(m.all[s] / 100, 3U)) << name(kSigns[s]);
    }
    EXPECT_EQ(m.wrong_end, 0U);
}

TEST(Signs, AreToldApartAndFoundInTheRightEnd) {
    Truths truths;
    Watch watch(1U << 21U);
    Hosts hosts(20'000);
    Checker checker;
    watch.seen = [&](const Packet& p, auto frame) { checker.see(p, frame); };
    watch_and_ask(mix(connections()), watch, hosts, truths);
    const auto verdicts = told_by(watch);
    const Matrix m = compare(truths, verdicts);
    const auto& asked = hosts.counts();
    std::cout << m.table()
              << fmt::format("asked {} times, {} answers; {} questions out of date; {} resets\n", asked.asked,
                             asked.answered, asked.out_of_date, asked.resets);
    expect_good(m, 0.999);
    for (std::size_t s = 0; s < kSigns.size(); ++s)
        EXPECT_GE(m.all[s], connections() * 3 / 40) << name(kSigns[s]);
    EXPECT_EQ(asked.inexact_resets, 0U);
    EXPECT_GT(asked.resets, m.all[column_of(Reason::silent_after_probe)] / 2);
    std::uint64_t refuted = 0;
    for (const Event& e : verdicts) {
        const bool silence = e.evidence.sign == Reason::silent_after_probe;
        const std::string objection =
            silence ? checker.object_silence(e, watch.policy.probe.interval) : checker.object(e);
        if (objection.empty()) continue;
        if (++refuted <= 10) ADD_FAILURE() << text_of(e) << ": " << objection;
    }
    EXPECT_EQ(refuted, 0U);
    const auto missed = checker.missed(watch.verdicts);
    for (std::size_t i = 0; i < std::min<std::size_t>(missed.size(), 10); ++i) ADD_FAILURE() << missed[i];
    EXPECT_EQ(missed.size(), 0U);
    std::cout << fmt::format("{} signs in the packets, {} of them not told\n", checker.shown(),
                             missed.size());
    EXPECT_EQ(checker.unread(), 0U);
}

/// More connections in trouble at once than there are places for suspicions: some go untold, none is told
/// what is not so.
TEST(Signs, AFullStoreForgetsButDoesNotLie) {
    auto options = mix(connections() / 5);
    options.rate = 2000;
    Truths truths;
    Watch watch(std::bit_floor(static_cast<std::uint32_t>(options.connections)));
    Hosts hosts(20'000);
    watch_and_ask(options, watch, hosts, truths);
    const Matrix m = compare(truths, told_by(watch));
    std::cout << m.table();
    expect_good(m, 0.3);
    EXPECT_LT(m.recall(column_of(Reason::unanswered_retransmission)), 0.9) << "it was not full";
}

/// The test itself: a matrix with one mistake has that precision.
TEST(Signs, TheMatrixCountsAsItSays) {
    Truths truths;
    truths[{}] = {.sign = Reason::unanswered_keepalive, .lost = {1, 0}};
    Event e;
    e.evidence.sign = Reason::crash_reopen_stuck;
    e.evidence.confidence = Confidence::high;
    e.evidence.lost = 1;
    Event right = e;
    right.evidence.sign = Reason::unanswered_keepalive;
    Event elsewhere = right;
    elsewhere.evidence.lost = 2;
    const Matrix m = compare(truths, {e, right, elsewhere});
    EXPECT_EQ(m.recall(column_of(Reason::unanswered_keepalive)), 1);
    EXPECT_EQ(m.precision(column_of(Reason::crash_reopen_stuck)), 0);
    EXPECT_EQ(m.wrong_end, 1U);
}

}  // namespace
}  // namespace ajar::signs
