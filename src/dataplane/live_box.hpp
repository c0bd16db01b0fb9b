// The running appliance as the control socket sees it (control/box.hpp), and main's end of it.
//
//     main ---- events, changes ----> server            main gives, never waits
//     main <--- errands ------------- server, scans     ErrandDesk
//     workers <-- orders, done --> server               OrderDesk of each
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ajar/defence/change.hpp"
#include "control/box.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/errand_desk.hpp"

namespace ajar::dataplane {

/// Made before the appliance, so that it misses nothing; attach() comes before anybody asks.
class LiveBox final : public control::Box {
public:
    static constexpr std::size_t kEventRoom = 4096;
    static constexpr std::size_t kMostChanges = 4096;  ///< lines that wait

    void attach(Appliance& appliance) {
        appliance_ = &appliance;
        wiring_ = &appliance.wiring();
    }

    // Main's.
    void tell(const Event& event);
    void tell(const Change& change);
    void news();  ///< wakes the server if anything was told since
    ErrandDesk& errands() { return errands_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }
    /// The server is gone: nothing is told any more.
    void close() { open_ = false; }

    // Of Box.
    [[nodiscard]] std::span<Tracker* const> trackers() const override { return appliance_->trackers(); }
    [[nodiscard]] std::uint32_t worker_of(std::uint8_t partition) const override {
        return wiring_->owner[partition];
    }
    [[nodiscard]] std::optional<std::uint8_t> partition_of(Family family, const KeyV6& key) const override;
    [[nodiscard]] Time now() const override { return appliance_->now(); }
    [[nodiscard]] std::shared_ptr<const Policy> policy() const override { return appliance_->policy(); }
    [[nodiscard]] std::string_view refuses_orders() const override;
    bool order(const control::Order& order) override;
    std::size_t take_done(std::span<control::Done> out) override;
    bool ask(control::Errand errand, std::function<void(control::Answer)> done) override {
        return errands_.add(std::move(errand), std::move(done));
    }
    SpscRing<Event>& events() override { return events_; }
    std::vector<std::string> changes() override;
    void follow_all(bool wanted) override { all_.store(wanted, std::memory_order_relaxed); }
    void on_news(std::function<void()> wake) override;

private:
    const Appliance* appliance_ = nullptr;
    Wiring* wiring_ = nullptr;
    ErrandDesk errands_;
    SpscRing<Event> events_{kEventRoom};  // main to server
    std::atomic<bool> all_{false};        // relaxed: an event sooner or later is followed
    std::mutex lock_;                     // of the next
    std::vector<std::string> changes_;
    std::function<void()> wake_;  // set before main begins
    bool open_ = false, untold_ = false;
    std::uint64_t lost_ = 0;
};

}  // namespace ajar::dataplane
