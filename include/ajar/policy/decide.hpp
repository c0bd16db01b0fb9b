// Decisions as pure functions of what is known: no clock, no tables, no side effects.
#pragma once

#include <optional>

#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

/// What a timer's end means: the Reason, and the Cause whose action applies; without a cause the flow simply
/// ends, because both ends have closed it.
struct Expiry {
    Reason reason;
    std::optional<Cause> cause;
};

/// `reborn`: a confirmed flow in SYN_RECV, because a SYN-ACK answered a SYN inside it. Both may be forged and
/// its ends know nothing of them: a reset would be the harm that the forger is after.
constexpr Expiry expiry_of(TimerClass timer, bool reborn = false) {
    if (reborn) return {Reason::stale_rebirth, std::nullopt};
    switch (timer) {
        case TimerClass::syn_sent:
            return {Reason::stale_syn_sent, Cause::embryonic_stale};
        case TimerClass::syn_recv:
            return {Reason::stale_syn_recv, Cause::embryonic_stale};
        case TimerClass::mid_stream:
            return {Reason::stale_mid_stream, Cause::unverified};
        case TimerClass::established:
            return {Reason::idle, Cause::idle};
        case TimerClass::fin_wait:
        case TimerClass::close_wait:
            return {Reason::half_closed_idle, Cause::half_closed};
        case TimerClass::unacknowledged:
            return {Reason::unacknowledged_idle, Cause::idle};
        case TimerClass::unverified_rst:
            return {Reason::unverified_rst_idle, Cause::unverified};
        case TimerClass::attempt:
            return {Reason::stale_syn_sent, std::nullopt};
        case TimerClass::last_ack:
            return {Reason::closing_idle, std::nullopt};
        case TimerClass::time_wait:
            return {Reason::closed_by_fin, std::nullopt};
        case TimerClass::close:
            return {Reason::closed_by_rst, std::nullopt};
        case TimerClass::zeek_closing:
            return {Reason::closed_by_fin, std::nullopt};
        case TimerClass::zeek_partial:
            return {Reason::half_closed_idle, std::nullopt};
        case TimerClass::zeek_reset:
            return {Reason::closed_by_rst, std::nullopt};
        case TimerClass::untimed:
            break;
    }
    return {Reason::none, std::nullopt};
}

/// May a connection be asked whether it lives before this expiry means anything?
constexpr bool asks_first(const Policy& policy, Mode mode, Expiry expiry) {
    if (mode != Mode::enforce || !policy.probe.on || !expiry.cause) return false;
    if (expiry.reason == Reason::unverified_rst_idle) return true;
    const bool silent = *expiry.cause == Cause::idle || *expiry.cause == Cause::half_closed;
    return silent && policy.actions[static_cast<std::size_t>(*expiry.cause)] == Action::flag;
}

/// The action for an expiry. An inexact RST followed by silence is never more than a flag: a blind RST inside
/// the window must not become two exact ones; the timer of the flow's state runs on. Only an unverified flow
/// of the embryonic store is forgotten.
constexpr Action action_for(const Policy& policy, Expiry expiry) {
    if (expiry.reason == Reason::unverified_rst_idle) return Action::flag;
    const Action configured = policy.actions[static_cast<std::size_t>(*expiry.cause)];
    if (*expiry.cause == Cause::unverified && configured == Action::evict_reset) return Action::evict;
    return configured;
}

/// Does a packet with this reason leave the box? `mode` is that of its flow.
constexpr bool passes(Mode mode, const Policy& policy, Reason reason) {
    if (mode == Mode::observe) return true;
    switch (fate(reason)) {
        case Fate::drop:
            return false;
        case Fate::refuse:
            return policy.refused == InvalidAction::pass || reason == Reason::bad_tcp_checksum;
        case Fate::invalid:
            return policy.invalid == InvalidAction::pass &&
                   !(reason == Reason::no_flow && policy.mid_stream == MidStream::refuse);
        default:
            return true;
    }
}

}  // namespace ajar
