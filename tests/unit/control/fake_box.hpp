// An appliance without DPDK: trackers on a bench, orders carried out when the test says so, errands answered
// by it.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "control/box.hpp"
#include "unit/tracker/lab.hpp"

namespace ajar::test {

class FakeBox final : public control::Box {
public:
    explicit FakeBox(std::size_t shards = 2) : lab({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, shards) {
        lab.policy.probe.on = false;
        for (std::size_t s = 0; s < shards; ++s) pointers_.push_back(&lab.tracker(s));
    }

    Lab lab;
    std::string refusal;           ///< of orders
    bool lazy = false;             ///< orders stay until obey()
    std::size_t room = 1U << 20U;  ///< for orders
    bool too_busy = false;         ///< for errands
    std::atomic<std::uint64_t> ordered{0};
    std::atomic<bool> stands{false};               ///< looks at the tables stand still
    mutable std::atomic<std::uint64_t> looked{0};  ///< at partitions
    std::vector<control::Errand> errands;
    std::function<control::Answer(const control::Errand&)> answers = [](const control::Errand&) {
        return control::Answer{true, ",\"done\":true", std::make_shared<control::Facts>()};
    };

    /// A connection whose handshake is complete, by its number.
    Tuple connect(std::uint32_t n) {
        const Tuple t = tuple(n);
        lab.client(t, TcpFlags::kSyn, 1000);
        lab.server(t, TcpFlags::kSyn | TcpFlags::kAck, 5000, 1001);
        lab.client(t, TcpFlags::kAck, 1001, 5001);
        return t;
    }
    Tuple knock(std::uint32_t n) {
        const Tuple t = tuple(n);
        lab.client(t, TcpFlags::kSyn, 1000);
        return t;
    }
    static Tuple tuple(std::uint32_t n) {
        return {0x0a000000 + n, static_cast<std::uint16_t>(1024 + n % 60000), 0xc0a80001, 443};
    }
    std::uint64_t living() {
        std::uint64_t n = 0;
        for (auto* tracker : pointers_)
            for (const auto& count : tracker->counters().flows) n += count.get();
        return n;
    }

    /// Tags of the orders that are not carried out yet.
    [[nodiscard]] std::set<std::uint64_t> tags_waiting() const {
        std::set<std::uint64_t> out;
        for (const auto& o : orders_) out.insert(o.tag);
        return out;
    }

    void obey(std::size_t most = ~std::size_t{0}) {
        for (; most > 0 && !orders_.empty(); --most, orders_.pop_front()) {
            const auto& o = orders_.front();
            Packet p = lab.packet({}, true, 0, 0);
            p.family = o.family;
            if (o.family == Family::ipv6) {
                p.v6 = o.key;
            } else {
                for (std::size_t s = 0; s < 2; ++s) {
                    std::copy_n(o.key.address[s].begin(), 4, p.v4.address[s].bytes.begin());
                    p.v4.port[s] = o.key.port[s];
                }
                p.v4.zone = o.key.zone;
            }
            p = lab.identified(p);
            auto& tracker = *pointers_[worker_of(p.partition)];
            const bool found = tracker.evict(p, lab.now, lab.policy, Posture::calm(), {o.birth, o.action});
            done_.push_back({o.tag, found});
        }
    }

    [[nodiscard]] std::span<Tracker* const> trackers() const override { return pointers_; }
    [[nodiscard]] std::uint32_t worker_of(std::uint8_t partition) const override {
        ++looked;
        while (stands) std::this_thread::yield();
        return partition % static_cast<std::uint32_t>(pointers_.size());
    }
    [[nodiscard]] std::optional<std::uint8_t> partition_of(Family, const KeyV6&) const override { return {}; }
    [[nodiscard]] Time now() const override { return lab.now; }
    [[nodiscard]] std::shared_ptr<const Policy> policy() const override {
        return std::make_shared<const Policy>(lab.policy);
    }
    [[nodiscard]] std::string_view refuses_orders() const override { return refusal; }
    bool order(const control::Order& order) override {
        if (orders_.size() >= room) return false;
        orders_.push_back(order);
        ++ordered;
        if (!lazy) obey();
        return true;
    }
    std::size_t take_done(std::span<control::Done> out) override {
        std::size_t n = 0;
        for (; n < out.size() && !done_.empty(); done_.pop_front()) out[n++] = done_.front();
        return n;
    }
    bool ask(control::Errand errand, std::function<void(control::Answer)> done) override {
        if (too_busy) return false;
        errands.push_back(errand);
        done(answers(errand));
        return true;
    }
    SpscRing<Event>& events() override { return events_; }
    std::vector<std::string> changes() override {
        const std::lock_guard held(lock_);
        return std::exchange(changes_, {});
    }
    void follow_all(bool wanted) override { follows_all = wanted; }
    void on_news(std::function<void()> wake) override { wake_ = std::move(wake); }

    bool tell(const Event& event) {
        const bool told = events_.push(event);
        wake_();
        return told;
    }
    void change(const std::string& line) {
        {
            const std::lock_guard held(lock_);
            changes_.push_back(line);
        }
        wake_();
    }
    std::atomic<bool> follows_all{false};

private:
    std::vector<Tracker*> pointers_;
    std::deque<control::Order> orders_;
    std::deque<control::Done> done_;
    SpscRing<Event> events_{1024};
    std::mutex lock_;
    std::vector<std::string> changes_;
    std::function<void()> wake_ = [] {};
};

}  // namespace ajar::test
