// Do the timestamps of captures become the right instants, after 2038 too?
#include "ajar/packet/capture_time.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(CaptureTime, IsSecondsAndNanoseconds) {
    EXPECT_EQ(capture_time(1'700'000'000, 7).time_since_epoch(), seconds(1'700'000'000) + nanoseconds(7));
}

TEST(CaptureTime, SecondsHaveNoSign) {
    const auto extended = static_cast<std::int32_t>(2'200'000'000U);
    EXPECT_EQ(capture_time(extended, 0).time_since_epoch(), seconds(2'200'000'000));
}

TEST(CaptureTime, NothingOverflows) {
    for (const std::int64_t wild :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
        EXPECT_GT(capture_time(wild, 999'999'999), capture_time(4'294'967'295, 0));
}

}  // namespace
}  // namespace ajar
