// Does the second opinion object to a verdict that is wrong, or whose record is?
#include <gtest/gtest.h>

#include <map>

#include "checker.hpp"
#include "generate/source.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

/// Some connections of each sign, and what was said of them.
struct CheckerTest : testing::Test {
    Watch watch{1U << 16U};
    Checker checker;
    std::map<Reason, Event> one_of;

    CheckerTest() {
        GenOptions o;
        o.scenario = "mix";
        o.weights = "reopened=1,stuck=1,discovered=1,unheard=1,unkept=1,cut=1";
        o.connections = 300;
        o.rate = 10;
        auto source = gen::Source::make(o);
        watch.seen = [&](const Packet& p, auto frame) { checker.see(p, frame); };
        while (const auto f = source->next())
            watch.see(f->time, f->bytes, static_cast<std::uint32_t>(f->bytes.size()));
        watch.finish();
        for (const Event& e : watch.verdicts) one_of.emplace(e.reason, e);
    }
    /// The objection to each verdict after `change`.
    template <typename Change>
    std::map<Reason, std::string> objections(Change&& change) {
        std::map<Reason, std::string> out;
        for (const auto& [reason, event] : one_of) {
            Event e = event;
            change(e);
            out[reason] = checker.object(e);
        }
        return out;
    }
};

TEST_F(CheckerTest, AgreesWithWhatIsRight) {
    EXPECT_EQ(one_of.size(), 6U);
    for (const auto& [reason, said] : objections([](Event&) {})) EXPECT_EQ(said, "") << name(reason);
}

TEST_F(CheckerTest, ObjectsToTheWrongEnd) {
    for (const auto& [reason, said] : objections([](Event& e) { e.evidence.lost ^= 3U; }))
        EXPECT_NE(said, "") << name(reason);
}

TEST_F(CheckerTest, ObjectsToEveryOtherVerdict) {
    for (const auto& [wrong, unused] : one_of) {
        const auto said = objections([w = wrong](Event& e) { e.evidence.sign = w; });
        for (const auto& [reason, objection] : said) {
            if (reason == wrong) continue;
            EXPECT_NE(objection, "") << name(reason) << " as " << name(wrong);
        }
    }
}

TEST_F(CheckerTest, ObjectsToPacketsThatWereNotThere) {
    for (const auto& [reason, said] : objections([](Event& e) {
             for (auto& row : e.evidence.last) ++row[0].seq;
         }))
        EXPECT_NE(said, "") << name(reason);
    for (const auto& [reason, said] : objections([](Event& e) { e.evidence.kept = {}; }))
        EXPECT_NE(said, "") << name(reason);
}

TEST_F(CheckerTest, ObjectsToOtherNumbers) {
    for (const auto& [reason, said] : objections([](Event& e) { ++e.evidence.seen; }))
        EXPECT_NE(said, "") << name(reason);
    for (const auto& [reason, said] : objections([](Event& e) { ++e.evidence.expected; }))
        EXPECT_NE(said, "") << name(reason);
    for (const auto& [reason, said] : objections([](Event& e) { --e.evidence.count; }))
        EXPECT_NE(said, "") << name(reason);
}

TEST_F(CheckerTest, ObjectsToAnotherConfidence) {
    for (const auto& [reason, said] : objections([](Event& e) { e.evidence.confidence = Confidence::low; }))
        EXPECT_NE(said, "") << name(reason);
}

TEST_F(CheckerTest, MissesWhatIsNotTold) {
    EXPECT_EQ(checker.missed(watch.verdicts).size(), 0U);
    EXPECT_EQ(checker.shown(), watch.verdicts.size());
    for (const auto& [reason, event] : one_of) {
        auto told = watch.verdicts;
        std::erase_if(told, [o = event.ordinal](const Event& e) { return e.ordinal == o; });
        EXPECT_EQ(checker.missed(told).size(), 1U) << name(reason);
    }
}

TEST_F(CheckerTest, ObjectsToMoreThanThereWas) {
    for (const Reason r : {Reason::unanswered_retransmission, Reason::unanswered_keepalive}) {
        Event e = one_of.at(r);
        ++e.evidence.count;
        EXPECT_NE(checker.object(e), "") << name(r);
    }
}

}  // namespace
}  // namespace ajar::signs
