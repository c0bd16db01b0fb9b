// Does publish() carry every changed byte, under a counter that only counts up?
#include "ajar/flow/seq_copy.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>

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
    Record shared_record{}, next_record{}, got_record{};
};
using Keys = testing::Types<KeyV4, KeyV6>;
TYPED_TEST_SUITE(SeqCopy, Keys);

TYPED_TEST(SeqCopy, CarriesEveryByte) {
    fill(this->next, 0xa5);
    std::memset(static_cast<void*>(&this->next_record), 0x5a, sizeof(Record));
    publish(this->shared, this->next, &this->shared_record, &this->next_record);
    ASSERT_TRUE(snapshot(this->shared, &this->shared_record, this->got, this->got_record));
    EXPECT_TRUE(same_data(this->got, this->next));
    EXPECT_EQ(std::memcmp(&this->got_record, &this->next_record, sizeof(Record)), 0);
    EXPECT_EQ(this->shared.sequence, 2U);
}

TYPED_TEST(SeqCopy, CarriesEverySingleByte) {
    for (std::size_t i = 4; i < sizeof this->next; ++i) {
        reinterpret_cast<std::uint8_t*>(&this->next)[i] = 1;
        publish(this->shared, this->next);
        ASSERT_TRUE(same_data(this->shared, this->next)) << "byte " << i;
        ASSERT_EQ(this->shared.sequence, 2 * (i - 3));
    }
    for (std::size_t i = 0; i < sizeof(Record); ++i) {
        reinterpret_cast<std::uint8_t*>(&this->next_record)[i] = 1;
        publish(this->shared, this->next, &this->shared_record, &this->next_record);
        ASSERT_EQ(std::memcmp(&this->shared_record, &this->next_record, sizeof(Record)), 0) << "byte " << i;
    }
}

TYPED_TEST(SeqCopy, APlaceWithoutAFlowHasNoStateAndALink) {
    std::memset(static_cast<void*>(&this->next), 0xff, sizeof this->next);
    publish(this->shared, this->next);
    publish_empty(this->shared, 1234);
    EXPECT_EQ(this->shared.conn.state, TcpState::none);
    EXPECT_EQ(this->shared.conn.timer, TimerClass::untimed);
    EXPECT_EQ(this->shared.conn.marks, 0);
    EXPECT_EQ(this->shared.tick.count, 1234U);
    EXPECT_TRUE(this->shared.key == this->next.key) << "half of whose last word is the tick";
    EXPECT_EQ(this->shared.sequence, 4U);
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
    EXPECT_FALSE(snapshot(this->shared, &this->shared_record, this->got, this->got_record));
}

/// Two pages: the first can be written, the second not until protect() is undone by the first write to it.
class Trap {
public:
    static constexpr std::size_t kPage = 4096;
    Trap() : pages_(::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {}
    ~Trap() { ::munmap(pages_, 2 * kPage); }
    Trap(const Trap&) = delete;
    Trap& operator=(const Trap&) = delete;

    template <typename T>
    T& at(std::size_t page) {
        return *reinterpret_cast<T*>(static_cast<char*>(pages_) + page * kPage);
    }
    /// Calls `look` when the first write to the second page is about to happen.
    template <class Write>
    void spring(void (*look)(), Write&& write) {
        look_ = look;
        second_ = static_cast<char*>(pages_) + kPage;
        struct sigaction act {
        }, old{};
        act.sa_handler = [](int) {
            ::mprotect(second_, kPage, PROT_READ | PROT_WRITE);
            look_();
        };
        ASSERT_EQ(::sigaction(SIGSEGV, &act, &old), 0);
        ASSERT_EQ(::mprotect(second_, kPage, PROT_READ), 0);
        write();
        ASSERT_EQ(::sigaction(SIGSEGV, &old, nullptr), 0);
    }

private:
    void* pages_;
    static inline void (*look_)();
    static inline void* second_;
};

Entry<KeyV4>* trapped_entry;
Record* trapped_record;
int looks = 0;

// The entry's words go first, so a page fault on the record stops the writer half way.
TEST(SeqCopyMidway, AReaderGetsNoHalfWrittenFlow) {
    Trap trap;
    trapped_entry = &trap.at<Entry<KeyV4>>(0);
    trapped_record = &trap.at<Record>(1);
    Entry<KeyV4> next{}, got;
    Record next_record{}, got_record;
    next.tick = Tick{7};
    next_record.missed = 7;
    trap.spring(
        [] {
            Entry<KeyV4> half;
            Record half_record;
            ++looks;
            EXPECT_EQ(trapped_entry->tick, Tick{7}) << "not half way";
            EXPECT_EQ(trapped_entry->sequence, 1U);
            EXPECT_FALSE(snapshot(*trapped_entry, trapped_record, half, half_record));
        },
        [&] { publish(*trapped_entry, next, trapped_record, &next_record); });
    EXPECT_EQ(looks, 1);
    ASSERT_TRUE(snapshot(*trapped_entry, trapped_record, got, got_record));
    EXPECT_EQ(got_record.missed, 7U);
}

}  // namespace
}  // namespace ajar
