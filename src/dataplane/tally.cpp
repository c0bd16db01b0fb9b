// How the tallies of all lcores are added up.
#include "dataplane/tally.hpp"

namespace ajar::dataplane {

void FrameSums::add(const Tally& tally) {
    for (const auto& p : tally.port) {
        received += p.received.get();
        received_bytes += p.received_bytes.get();
        crafted += p.crafted.get();
        transmitted += p.transmitted.get();
        transmitted_bytes += p.transmitted_bytes.get();
    }
    for (std::size_t i = 0; i < kReasonCount; ++i) {
        by_reason[i] += tally.disposed[i].get();
        disposed += tally.disposed[i].get();
    }
    held += tally.held.get();
    handed_over += tally.handed_over.get();
}

}  // namespace ajar::dataplane
