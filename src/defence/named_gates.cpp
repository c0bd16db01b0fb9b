// Opening and closing the gates of services that have a name.
#include "ajar/defence/named_gates.hpp"

#include <algorithm>
#include <utility>

#include "ajar/defence/fleet.hpp"
#include "ajar/tcp/cookie.hpp"
#include "ajar/tracker.hpp"
#include "defence/spans.hpp"

namespace ajar {
namespace {

/// Of those shards that have heard of the table.
ServiceCount sum_of(std::span<Tracker* const> shards, std::uint32_t serial, ServiceId id) {
    ServiceCount sum;
    for (const Tracker* shard : shards) {
        if (shard->services().serial() != serial) continue;
        const ServiceCount count = shard->services().of(id);
        sum.half_open += count.half_open;
        sum.births += count.births;
        sum.cookies += count.cookies;
    }
    return sum;
}

/// 0 where that is negative: a cookie of the time before was accepted.
std::uint64_t more_than(std::uint64_t now, std::uint64_t before) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(now - before)));
}

}  // namespace

void NamedGates::adopt(const std::shared_ptr<const Services>& services) {
    std::vector<Row> rows;
    for (ServiceId id = 1; services && id <= services->size(); ++id) {
        const Service& service = (*services)[id];
        if (!service.counted) continue;
        rows.push_back({.id = id});
        for (const Row& old : rows_)
            if ((*services_)[old.id].name == service.name) rows.back().gate = old.gate;
    }
    services_ = services;
    rows_ = std::move(rows);
    generation_ = {};
    window_ = {};
}

const NamedGates::Reading* NamedGates::reading(ServiceId id) const {
    const auto row = std::lower_bound(rows_.begin(), rows_.end(), id,
                                      [](const Row& r, ServiceId wanted) { return r.id < wanted; });
    return row == rows_.end() || row->id != id ? nullptr : &row->reading;
}

/// After the gate has heard of it.
std::uint8_t NamedGates::state_of(Row& row, const ServiceCount& count, std::uint64_t elsewhere, Time now) {
    const DefencePolicy& marks = (*services_)[row.id].defence;
    const auto pending = count.half_open + more_than(count.cookies, row.base.cookies) + elsewhere;
    const auto begun = more_than(count.births, row.rate_base.births);
    const auto asked = begun + more_than(count.cookies, row.rate_base.cookies);
    const auto quick = [&](std::uint64_t grown, std::uint32_t rate) {
        return rate != 0 && grown >= window_.growth(rate, now);
    };
    row.reading = {row.id,
                   count.half_open,
                   pending,
                   elsewhere,
                   window_.a_second(begun, now),
                   window_.a_second(asked, now)};
    const bool forced = marks.answer == Answering::always;
    Gate& gate = row.gate;
    if (forced || pending >= marks.service_high || quick(asked, marks.service_rate))
        opened_ |= !std::exchange(gate.open, true);
    if (forced || pending >= marks.service_low || quick(asked, marks.service_rate / 2)) gate.busy = now;
    if (gate.open && now - gate.busy >= marks.dwell) {
        gate.open = false;
        gate.closed = now;
    }
    std::uint8_t state = gate.open ? ServiceStates::kAnswers | ServiceStates::kAccepts : 0;
    if (gate.closed != Time{} && now - gate.closed < kLinger) state |= ServiceStates::kAccepts;
    if ((marks.service_limit != 0 && count.half_open >= marks.service_limit) ||
        quick(begun, marks.service_rate_limit))
        state |= ServiceStates::kFull;
    return state;
}

bool NamedGates::update(std::span<Tracker* const> shards, const std::shared_ptr<const Services>& services,
                        Time now, const Pending* others) {
    opened_ = false;
    const bool adopted = services != services_;
    if (adopted) adopt(services);
    idle_ = true;
    if (rows_.empty()) return std::exchange(states_, nullptr) != nullptr;
    const bool first = generation_ == Time{};
    const bool begins = now - generation_ >= kGeneration, steps = window_.begin(now);
    if (begins) generation_ = now;
    ServiceStates next{services_->serial(), std::vector<std::uint8_t>(services_->size())};
    for (Row& row : rows_) {
        const ServiceCount count = sum_of(shards, next.serial, row.id);
        if (begins) row.base = std::exchange(row.next_base, first ? ServiceCount{} : count);
        if (steps) row.rate_base = std::exchange(row.rate_next_base, first ? ServiceCount{} : count);
        const auto elsewhere = others == nullptr ? 0 : others->of((*services_)[row.id].name);
        next.state[row.id - 1U] = state_of(row, count, elsewhere, now);
    }
    for (const std::uint8_t state : next.state) next.any |= state;
    idle_ = next.any == 0;
    if (!adopted && states_ && states_->state == next.state) return false;
    states_ = std::make_shared<ServiceStates>(std::move(next));
    return true;
}

}  // namespace ajar
