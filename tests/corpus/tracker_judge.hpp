// The tracker, asked packet by packet what nf_conntrack was asked. No time passes, as none passed in the
// kernel whose answers it is compared with.
#pragma once

#include <string>

#include "ajar/flow/steer.hpp"
#include "ajar/tracker.hpp"

namespace ajar::corpus {

/// nf_conntrack's words for a packet, and the state of its flow afterwards ("-" = no flow).
struct Observed {
    std::string verdict, state;
    Reason reason = Reason::none;
};

class TrackerJudge {
public:
    explicit TrackerJudge(const Policy& policy) : policy_(policy) {}

    /// A parsed packet of kind tcp.
    Observed feed(Packet packet) {
        steering_.identify(packet);
        Verdict verdict;
        tracker_.process({&packet, 1}, {&verdict, 1}, policy_);
        const std::string state = verdict.state == TcpState::none ? "-" : std::string(name(verdict.state));
        return {word(verdict.ct), state, verdict.reason};
    }

private:
    static std::string word(CtVerdict ct) {
        switch (ct) {
            case CtVerdict::fresh:
                return "new";
            case CtVerdict::established:
                return "established";
            case CtVerdict::related:
                return "related";
            case CtVerdict::invalid:
                return "invalid";
            case CtVerdict::untracked:
                break;
        }
        return "untracked";
    }

    static TrackerOptions small_options() {
        TrackerOptions options;
        options.sizes = {.confirmed = 1U << 14U, .embryonic = 1U << 14U, .tombstones = 1U << 12U};
        options.owned.fill(true);
        return options;
    }

    Policy policy_;
    TrackerOptions options_ = small_options();
    Steering steering_{options_.key, Steer::rss};
    PageMemory memory_;
    Tracker tracker_{options_, memory_};
};

}  // namespace ajar::corpus
