// Do the signs of half-open connections hold where what makes them is lost behind the box, or comes twice?
#include "lab.hpp"

namespace ajar::test {
namespace {

class SignLosses : public testing::TestWithParam<bool> {
protected:
    Lab lab{{1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, Recording::off};
    Tuple tuple{.ipv6 = GetParam()};

    void SetUp() override {
        lab.connect(tuple);
        lab.client(tuple, A, 1001, 5001, 100);
        lab.server(tuple, A, 5001, 1101, 50);
        lab.client(tuple, A, 1101, 5051);
    }
    /// The client opens anew, is challenged and refuses that.
    void knock_and_refuse() {
        lab.pass(1s);
        lab.client(tuple, S, 9000);
        lab.server(tuple, A, 5051, 1101);
        lab.client(tuple, R, 1101);
    }
    std::vector<Event> told() { return lab.of(EventKind::half_open); }
};
INSTANTIATE_TEST_SUITE_P(Families, SignLosses, testing::Bool(),
                         [](const auto& p) { return p.param ? "Ipv6" : "Ipv4"; });

TEST_P(SignLosses, ARstThatIsLostBehindTheBoxIsSentAgain) {
    knock_and_refuse();
    knock_and_refuse();
    lab.pass(1s);
    lab.client(tuple, S, 9000);
    lab.server(tuple, SA, 7000, 9001);
    lab.client(tuple, A, 9001, 7001);
    ASSERT_EQ(told().size(), 1U);
    EXPECT_EQ(told()[0].reason, Reason::crash_reopen_recovered);
    EXPECT_EQ(told()[0].evidence.predecessor, lab.of(EventKind::flow_end).at(0).flow_id);
}

TEST_P(SignLosses, ACopyOfWhatIsSentFirstIsNoRepetition) {
    lab.client(tuple, A, 1101, 5051, 200);
    lab.client(tuple, A, 1101, 5051, 200);
    for (int i = 0; i < 4; ++i) {
        lab.pass(1s);
        lab.client(tuple, A, 1101, 5051, 200);
    }
    EXPECT_TRUE(told().empty());
    lab.pass(1s);
    lab.client(tuple, A, 1101, 5051, 200);
    ASSERT_EQ(told().size(), 1U);
    EXPECT_EQ(told()[0].evidence.count, 5U);
}

}  // namespace
}  // namespace ajar::test
