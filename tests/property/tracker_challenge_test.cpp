// Who gets past a challenge? Random SYNs, RSTs and pauses of a few tuples, beside a model that remembers all
// of them exactly: a SYN passes if its tuple has sent the exact RST within ten seconds, or has left two
// challenges unanswered and its partition has a waiver; whatever else is sent proves nothing.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <tuple>

#include "../unit/tracker/lab.hpp"
#include "ajar/flow/challenges.hpp"
#include "ajar/tcp/challenge.hpp"

namespace ajar::test {
namespace {

using Standing = Challenges::Standing;

enum class Kind : std::uint8_t { syn, exact_rst, forged_rst, old_rst, ack };

struct Deed {
    Kind kind;
    std::uint32_t tuple;
    bool ipv6;
    std::uint32_t number;
    Duration pause;
};

/// What is known of a tuple, and since when.
struct Known {
    Standing standing = Standing::unknown;
    Tick since{};
};

class Model {
public:
    Standing of(std::uint64_t id, Time now) const {
        const auto found = known_.find(id);
        if (found == known_.end()) return Standing::unknown;
        static const std::map<Standing, Duration> kLives = {{Standing::once, std::chrono::seconds(4)},
                                                            {Standing::twice, std::chrono::seconds(8)},
                                                            {Standing::proven, std::chrono::seconds(10)}};
        const auto age = kTickLength * (tick_of(now) - found->second.since);
        return age < kLives.at(found->second.standing) ? found->second.standing : Standing::unknown;
    }
    void note(std::uint64_t id, Standing standing, Time now) { known_[id] = {standing, tick_of(now)}; }
    /// One each ten seconds and partition.
    bool waive(std::uint8_t partition, Time now) {
        auto& next = next_waiver_[partition];
        if (now < next) return false;
        next = now + std::chrono::seconds(10);
        return true;
    }
    /// Does a SYN pass?
    bool asks(std::uint64_t id, std::uint8_t partition, Time now) {
        const Standing standing = of(id, now);
        if (standing == Standing::proven) return true;
        if (standing == Standing::twice && waive(partition, now)) return true;
        note(id, standing == Standing::unknown ? Standing::once : Standing::twice, now);
        return false;
    }

private:
    std::map<std::uint64_t, Known> known_;
    std::map<std::uint8_t, Time> next_waiver_;
};

class Trial {
public:
    Trial() {
        lab_.policy.flow_end_events = false;
        lab_.policy.defence.method = SynProof::challenge;
        lab_.policy.actions[static_cast<std::size_t>(Cause::administrative)] = Action::evict;
        posture_.active = posture_.every_service = true;
        posture_.profiles = std::make_shared<ServerProfiles>();
        lab_.posture = &posture_;
    }

    void carry_out(const Deed& deed) {
        lab_.now += deed.pause;
        posture_.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, lab_.now);
        Packet p =
            lab_.packet({.client_port = static_cast<std::uint16_t>(1000 + deed.tuple), .ipv6 = deed.ipv6},
                        true, S, deed.number);
        if (deed.kind == Kind::syn) return ask(p);
        p.flags.bits = deed.kind == Kind::ack ? A : R;
        const std::uint32_t right = tcp::challenge::numbers_for(*posture_.keys, p).ack;
        p.seq = deed.kind == Kind::exact_rst ? right : deed.number;
        if (deed.kind == Kind::old_rst) p.seq = stale_number(p);
        const bool exact = deed.kind != Kind::ack && tcp::challenge::met_by(*posture_.keys, p);
        RC_ASSERT(exact == (deed.kind == Kind::exact_rst));
        const Verdict v = lab_.feed(p);
        RC_ASSERT((v.reason == Reason::challenge_met) == exact);
        RC_ASSERT((v.disposal == Disposal::consume) == exact);
        if (exact) model_.note(p.hash, Standing::proven, lab_.now);
        forget(p);
    }
    void expect_counts() {
        const Counters& c = lab_.counters();
        RC_ASSERT(c.challenges_sent.get() == lab_.answers.size());
        RC_ASSERT(c.consumed.get() == met_ + lab_.answers.size());
        RC_ASSERT(lab_.frames.empty());
    }

private:
    void ask(const Packet& syn) {
        const bool passes = model_.asks(syn.hash, syn.partition, lab_.now);
        const Verdict v = lab_.feed(syn);
        RC_ASSERT((v.disposal == Disposal::forward) == passes);
        RC_ASSERT((v.disposal == Disposal::answer) == !passes);
        forget(syn);
    }
    /// What a challenge said a minute ago.
    [[nodiscard]] std::uint32_t stale_number(const Packet& p) const {
        const tcp::cookie::Keys before({1, 2}, lab_.now - std::chrono::minutes(1));
        return tcp::challenge::numbers_for(before, p).ack;
    }
    /// No flow is left in the way of the next deed.
    void forget(const Packet& p) {
        lab_.tracker().evict(p, lab_.now, lab_.policy, posture_);
        met_ = lab_.told(Reason::challenge_met);
    }

    Lab lab_{{1U << 12U, 1U << 16U, 1U << 12U, 25, 25}};
    Posture posture_;
    Model model_;
    std::uint64_t met_ = 0;
};

rc::Gen<Deed> a_deed() {
    return rc::gen::map(
        rc::gen::tuple(rc::gen::weightedElement<Kind>({{12, Kind::syn},
                                                       {3, Kind::exact_rst},
                                                       {2, Kind::forged_rst},
                                                       {1, Kind::old_rst},
                                                       {1, Kind::ack}}),
                       rc::gen::inRange(0, 8), rc::gen::weightedElement<bool>({{3, false}, {1, true}}),
                       rc::gen::arbitrary<std::uint32_t>(),
                       rc::gen::weightedElement<int>({{20, 0}, {10, 11}, {10, 1000}, {5, 3000}, {2, 9000}})),
        [](const auto& t) {
            const auto& [kind, tuple, ipv6, number, pause] = t;
            return Deed{kind, static_cast<std::uint32_t>(tuple), ipv6, number,
                        std::chrono::milliseconds(pause)};
        });
}

TEST(ResetChallenge, LetsThroughWhoHasProvenHimselfAndNobodyElse) {
    EXPECT_TRUE(rc::check([] {
        const auto deeds = *rc::gen::container<std::vector<Deed>>(a_deed());
        Trial trial;
        for (const Deed& deed : deeds) trial.carry_out(deed);
        trial.expect_counts();
    }));
}

}  // namespace
}  // namespace ajar::test
