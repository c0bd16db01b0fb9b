// How the truth is counted and written.
#include "generate/truth.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "ajar/packet/packet.hpp"
#include "generate/scenario.hpp"

namespace ajar::gen {
namespace {

std::string seconds_text(Time t) {
    const auto ns = t.time_since_epoch().count();
    return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

std::string counts(const KindTruth& k) {
    std::string outcomes, labels, signs;
    for (std::size_t i = 0; i < k.outcomes.size(); ++i) {
        if (k.outcomes[i] == 0) continue;
        outcomes += fmt::format("{}\"{}\":{}", outcomes.empty() ? "" : ",", kOutcomeNames[i], k.outcomes[i]);
    }
    for (std::size_t i = 0; i < k.labels.size(); ++i) {
        if (k.labels[i] == 0) continue;
        labels += fmt::format("{}\"{}\":{}", labels.empty() ? "" : ",", kLabelTexts[i].name, k.labels[i]);
    }
    for (std::size_t i = 1; i < k.signs.size(); ++i) {
        if (k.signs[i] == 0) continue;
        signs += fmt::format("{}\"{}\":{}", signs.empty() ? "" : ",", kReasonTable[i].name, k.signs[i]);
    }
    return fmt::format(
        R"({{"conversations":{},"connections":{},"frames":{},"bytes":{},"segments":{},"syns":{},"syn_acks":{},)"
        R"("fins":{},"rsts":{},"icmp_errors":{},"payload_bytes":{},"outcomes":{{{}}},"labels":{{{}}},"signs":{{{}}}}})",
        k.conversations, k.connections, k.frames, k.bytes, k.segments, k.syns, k.syn_acks, k.fins, k.rsts,
        k.icmp_errors, k.payload, outcomes, labels, signs);
}

std::string address_text(Family family, const Ipv6Address& a) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family == Family::ipv4 ? AF_INET : AF_INET6, a.data(), text.data(), text.size());
    return text.data();
}

}  // namespace

void KindTruth::add(const KindTruth& o) {
    conversations += o.conversations, connections += o.connections;
    frames += o.frames, bytes += o.bytes;
    icmp_errors += o.icmp_errors;
    segments += o.segments, syns += o.syns, syn_acks += o.syn_acks;
    fins += o.fins, rsts += o.rsts, payload += o.payload;
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += o.outcomes[i];
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] += o.labels[i];
    for (std::size_t i = 0; i < signs.size(); ++i) signs[i] += o.signs[i];
}

void Truth::begun(const Conversation& c) {
    auto& k = kinds[c.kind];
    ++k.conversations;
    k.connections += c.outcomes.size();
    for (const auto o : c.outcomes) ++k.outcomes[static_cast<std::size_t>(o)];
    ++k.labels[static_cast<std::size_t>(c.label)];
    ++k.signs[static_cast<std::size_t>(c.sign)];
}

void Truth::passed(const Conversation& c, const Step& s, std::uint64_t frames, std::uint64_t bytes) {
    auto& k = kinds[c.kind];
    const TcpFlags flags{s.flags};
    k.frames += frames;
    k.bytes += bytes;
    k.icmp_errors += s.unreachable;
    if (s.unreachable) return;
    k.payload += s.payload;
    ++k.segments;
    k.syns += flags.syn() && !flags.ack();
    k.syn_acks += flags.syn() && flags.ack();
    k.fins += flags.fin();
    k.rsts += flags.rst();
}

KindTruth Truth::total() const {
    KindTruth sum;
    for (const auto& k : kinds) sum.add(k);
    return sum;
}

std::string to_json(const Truth& truth, const GenOptions& options) {
    std::string kinds;
    for (std::size_t i = 0; i < truth.kinds.size(); ++i) {
        if (truth.kinds[i].conversations == 0) continue;
        kinds += fmt::format("{}\n    \"{}\": {}", kinds.empty() ? "" : ",", scenarios()[i].name,
                             counts(truth.kinds[i]));
    }
    return fmt::format(
        "{{\n  \"scenario\": \"{}\",\n  \"seed\": {},\n  \"first\": {},\n  \"last\": {},\n"
        "  \"frames_by_port\": [{}, {}],\n  \"most_alive\": {},\n  \"total\": {},\n  \"kinds\": {{{}\n  "
        "}}\n}}\n",
        options.scenario, options.seed, seconds_text(truth.first), seconds_text(truth.last), truth.by_port[0],
        truth.by_port[1], truth.most_alive, counts(truth.total()), kinds);
}

std::string to_json(const Conversation& c) {
    std::string outcomes;
    for (const auto o : c.outcomes) {
        outcomes +=
            fmt::format("{}\"{}\"", outcomes.empty() ? "" : ",", kOutcomeNames[static_cast<std::size_t>(o)]);
    }
    const auto last = c.start + (c.steps.empty() ? Duration{0} : c.steps.back().at);
    return fmt::format(
        R"({{"kind":"{}","start":{},"last":{},"client":"{}","client_port":{},"server":"{}",)"
        R"("server_port":{},"vlan":[{},{}],"segments":{},"outcomes":[{}],"sign":"{}","label":"{}","scanner":{}}})"
        "\n",
        scenarios()[c.kind].name, seconds_text(c.start), seconds_text(last),
        address_text(c.family, c.address[0]), c.port[0], address_text(c.family, c.address[1]), c.port[1],
        c.outer_vlan, c.inner_vlan, c.steps.size(), outcomes, name(c.sign), name(c.label), c.scanner);
}

}  // namespace ajar::gen
