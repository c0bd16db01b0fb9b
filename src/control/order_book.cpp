// Reading, ordering, counting.
#include "control/order_book.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ajar::control {

OrderBook::Job& OrderBook::open(std::optional<Action> action, Finish finish) {
    if (jobs_.empty()) moved_ = Clock::now();
    Job& job = jobs_.emplace_back();
    job.tag = next_tag_++;
    job.action = action;
    job.finish = std::move(finish);
    return job;
}

void OrderBook::evict(const std::vector<Seen>& flows, std::optional<Action> action, Finish finish) {
    Job& job = open(action, std::move(finish));
    for (const Seen& flow : flows) job.waiting.push_back(order_of(flow, job));
}

void OrderBook::flush(Filter filter, std::optional<Action> action, Finish finish) {
    Job& job = open(action, std::move(finish));
    job.filter = std::move(filter);
    job.at = Cursor{};
}

Order OrderBook::order_of(const Seen& flow, const Job& job) {
    return {job.tag, flow.partition, flow.family, flow.key, flow.warm.birth_ordinal, job.action};
}

bool OrderBook::work() {
    if (jobs_.empty()) return false;
    settle();
    bool more = false;
    for (Job& job : jobs_) {
        more |= send(job);
        if (job.waiting.empty() && job.at && in_flight_ < kInFlight) more |= read_on(job);
        more |= send(job);
    }
    close_finished();
    return more;
}

/// What the workers have done. Orders of a job that was given up answer to nobody.
void OrderBook::settle() {
    std::array<Done, 256> done;
    for (std::size_t n = done.size(); n == done.size();) {
        n = box_.take_done(done);
        in_flight_ -= std::min<std::uint64_t>(n, in_flight_);
        for (const Done& one : std::span(done).first(n)) {
            const auto job =
                std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& j) { return j.tag == one.tag; });
            if (job == jobs_.end()) continue;
            --job->in_flight;
            ++(one.found ? job->outcome.evicted : job->outcome.gone);
        }
        if (n != 0) moved_ = Clock::now();
    }
}

bool OrderBook::read_on(Job& job) {
    const Page page = list_page(box_, *job.filter, *job.at, kInFlight / 4, Clock::now() + kSlice);
    for (const Seen& flow : page.flows) job.waiting.push_back(order_of(flow, job));
    job.at = page.next;
    moved_ = Clock::now();
    return job.at.has_value();
}

/// True: something was sent.
bool OrderBook::send(Job& job) {
    bool any = false;
    const auto share = kInFlight / jobs_.size();
    while (!job.waiting.empty() && in_flight_ < kInFlight && job.in_flight < share &&
           box_.order(job.waiting.front())) {
        job.waiting.pop_front();
        ++job.in_flight;
        ++in_flight_;
        any = true;
    }
    return any;
}

void OrderBook::close_finished() {
    std::vector<std::pair<Finish, Outcome>> over;
    const bool stalled = Clock::now() - moved_ > kPatience;
    std::erase_if(jobs_, [&](Job& job) {
        const bool finished = !job.at && job.waiting.empty() && job.in_flight == 0;
        job.outcome.stalled = !finished && stalled;
        if (finished || job.outcome.stalled) over.emplace_back(std::move(job.finish), job.outcome);
        return finished || job.outcome.stalled;
    });
    for (const auto& [finish, outcome] : over) finish(outcome);
}

}  // namespace ajar::control
