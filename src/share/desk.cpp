// Handing over.
#include "share/desk.hpp"

#include <utility>

#include "export/changes.hpp"

namespace ajar::share {
namespace {

template <typename T>
T take(std::mutex& lock, T& from) {
    T out{};
    const std::lock_guard held(lock);
    std::swap(out, from);
    return out;
}

}  // namespace

void Desk::tell(const Event& event) {
    if (event.kind == EventKind::flow_end || !wants_events_.load(std::memory_order_relaxed)) return;
    if (!events_.push(event)) count_lost(Stream::events);
}

void Desk::tell(const Change& change) {
    if (!wants_events_.load(std::memory_order_relaxed)) return;
    exporting::Text text;
    exporting::append_change(text, change);
    const std::lock_guard held(lock_);
    if (changes_.size() < kChanges) {
        changes_.emplace_back(text.data(), text.size() - 1);
    } else {
        count_lost(Stream::events);
    }
}

void Desk::put(Own own) {
    wants_events_.store(own.wishes.events, std::memory_order_relaxed);
    {
        const std::lock_guard held(lock_);
        own_ = std::move(own);
    }
    post_.wake();
}

void Desk::remove(std::string prefix) {
    {
        const std::lock_guard held(lock_);
        if (removals_.size() < kRemovals) {
            removals_.push_back(std::move(prefix));
        } else {
            count_lost(Stream::blocks);
        }
    }
    post_.wake();
}

std::optional<Heard> Desk::take_heard() { return take(lock_, heard_); }
std::vector<std::string> Desk::take_lifted() { return take(lock_, lifted_); }
std::optional<Own> Desk::take_own() { return take(lock_, own_); }
std::vector<std::string> Desk::take_changes() { return take(lock_, changes_); }
std::vector<std::string> Desk::take_removals() { return take(lock_, removals_); }

void Desk::put_heard(Heard heard) {
    boxes_.store(heard.boxes.size(), std::memory_order_relaxed);
    blocks_.store(heard.blocks.size(), std::memory_order_relaxed);
    names_.store(heard.pending ? heard.pending->names.size() + heard.pending->services.size() : 0,
                 std::memory_order_relaxed);
    const std::lock_guard held(lock_);
    heard_ = std::move(heard);
}

void Desk::put_lifted(std::string prefix) {
    const std::lock_guard held(lock_);
    if (lifted_.size() < kRemovals) lifted_.push_back(std::move(prefix));
}

void Desk::stop() {
    stop_.store(true, std::memory_order_release);  // partner: stopped()
    post_.wake();
}

control::ShareFacts Desk::facts() const {
    const auto read = [](const Count& count) { return count.load(std::memory_order_relaxed); };
    control::ShareFacts out;
    out.on = true;
    out.up = up_.load(std::memory_order_relaxed);
    for (std::size_t s = 0; s < out.told.size(); ++s) {
        out.told[s] = read(told_[s]);
        out.lost[s] = read(lost_[s]);
        out.heard[s] = read(heard_count_[s]);
    }
    out.refused = read(refused_);
    out.breaks = read(breaks_);
    out.boxes = read(boxes_);
    out.names = read(names_);
    out.blocks = read(blocks_);
    return out;
}

}  // namespace ajar::share
