// Are looks shared, bounded and harmless?
#include "metrics/sampler.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <thread>

#include "metrics/families.hpp"
#include "unit/control/fake_box.hpp"

namespace ajar::metrics {
namespace {

using namespace std::chrono_literals;
using test::FakeBox;

/// As main does: a worker each, filled in later.
void answer_like_main(FakeBox& box) {
    box.answers = [&box](const control::Errand&) {
        auto facts = std::make_shared<control::Facts>();
        facts->workers.resize(box.trackers().size());
        facts->generation = box.errands.size();
        return control::Answer{true, {}, facts};
    };
}

TEST(Sampler, HasTheFactsTheTablesAndTheAges) {
    FakeBox box;
    answer_like_main(box);
    for (std::uint32_t n = 0; n < 30; ++n) box.knock(n);
    for (std::uint32_t n = 30; n < 50; ++n) box.connect(n);
    box.lab.now += 2s;
    Sampler sampler(box, {"1", "2"});
    const auto view = sampler.look();
    ASSERT_TRUE(view);
    EXPECT_EQ(view->ages[1], 30U);
    std::uint64_t confirmed = 0, embryonic = 0;
    for (const auto& worker : view->facts.workers) {
        confirmed += worker.tables.confirmed[0].used;
        embryonic += worker.tables.embryonic[0].used;
    }
    EXPECT_EQ(confirmed, 20U);
    EXPECT_EQ(embryonic, 30U);
    EXPECT_GT(view->cost.count(), 0);
    EXPECT_EQ(view->build.version, "1");
}

TEST(Sampler, AsksOnceForMany) {
    FakeBox box;
    answer_like_main(box);
    Sampler sampler(box, {});
    const auto begun = Sampler::Clock::now();
    for (int n = 0; n < 1000; ++n) EXPECT_TRUE(sampler.look());
    // Each look is fresh for so long at the least.
    const auto most = (Sampler::Clock::now() - begun) / Sampler::kFresh + 1;
    EXPECT_LE(box.errands.size(), static_cast<std::size_t>(most));
    const auto last = sampler.look();
    std::this_thread::sleep_for(Sampler::kFresh + last->cost * 20);
    EXPECT_GT(sampler.look()->facts.generation, last->facts.generation);
}

TEST(Sampler, DoesNotWaitForABusyMainForEver) {
    FakeBox box;
    box.too_busy = true;
    Sampler sampler(box, {});
    EXPECT_FALSE(sampler.look());
}

TEST(Sampler, WaitsForNobodyWhenAllIsOver) {
    class Mute final : public control::Box {
    public:
        [[nodiscard]] std::span<Tracker* const> trackers() const override { return {}; }
        [[nodiscard]] std::uint32_t worker_of(std::uint8_t) const override { return 0; }
        [[nodiscard]] std::optional<std::uint8_t> partition_of(Family, const KeyV6&) const override {
            return {};
        }
        [[nodiscard]] Time now() const override { return {}; }
        [[nodiscard]] std::shared_ptr<const Policy> policy() const override { return {}; }
        [[nodiscard]] std::string_view refuses_orders() const override { return {}; }
        bool order(const control::Order&) override { return false; }
        std::size_t take_done(std::span<control::Done>) override { return 0; }
        bool ask(control::Errand, std::function<void(control::Answer)> done) override {
            kept = std::move(done);
            asked = true;
            return true;
        }
        SpscRing<Event>& events() override { return ring; }
        std::vector<std::string> changes() override { return {}; }
        void follow_all(bool) override {}
        void on_news(std::function<void()>) override {}
        std::function<void(control::Answer)> kept;
        std::atomic<bool> asked{false};  // and kept is there
        SpscRing<Event> ring{16};
    };
    Mute box;
    Sampler sampler(box, {});
    std::thread waits([&] { EXPECT_FALSE(sampler.look()); });
    while (!box.asked) std::this_thread::sleep_for(1ms);
    const auto begun = Sampler::Clock::now();
    sampler.stop();
    waits.join();
    EXPECT_LT(Sampler::Clock::now() - begun, 2s) << "its patience is three";
    box.kept({true, {}, std::make_shared<control::Facts>()});  // main answers nobody, later
}

/// Memory that can be made unwritable: who writes into it then ends the test.
class Guarded final : public Memory {
public:
    ~Guarded() override {
        for (const auto& block : blocks_) munmap(block.data(), block.size());
    }
    void* take(std::size_t bytes, std::size_t) override {
        bytes = (bytes + 4095) & ~std::size_t{4095};
        void* const at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) throw std::bad_alloc();
        blocks_.push_back({static_cast<std::byte*>(at), bytes});
        return at;
    }
    void allow(int what) const {
        for (const auto& block : blocks_) EXPECT_EQ(mprotect(block.data(), block.size(), what), 0);
    }

private:
    std::vector<std::span<std::byte>> blocks_;
};

// What the workers write is only read: a scrape of tables that cannot be written to is a scrape all the same.
TEST(Sampler, WritesIntoNothingThatAWorkerWrites) {
    FakeBox box(1);  // for its packets
    Guarded memory;
    TrackerOptions options;
    options.sizes = {1U << 12U, 1U << 12U, 1U << 10U, 25, 25};
    options.owned.fill(true);
    Tracker tracker(options, memory);
    for (std::uint32_t n = 0; n < 500; ++n) {
        const Packet syn = box.lab.packet(FakeBox::tuple(n), true, TcpFlags::kSyn, 1000);
        Verdict verdict;
        tracker.process({&syn, 1}, {&verdict, 1}, box.lab.policy);
    }
    memory.allow(PROT_READ);
    const auto occupancy = tracker.occupancy();
    const auto ages = tracker.embryonic_ages(box.lab.now);
    std::vector<AskPart> parts;
    tracker.asked(second_of(box.lab.now), parts);
    memory.allow(PROT_READ | PROT_WRITE);
    EXPECT_EQ(occupancy.embryonic[0].used, 500U);
    EXPECT_EQ(ages[0], 500U);
}

}  // namespace
}  // namespace ajar::metrics
