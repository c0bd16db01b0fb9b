// Does publish() carry every changed byte, under a counter that only counts up?
#include "ajar/flow/seq_copy.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace ajar {
namespace {

template <typename Key>
void fill(Entry<Key>& entry, unsigned value) {
    std::memset(static_cast<void*>(&entry), static_cast<int>(value), sizeof entry);
}

template <typename Key>
bool same_data(const Entry<Key>& a, const Entry<Key>& b) {
    const auto* const p = reinterpret_cast<const char*>(&a);
    const auto* const q = reinterpret_cast<const char*>(&b);
    return std::memcmp(p + 4, q + 4, sizeof a - 4) == 0;
}

template <typename Key>
class SeqCopy : public testing::Test {
protected:
    Entry<Key> shared{}, next{}, got{};
    Cold shared_cold{}, next_cold{}, got_cold{};
};
using Keys = testing::Types<KeyV4, KeyV6>;
TYPED_TEST_SUITE(SeqCopy, Keys);

TYPED_TEST(SeqCopy, CarriesEveryByte) {
    fill(this->next, 0xa5);
    std::memset(static_cast<void*>(&this->next_cold), 0x5a, sizeof(Cold));
    publish(this->shared, this->shared_cold, this->next, this->next_cold);
    ASSERT_TRUE(snapshot(this->shared, this->shared_cold, this->got, this->got_cold));
    EXPECT_TRUE(same_data(this->got, this->next));
    EXPECT_EQ(std::memcmp(&this->got_cold, &this->next_cold, sizeof(Cold)), 0);
    EXPECT_EQ(this->shared.sequence, 2U);
}

TYPED_TEST(SeqCopy, CarriesEverySingleByte) {
    for (std::size_t i = 4; i < sizeof this->next; ++i) {
        reinterpret_cast<std::uint8_t*>(&this->next)[i] = 1;
        publish(this->shared, this->next);
        ASSERT_TRUE(same_data(this->shared, this->next)) << "byte " << i;
        ASSERT_EQ(this->shared.sequence, 2 * (i - 3));
    }
    for (std::size_t i = 0; i < sizeof(Cold); ++i) {
        reinterpret_cast<std::uint8_t*>(&this->next_cold)[i] = 1;
        publish_cold(this->shared, this->shared_cold, this->next_cold);
        ASSERT_EQ(std::memcmp(&this->shared_cold, &this->next_cold, sizeof(Cold)), 0) << "byte " << i;
    }
}

TYPED_TEST(SeqCopy, WritesNothingWhenNothingChanged) {
    this->next.sequence = 1234;
    publish(this->shared, this->shared_cold, this->next, this->next_cold);
    EXPECT_EQ(this->shared.sequence, 0U);
}

TYPED_TEST(SeqCopy, CounterOutlivesTheFlow) {
    this->next.tick = Tick{1};
    publish(this->shared, this->next);
    this->next = {};
    this->next.sequence = 0;
    publish(this->shared, this->next);
    EXPECT_EQ(this->shared.sequence, 4U);
}

TYPED_TEST(SeqCopy, ReaderGivesUpOnAWriterThatStandsStill) {
    this->shared.sequence = 3;
    EXPECT_FALSE(snapshot(this->shared, this->shared_cold, this->got, this->got_cold));
}

}  // namespace
}  // namespace ajar
