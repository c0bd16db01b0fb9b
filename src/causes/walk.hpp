// Is a source a scanner? The sequential test of Jung, Paxson, Berger, Balakrishnan, "Fast Portscan Detection
// Using Sequential Hypothesis Testing" (IEEE S&P 2004), in whole numbers.
//
// Looked at are first contacts of a source with a target (an address and a port): what they come to depends
// on whether the source knew what it would find there. Of somebody who knows his targets at least 80 % of
// them succeed, of somebody who guesses at most 20 %. Each outcome multiplies the odds of the two by 4 or by
// 1/4, so their logarithm to that base walks up by one for a failure, down by one for a success. With a
// chance of 0.1 % to accuse a benign source, and of 0.1 % to miss a scanner, the line lies at odds of 999:
// five steps.
//
// So time and rate mean nothing, and that is what tells a slow scan from a busy crawler. A scan of one probe
// an hour is flagged by its fifth target without a success. A crawler may make a thousand connections a
// second: they complete and carry data. The walk rises where more than half of the first contacts fail, and
// falls where less do: a share p of failures above 1/2 is flagged after some 5 / (2p - 1) targets; a
// crawler of which every fifth target is dead crosses the line once in 4^5 visits at its start, and from the
// floor, where it soon is, once in 4^13. In between, near one half, the test does not decide, nor could it.
//
// The floor lets a source that was benign for long be suspected again soon, the ceiling lets one that shares
// its address with a scanner (NAT) be trusted again.
//
// Success is a connection that carried data. A connection that says nothing counts as a failure: that is
// what a connect scan looks like at an open port, and a load balancer's health check too, which knows its
// targets but may have more than five of them. What a flood or the network has done to a connection (a full
// backlog, a path that is seen one way, an eviction) says nothing about its source.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ajar/policy/attempt.hpp"

namespace ajar::causes {

/// Towards +1: suspicious.
constexpr int step_of(Attempt attempt) {
    switch (attempt) {
        case Attempt::silent:
        case Attempt::persistent:
        case Attempt::refused:
        case Attempt::unreachable:
        case Attempt::abandoned:
        case Attempt::aborted:
        case Attempt::empty:
            return 1;
        case Attempt::used:
            return -1;
        default:
            return 0;
    }
}

class Walk {
public:
    static constexpr int kLine = 5, kFloor = -8, kCeiling = 10;

    void step(int by) { at_ = static_cast<std::int8_t>(std::clamp(at_ + by, kFloor, kCeiling)); }
    [[nodiscard]] int at() const { return at_; }
    [[nodiscard]] bool crossed() const { return at_ >= kLine; }
    /// Since it crossed the line, has it gone all the way back?
    [[nodiscard]] bool returned() const { return at_ <= 0; }

private:
    std::int8_t at_ = 0;
};

namespace facts {

/// Of the benign and of scanners: that a first contact fails, per mille. Wrong verdicts, per mille.
inline constexpr int kBenignFails = 200, kScannerFails = 800, kWrong = 1;
constexpr int odds_after(int failures) {
    int odds = 1;
    for (; failures > 0; --failures) odds *= kScannerFails / kBenignFails;
    return odds;
}
inline constexpr int kOddsWanted = (1000 - kWrong) / kWrong;
static_assert(odds_after(Walk::kLine) >= kOddsWanted && odds_after(Walk::kLine - 1) < kOddsWanted);

}  // namespace facts
}  // namespace ajar::causes
