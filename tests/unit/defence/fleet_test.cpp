// A flood that is spread over appliances: what each tells, and that together they are met as one.
#include "ajar/defence/fleet.hpp"

#include "support/services.hpp"
#include "watch.hpp"

namespace ajar::test {
namespace {

CountKey name_of_service(const Tuple& t) {
    return count_key(CountKind::service, be32::of(t.server), Zone{0}, be16::of(t.server_port));
}
CountKey name_of_host(const Tuple& t) {
    return count_key(CountKind::destination, be32::of(t.server), Zone{0});
}

std::shared_ptr<const Pending> elsewhere(const CountKey& name, std::uint32_t count) {
    Pending out;
    out.names.emplace(name, count);
    return std::make_shared<const Pending>(std::move(out));
}

struct OneOfTwo : testing::Test {
    OneOfTwo() { watch.lab.connect(tuple(9999)); }  // it was seen to answer
    Watch watch;
};

TEST_F(OneOfTwo, HalfAFloodIsBelowTheMark) {
    watch.syns(0, kHigh / 2 + 2);
    for (int second = 0; second < 3; ++second) EXPECT_TRUE(watch.update(1s).flooded.empty());
}

TEST_F(OneOfTwo, WithTheOtherHalfItIsAbove) {
    watch.syns(0, kHigh / 2 + 2);
    watch.hear(elsewhere(name_of_service(tuple(0)), kHigh / 2));
    EXPECT_TRUE(watch.update().active);
    EXPECT_TRUE(watch.flooded());
    ASSERT_FALSE(watch.told.empty());
    const Change& told = watch.told.front();
    EXPECT_EQ(told.kind, ChangeKind::flooded);
    EXPECT_EQ(told.value, kHigh + 2);
    EXPECT_EQ(told.elsewhere, kHigh / 2);
}

TEST_F(OneOfTwo, AnotherNameIsNoReason) {
    watch.syns(0, kHigh / 2 + 2);
    Tuple other = tuple(0);
    other.server_port = 81;
    watch.hear(elsewhere(name_of_service(other), 1U << 24U));
    watch.update();
    EXPECT_FALSE(watch.flooded());
    auto zoned = name_of_service(tuple(0));
    zoned.zone = zone_of(0, 7, 0);
    watch.hear(elsewhere(zoned, 1U << 24U));
    watch.update();
    EXPECT_FALSE(watch.flooded()) << "in another VLAN it is another service";
}

TEST_F(OneOfTwo, ItEndsWhenTheOthersAreForgotten) {
    watch.hear(elsewhere(name_of_service(tuple(0)), 2 * kHigh));
    watch.update();
    EXPECT_TRUE(watch.flooded());
    watch.hear(nullptr);
    for (int second = 0; second < 40; ++second) watch.update(1s);
    EXPECT_FALSE(watch.flooded());
}

/// What drops, and what evicts, goes by one's own counts.
TEST_F(OneOfTwo, NoLimitAndNoStageHearsOfOthers) {
    watch.lab.policy.defence.service_limit = kHigh;
    watch.lab.policy.defence.source_limit = kHigh;
    watch.lab.policy.defence.answer = Answering::off;
    watch.syns(0, 4);
    Pending lies;
    for (std::uint32_t port = 0; port < Fleet::kHeard; ++port) {
        Tuple t = tuple(0);
        t.server_port = static_cast<std::uint16_t>(port);
        lies.names.emplace(name_of_service(t), 1U << 30U);
    }
    watch.hear(std::make_shared<const Pending>(lies));
    const Posture& posture = watch.update();
    EXPECT_TRUE(posture.full.empty());
    EXPECT_TRUE(posture.crowded.empty());
    EXPECT_EQ(posture.rungs, 0);
    EXPECT_EQ(posture.share, kWholeShare);
    EXPECT_EQ(watch.lab.client(tuple(77), S, 1000).disposal, Disposal::forward);
}

TEST_F(OneOfTwo, WhatIsEstablishedStaysWhateverIsSaid) {
    for (std::uint32_t n = 100; n < 120; ++n) watch.lab.connect(tuple(n));
    watch.hear(elsewhere(name_of_service(tuple(0)), 0xffffffffU));
    for (int second = 0; second < 5; ++second) watch.update(1s);
    EXPECT_TRUE(watch.flooded());
    EXPECT_EQ(watch.lab.flows(TcpState::established), 21U);
}

TEST_F(OneOfTwo, AnAddressIsFloodedByItsPartsTogether) {
    watch.lab.policy.defence.service_high = 1U << 20U;
    watch.lab.policy.defence.destination_high = kHigh;
    watch.lab.policy.defence.destination_low = kLow;
    const auto over_ports = [&](std::uint32_t first, std::uint32_t many) {
        for (std::uint32_t n = first; n < first + many; ++n) {
            Tuple t = tuple(n);
            t.server_port = static_cast<std::uint16_t>(1000 + n);
            watch.lab.client(t, S, 1000);
        }
    };
    over_ports(0, kHigh / 2 + 2);
    for (int n = 0; n < 30; ++n) EXPECT_TRUE(watch.update(50ms).hosts.empty());
    watch.hear(elsewhere(name_of_host(tuple(0)), kHigh / 2));
    over_ports(500, 1);
    for (int n = 0; n < 30; ++n) watch.update(50ms);
    EXPECT_FALSE(watch.update().hosts.empty());
}

TEST_F(OneOfTwo, WhatIsPendingIsTold) {
    watch.hear(nullptr);
    watch.syns(0, 20);
    watch.update(1s);
    const auto own = watch.pending().names;
    ASSERT_EQ(own.count(name_of_service(tuple(0))), 1U);
    EXPECT_EQ(own.at(name_of_service(tuple(0))), 20U);
    watch.lab.pass(31s);
    watch.update();
    EXPECT_TRUE(watch.pending().empty()) << "they are gone";
}

TEST_F(OneOfTwo, WhatOthersToldIsNotToldOn) {
    watch.hear(elsewhere(name_of_service(tuple(0)), 1000));
    watch.syns(0, 5);
    watch.update(1s);
    watch.syns(0, 1);
    watch.update(1s);
    ASSERT_EQ(watch.pending().names.count(name_of_service(tuple(0))), 1U);
    EXPECT_LT(watch.pending().names.at(name_of_service(tuple(0))), 20U);
}

TEST_F(OneOfTwo, NothingIsToldUnlessItIsWanted) {
    watch.syns(0, 20);
    watch.update(1s);
    EXPECT_TRUE(watch.pending().empty());
}

TEST_F(OneOfTwo, AFewOfManyNamesAreTold) {
    watch.hear(nullptr);
    for (std::uint32_t n = 0; n < 2000; ++n) {
        Tuple t = tuple(n);
        t.server = 0x0b000000 + n;
        for (int twice = 0; twice < 2; ++twice, t.client += 100'000) watch.lab.client(t, S, 1000);
        if (n % 100 == 99) watch.update();
    }
    watch.update(1s);
    EXPECT_LE(watch.pending().names.size(), Fleet::kMost);
}

TEST(NamedInAFleet, PartsOfAServiceAddUp) {
    Watch watch;
    DefencePolicy marks = watch.lab.policy.defence;
    marks.answer = Answering::automatic;
    watch.lab.policy.services = make_services(watch.lab.policy,
                                              {{{"web", {prefix_v4(0x0a000000, 24)}, {}, 0, true, marks},
                                                {Mode::enforce, watch.lab.policy.timeouts}}},
                                              nullptr);
    ++watch.lab.policy.generation;
    watch.hear(nullptr);
    watch.update();
    watch.syns(0, kHigh / 2 + 2);
    watch.update(1s);
    watch.update(1s);
    ASSERT_EQ(watch.pending().services.count("web"), 1U);
    const auto own = watch.pending().services.at("web");
    EXPECT_LE(own, kHigh / 2 + 2);
    EXPECT_FALSE(watch.update().named->says(watch.lab.policy.services->serial(), 1, ServiceStates::kAnswers));
    Pending others;
    others.services.emplace("web", kHigh / 2);
    others.services.emplace("mail", 5000);
    watch.hear(std::make_shared<const Pending>(others));
    EXPECT_TRUE(watch.update().named->says(watch.lab.policy.services->serial(), 1, ServiceStates::kAnswers));
    watch.update(1s);
    EXPECT_LE(watch.pending().services.at("web"), own) << "others' are not told on";
}

}  // namespace
}  // namespace ajar::test
