// Handing fragments to their partition's holder and counting what comes back.
#include "replay/reassembly.hpp"

#include "ajar/packet/checksum.hpp"
#include "ajar/policy/decide.hpp"
#include "ajar/policy/services.hpp"

namespace ajar::replay {

FragmentHolder& Reassembly::holder(std::size_t partition) {
    auto& own = holders_[partition];
    if (own == nullptr) own = std::make_unique<FragmentHolder>(limits_, steering_.key(), memory_);
    return *own;
}

bool Reassembly::take(Packet& packet, std::span<const std::uint8_t> frame) {
    using Kind = FragmentOutcome::Kind;
    Packet whole;
    const bool verify = policy_.checksums == ChecksumPolicy::verify;
    const auto sum = verify && FragmentHolder::may_hold(packet.fragment_protocol)
                         ? checksum::piece_sum(packet, frame)
                         : std::nullopt;
    const auto outcome = holder(packet.partition).add(packet, frame, sum, packet.ordinal, whole);
    count(outcome.expired.size(), Reason::fragment_timeout);
    count(outcome.evicted.size(), Reason::fragment_limit);
    if (outcome.kind == Kind::held) return false;
    if (outcome.kind == Kind::complete) {
        whole.frame = packet.frame;  // the holder's copy lives until its next call only
        whole.link_length = packet.link_length;
        packet = whole;
        steering_.identify(packet);
    } else {
        count(outcome.handles.size() - 1, outcome.reason);  // those before this one
        packet.kind = outcome.kind == Kind::pass ? PacketKind::pass : PacketKind::refused;
        packet.reason = outcome.reason;
    }
    return true;
}

void Reassembly::finish() {
    for (const auto& own : holders_) {
        if (own != nullptr) count(own->flush().size(), Reason::fragment_timeout);
    }
}

void Reassembly::count(std::size_t frames, Reason reason) {
    sums_.packets += frames;
    sums_.reasons[static_cast<std::size_t>(reason)] += frames;
    const bool goes_on = passes(policy_.mode, policy_, reason) && !drops_hidden_syn(policy_, reason);
    (goes_on ? sums_.forwarded : sums_.dropped) += frames;
}

}  // namespace ajar::replay
