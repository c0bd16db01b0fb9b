// Both ends of what stands between main and the control socket.
#include "dataplane/live_box.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "control/history.hpp"
#include "export/changes.hpp"

namespace ajar::dataplane {

void LiveBox::tell(const Event& event) {
    if (!open_) return;
    if (!control::tells_something(event) && !all_.load(std::memory_order_relaxed)) return;
    if (!events_.push(event)) ++lost_;
    untold_ = true;
}

void LiveBox::tell(const Change& change) {
    if (!open_) return;
    exporting::Text text;
    exporting::append_change(text, change);
    const std::lock_guard held(lock_);
    if (changes_.size() < kMostChanges) changes_.emplace_back(text.data(), text.size() - 1);
    untold_ = true;
}

void LiveBox::news() {
    if (!untold_ || !open_) return;
    untold_ = false;
    wake_();
}

void LiveBox::on_news(std::function<void()> wake) {
    wake_ = std::move(wake);
    open_ = true;
}

std::vector<std::string> LiveBox::changes() {
    std::vector<std::string> out;
    const std::lock_guard held(lock_);
    out.swap(changes_);
    return out;
}

// The RSS hash knows no zone.
std::optional<std::uint8_t> LiveBox::partition_of(Family family, const KeyV6& key) const {
    if (appliance_->steer() != Steer::rss) return std::nullopt;
    control::Order of;
    of.family = family;
    of.key = key;
    return tuple_of(of, wiring_->steering).partition;
}

std::string_view LiveBox::refuses_orders() const {
    return wiring_->packet_clock ? "with clock = \"packet\" nothing but packets may change a verdict" : "";
}

bool LiveBox::order(const control::Order& order) {
    return wiring_->desks[wiring_->owner[order.partition]].orders.push(order);
}

std::size_t LiveBox::take_done(std::span<control::Done> out) {
    std::size_t n = 0;
    for (OrderDesk& desk : wiring_->desks)
        while (n < out.size() && desk.done.pop(out[n])) ++n;
    return n;
}

}  // namespace ajar::dataplane
