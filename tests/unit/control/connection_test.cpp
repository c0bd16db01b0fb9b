// Does a connection keep no more than it owes?
#include "control/connection.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

namespace ajar::control {
namespace {

struct Pair {
    Pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        near = Descriptor(ends[0]);
        far = Descriptor(ends[1]);
    }
    Descriptor near, far;
};

/// Never empty, never far behind: what was sent long ago must not be kept.
TEST(Connection, WhoIsAlwaysALittleBehindCostsALittle) {
    Pair pair;
    Connection connection(std::move(pair.near));
    const std::string line(10'000, 'x');
    std::vector<char> room(1U << 20U);
    std::size_t read_so_far = 0;
    constexpr std::size_t kBehind = 1U << 20U;
    for (int i = 0; i < 20'000; ++i) {
        connection.push(line);
        ASSERT_TRUE(connection.flush());
        const auto pushed = line.size() * static_cast<std::size_t>(i + 1);
        while (read_so_far + kBehind < pushed) {
            const auto n = read(pair.far.get(), room.data(), pushed - kBehind - read_so_far);
            if (n <= 0) break;
            read_so_far += static_cast<std::size_t>(n);
        }
    }
    EXPECT_GT(connection.owed(), 0U);
    EXPECT_LT(connection.held(), 8 * kBehind);
}

TEST(Connection, ALargeAnswersRoomIsGivenBack) {
    Pair pair;
    Connection connection(std::move(pair.near));
    connection.push(std::string(4U << 20U, 'x'));
    EXPECT_GT(connection.held(), 4U << 20U);
    std::vector<char> room(1U << 20U);
    while (connection.writes()) {
        ASSERT_TRUE(connection.flush());
        static_cast<void>(read(pair.far.get(), room.data(), room.size()));
    }
    EXPECT_LT(connection.held(), 1U << 20U);
}

}  // namespace
}  // namespace ajar::control
