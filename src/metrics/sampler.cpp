// Asking main, and reading the tables.
#include "metrics/sampler.hpp"

#include <condition_variable>

#include "control/scan.hpp"

namespace ajar::metrics {
namespace {

constexpr auto kGlance = std::chrono::milliseconds(50);
constexpr int kRest = 20;  // times the cost of a look

/// What main fills in, perhaps when nobody waits for it any more.
struct Slot {
    std::mutex lock;
    std::condition_variable filled;
    std::shared_ptr<const control::Facts> facts;
};

}  // namespace

std::shared_ptr<const control::Facts> Sampler::ask() const {
    auto slot = std::make_shared<Slot>();
    const bool asked = box_.ask({control::Errand::What::facts, {}, {}}, [slot](const control::Answer& got) {
        const std::lock_guard held(slot->lock);
        slot->facts = got.facts;
        slot->filled.notify_one();
    });
    if (!asked) return nullptr;
    const auto until = Clock::now() + kPatience;
    std::unique_lock held(slot->lock);
    while (!slot->facts && Clock::now() < until && !over_.load(std::memory_order_relaxed))
        slot->filled.wait_for(held, kGlance);
    return slot->facts;
}

std::shared_ptr<const View> Sampler::take(const control::Facts& facts) const {
    auto view = std::make_shared<View>();
    view->build = build_;
    view->facts = facts;
    const auto begun = Clock::now();
    const auto trackers = box_.trackers();
    for (std::size_t w = 0; w < std::min(trackers.size(), view->facts.workers.size()); ++w)
        view->facts.workers[w].tables = trackers[w]->occupancy();
    view->ages = control::ages(box_);
    view->cost = Clock::now() - begun;
    if (http_) view->http = http_();
    return view;
}

bool Sampler::is_fresh() const {
    if (!latest_) return false;
    return Clock::now() - taken_ < std::max<Clock::duration>(kFresh, latest_->cost * kRest);
}

std::shared_ptr<const View> Sampler::look() {
    const std::lock_guard held(lock_);
    if (is_fresh()) return latest_;
    const auto facts = over_.load(std::memory_order_relaxed) ? nullptr : ask();
    if (!facts) return nullptr;
    latest_ = take(*facts);
    taken_ = Clock::now();
    return latest_;
}

}  // namespace ajar::metrics
