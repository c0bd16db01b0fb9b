// Do the timers and the mode of a flow's service hold for it, exactly and for life?
#include "support/services.hpp"
#include "lab.hpp"

namespace ajar::test {
namespace {

constexpr std::uint32_t kShort = 0x0a000002, kLong = 0x0a000003, kUsual = 0x0a000004;

Tuple to(std::uint32_t server, std::uint32_t n = 1) {
    Tuple t = tuple(n);
    t.server = server;
    return t;
}

Terms terms_of(const Policy& policy, TimerClass timer, Duration timeout) {
    Terms terms{policy.mode, policy.timeouts};
    terms.timeouts[static_cast<std::size_t>(timer)] = timeout;
    return terms;
}

class TermsOf : public testing::TestWithParam<TimerClass> {
protected:
    void say(Duration brief, Duration lasting) {
        lab.policy.services = make_services(
            lab.policy,
            {{{"short", {prefix_v4(kShort, 32)}, {}, 0, false, {}}, terms_of(lab.policy, GetParam(), brief)},
             {{"long", {prefix_v4(kLong, 32)}, {}, 0, false, {}}, terms_of(lab.policy, GetParam(), lasting)}},
            lab.policy.services.get());
        ++lab.policy.generation;
    }
    /// Brings a flow under the timer in question.
    void begin(std::uint32_t server, std::uint32_t n = 1) {
        if (GetParam() == TimerClass::established) {
            lab.connect(to(server, n));
            return;
        }
        lab.client(to(server, n), S, 1000);
        if (GetParam() == TimerClass::syn_recv) lab.server(to(server, n), SA, 5000, 1001);
    }
    /// When the flows ended, since `kStart`, by server.
    std::vector<std::pair<std::uint32_t, Duration>> ends() {
        std::vector<std::pair<std::uint32_t, Duration>> out;
        for (const Event& e : lab.of(EventKind::flow_end)) {
            const Side server = other(e.originator());
            Ipv4Address address{};
            std::copy_n(e.key.address[server].begin(), 4, address.bytes.begin());
            out.emplace_back(address.value(), std::chrono::floor<std::chrono::seconds>(e.time - kStart));
        }
        return out;
    }
    Lab lab;
};

using Ends = std::vector<std::pair<std::uint32_t, Duration>>;

TEST_P(TermsOf, EndAFlowWhenItsServiceSaysSo) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.policy.timeouts[static_cast<std::size_t>(GetParam())] = 60s;
    say(20s, 100s);
    for (const auto server : {kLong, kUsual, kShort}) begin(server);
    for (int s = 0; s < 150; ++s) lab.pass(1s);
    EXPECT_EQ(ends(), (Ends{{kShort, 20s}, {kUsual, 60s}, {kLong, 100s}}));
}

TEST_P(TermsOf, FindAnOverdueFlowGoneWithoutACollection) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.policy.timeouts[static_cast<std::size_t>(GetParam())] = 60s;
    say(20s, 100s);
    for (const auto server : {kLong, kUsual, kShort}) begin(server);
    lab.now += 99s;
    for (const auto server : {kLong, kUsual, kShort}) lab.client(to(server), S, 900'000);
    EXPECT_EQ(ends(), (Ends{{kUsual, 60s}, {kShort, 20s}}));
}

TEST_P(TermsOf, ChangeForLivingFlowsToo) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.policy.timeouts[static_cast<std::size_t>(GetParam())] = 60s;
    say(20s, 1h);
    for (const auto server : {kLong, kUsual, kShort}) begin(server);
    lab.pass(10s);
    say(90s, 70s);
    for (int s = 0; s < 150; ++s) lab.pass(1s);
    EXPECT_EQ(ends(), (Ends{{kUsual, 60s}, {kLong, 70s}, {kShort, 90s}}));
}

TEST_P(TermsOf, AreKeptWhenTheTableIsGone) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.policy.timeouts[static_cast<std::size_t>(GetParam())] = 60s;
    say(20s, 100s);
    for (const auto server : {kLong, kShort}) begin(server);
    lab.policy.services = nullptr;
    ++lab.policy.generation;
    for (int s = 0; s < 150; ++s) lab.pass(1s);
    auto ended = ends();
    std::sort(ended.begin(), ended.end());
    EXPECT_EQ(ended, (Ends{{kShort, 60s}, {kLong, 60s}})) << "what holds for all";
}

INSTANTIATE_TEST_SUITE_P(Timers, TermsOf,
                         testing::Values(TimerClass::syn_sent, TimerClass::syn_recv, TimerClass::established),
                         [](const auto& timer) { return std::string(name(timer.param)); });

