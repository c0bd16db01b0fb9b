// Challenges out, exact RSTs in.
#include "tracker/challenge.hpp"

#include "ajar/tcp/challenge.hpp"
#include "tracker/compose.hpp"

namespace ajar::tracker {
namespace {

using Standing = Challenges::Standing;

constexpr Duration kBetweenWaivers = std::chrono::seconds(10);

bool waive(Shard& shard, Partition& partition, Time now) {
    if (!partition.waivers.take(now, kBetweenWaivers, 1)) return false;
    shard.counters.challenges_waived.add();
    return true;
}

}  // namespace

Demand demand_of(Shard& shard, Partition& partition, const Packet& syn, const Asked& asked,
                 bool cookie_possible) {
    const SynProof proof = proof_for(shard, asked);
    if (proof == SynProof::cookie && cookie_possible) return Demand::cookie;
    switch (partition.challenges.of(syn.hash, tick_of(syn.time))) {
        case Standing::proven:
            return Demand::nothing;
        case Standing::twice:
            if (proof == SynProof::challenge_cookie && cookie_possible) return Demand::cookie;
            return waive(shard, partition, syn.time) ? Demand::nothing : Demand::challenge;
        default:
            return Demand::challenge;
    }
}

std::optional<Verdict> challenge(Shard& shard, Partition& partition, const Packet& syn, const Asked& asked) {
    Craft out = answer_to(syn, TcpFlags::kAck);
    if (out.link.length == 0) return Verdict{Disposal::drop, Reason::unanswerable};
    const auto numbers = tcp::challenge::numbers_for(*shard.posture->keys, syn);
    out.seq = numbers.seq;
    out.ack = numbers.ack;
    shard.answers.push(out);
    partition.challenges.challenge(syn.hash, tick_of(syn.time));
    count_answer(shard, asked, +1);
    shard.counters.challenges_sent.add();
    return Verdict{Disposal::answer, Reason::challenge_sent, CtVerdict::fresh};
}

// What was in flight is so no longer, but only where a challenge is on record: a RST that is good for half a
// minute could else be repeated to hide a flood's answers behind it.
std::optional<Verdict> hear_reset(Shard& shard, Partition& partition, const Packet& rst, const Asked& asked) {
    if (!answers(shard, asked)) return std::nullopt;
    if (!tcp::challenge::met_by(*shard.posture->keys, rst)) {
        shard.counters.challenges_refused.add();
        return std::nullopt;
    }
    switch (partition.challenges.prove(rst.hash, tick_of(rst.time))) {
        case Standing::proven:
            break;
        case Standing::unknown:
            shard.counters.challenges_adopted.add();
            break;
        default:
            count_answer(shard, asked, -1);
            shard.counters.challenges_met.add();
    }
    return Verdict{Disposal::consume, Reason::challenge_met};
}

}  // namespace ajar::tracker
