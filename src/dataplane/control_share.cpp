// What main does about other appliances: how it is here goes out each second, what they tell comes to hold.
#include <fmt/format.h>

#include "config/prefixes.hpp"
#include "dataplane/control.hpp"
#include "export/json.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

using exporting::Json;

/// Sources that the defence here has blocked, not those that it would have.
void add_blocked(const Situation& situation, Time now, std::vector<share::OwnBlock>& out) {
    for (const Change& c : situation.now()) {
        if (info(c.kind).measure != Measure::block || c.mode != Mode::enforce) continue;
        Prefix prefix{c.name.family, c.name.family == Family::ipv4 ? std::uint8_t{32} : std::uint8_t{64},
                      c.name.address};
        share::OwnBlock block{prefix, false, {}};
        if (c.until != Time{}) block.left = std::max(Duration{}, c.until - now);
        out.push_back(block);
    }
}

void add_by_hand(const control::Blocks& blocks, Time now, std::vector<share::OwnBlock>& out) {
    for (const auto& [text, until] : blocks.by_hand()) {
        const auto prefix = config::parse_prefix(text);
        if (!prefix) continue;
        share::OwnBlock block{*prefix, true, {}};
        if (until) block.left = std::max(Duration{}, *until - now);
        out.push_back(block);
    }
}

std::string stages_of(std::uint8_t rungs) {
    Json out('[');
    for (std::size_t i = 0; i < kRungCount; ++i)
        if ((rungs >> i & 1U) != 0) out.item(Json::quoted(kRungNames[i]));
    return out.text();
}

}  // namespace

share::Own Control::own() const {
    share::Own out;
    const auto facts = control::facts_of(appliance_.situation());
    const Time now = appliance_.now();
    out.wishes = wishes_of(config_);
    for (std::size_t i = 0; i < kRungCount; ++i)
        if (facts.rungs[i]) out.state.rungs |= static_cast<std::uint8_t>(1U << i);
    out.state.every_service = facts.standing[static_cast<std::size_t>(Measure::everyone)] != 0;
    out.state.enforces = config_.policy.mode == Mode::enforce;
    out.state.half_open = appliance_.half_open();
    if (config_.share_sums) out.pending = appliance_.pending();
    add_by_hand(blocks_, now, out.blocks);
    add_blocked(appliance_.situation(), now, out.blocks);
    return out;
}

/// True: other blocks hold now.
bool Control::heed_others() {
    share::Desk& desk = sharing_->desk();
    bool changed = false;
    for (const auto& prefix : desk.take_lifted()) {
        if (!config_.share_blocks || !blocks_.lift(prefix)) continue;
        say({fmt::format("{} is unblocked, by order of an operator elsewhere", prefix)});
        changed = true;
    }
    if (auto heard = desk.take_heard()) {
        lent_anew_ |= heard->blocks != heard_.blocks;
        heard_ = std::move(*heard);
    }
    appliance_.hear(config_.share_sums, config_.share_sums ? heard_.pending : nullptr);
    return lend() || changed;
}

/// Each time others are blocked all workers get another policy, so whoever tells a new block each moment
/// waits for the next second. True: others than before.
bool Control::lend() {
    const auto now = Clock::now();
    if ((!lent_anew_ && lent_under_ == config_.policy.generation) || now < next_lend_) return false;
    next_lend_ = now + kLendEvery;
    lent_anew_ = false;
    lent_under_ = config_.policy.generation;
    const auto offset = share::Clock::now();
    std::vector<control::Blocks::Lent> lent;
    for (const auto& block : config_.share_blocks ? heard_.blocks : std::vector<share::LentBlock>()) {
        std::optional<Time> until;
        if (block.end) until = appliance_.now() + (*block.end - offset);
        lent.push_back({{block.prefix, until}, block.box, block.by_hand});
    }
    return blocks_.lend(std::move(lent), config_);
}

void Control::share() {
    if (sharing_ == nullptr) return;
    if (heed_others()) apply_blocks();
    const auto now = Clock::now();
    if (now < next_own_) return;
    next_own_ = now + std::chrono::seconds(1);
    sharing_->desk().put(own());
}

std::string Control::fleet_text() const {
    Json out('[');
    if (sharing_ == nullptr) return out.text();
    const auto now = share::Clock::now();
    for (const auto& other : heard_.boxes) {
        const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(now - other.heard);
        out.item(
            Json()
                .member("box", Json::quoted(other.box.name))
                .member("mode", Json::quoted(name(other.state.enforces ? Mode::enforce : Mode::observe)))
                .member("stages", stages_of(other.state.rungs))
                .member("answers_for_all", other.state.every_service ? "true" : "false")
                .member("half_open", other.state.half_open)
                .member("heard_ms_ago", static_cast<std::uint64_t>(std::max<std::int64_t>(0, ago.count())))
                .text());
    }
    return out.text();
}

}  // namespace ajar::dataplane