TEST(ServiceTerms, OfTrafficThatGoesOnAnIdleTimerIsRenewed) {
    Lab lab({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, Recording::off);
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.policy.services = make_services(lab.policy, {{{"short", {prefix_v4(kShort, 32)}, {}, 0, false, {}},
                                                      terms_of(lab.policy, TimerClass::established, 20s)}});
    lab.connect(to(kShort));
    for (int s = 0; s < 10; ++s) {
        lab.pass(15s);
        EXPECT_EQ(lab.client(to(kShort), A, 1001, 5001).ct, CtVerdict::established);
    }
    lab.pass(19s);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lab.pass(2s);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST(ServiceTerms, AServiceThatIsOnlyWatchedIsNotActedUpon) {
    Lab lab;
    Terms watched{Mode::observe, lab.policy.timeouts};
    lab.policy.services =
        make_services(lab.policy, {{{"watched", {prefix_v4(kShort, 32)}, {}, 0, false, {}}, watched}});
    lab.policy.invalid = InvalidAction::drop;
    for (const auto server : {kShort, kUsual}) {
        lab.connect(to(server));
        const auto far = lab.client(to(server), A, 0x40000000, 5001, 10);
        EXPECT_EQ(far.disposal, server == kShort ? Disposal::forward : Disposal::drop);
        lab.client(to(server, 2), S, 1000);
        lab.server(to(server, 2), SA, 5000, 1001);
    }
    lab.pass(61s);  // stale handshakes
    EXPECT_EQ(lab.frames.size(), 1U) << "a reset for the one that is not only watched";
    unsigned said = 0;
    for (const Event& e : lab.of(EventKind::evicted)) said += e.mode == Mode::observe ? 1U : 0U;
    EXPECT_EQ(said, 1U);
}

TEST(ServiceTerms, AServiceCanBeActedUponWhileTheRestIsWatched) {
    Lab lab;
    lab.policy.mode = Mode::observe;
    lab.policy.services = make_services(lab.policy, {{{"held", {prefix_v4(kShort, 32)}, {}, 0, false, {}},
                                                      {Mode::enforce, lab.policy.timeouts}}});
    for (const auto server : {kShort, kUsual}) {
        lab.client(to(server, 2), S, 1000);
        lab.server(to(server, 2), SA, 5000, 1001);
    }
    lab.pass(61s);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.counters().resets_due.get(), 2U);
}

TEST(ServiceTerms, HoldForWhatIsPickedUpInTheMiddleFromEitherSide) {
    for (const bool from_client : {true, false}) {
        Lab lab;
        lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
        lab.policy.services =
            make_services(lab.policy, {{{"short", {prefix_v4(kShort, 32)}, {{80, 80}}, 0, false, {}},
                                        terms_of(lab.policy, TimerClass::established, 20s)}});
        lab.feed(
            lab.packet(to(kShort), from_client, A, from_client ? 1001 : 5001, from_client ? 5001 : 1001, 1));
        lab.feed(
            lab.packet(to(kShort), !from_client, A, from_client ? 5001 : 1001, from_client ? 1002 : 5002, 0));
        EXPECT_EQ(lab.flows(TcpState::established), 1U);
        lab.pass(21s);
        EXPECT_EQ(lab.flows(TcpState::established), 0U);
    }
}

TEST(ServiceTerms, ReservationsAreTakenBackFromTheOldestOfAllServices) {
    // 128 partitions with two places each in the confirmed table: the third handshake of a partition takes a
    // reservation back, whichever terms its holder has.
    Lab lab({512, 1U << 14U, 1U << 12U, 25, 25});
    lab.policy.services = make_services(lab.policy, {{{"short", {prefix_v4(kShort, 32)}, {}, 0, false, {}},
                                                      terms_of(lab.policy, TimerClass::syn_recv, 50s)}});
    for (std::uint32_t n = 0; n < 2000; ++n) {
        const Tuple t = to(n % 2 == 0 ? kShort : kUsual, n);
        lab.client(t, S, 1000);
        lab.server(t, SA, 5000, 1001);
        lab.pass(10ms);
    }
    std::array<unsigned, 2> lost{};
    for (const Event& e : lab.of(EventKind::evicted))
        if (e.reason == Reason::reservation_lost) ++lost[e.conn.terms == 0 ? 0 : 1];
    EXPECT_GT(lost[0], 300U);
    EXPECT_GT(lost[1], 300U);
}

}  // namespace
}  // namespace ajar::test
