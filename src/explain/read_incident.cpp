// Which field of an event, or of a flow record, is which part of the evidence.
#include "explain/read_incident.hpp"

#include <arpa/inet.h>

#include "explain/fields.hpp"
#include "export/event_json.hpp"

namespace ajar::explain {
namespace {

constexpr std::uint64_t kMostCount = std::uint64_t{1} << 62U;
constexpr double kLongestRound = 86'400;  // of questions, in seconds
constexpr std::size_t kMostPackets = 64;  // of one end, in one event

constexpr auto kReasonNames = [] {
    std::array<std::string_view, kReasonCount> names{};
    for (std::size_t i = 0; i < kReasonCount; ++i) names[i] = kReasonTable[i].name;
    return names;
}();

Reason reason_in(const Fields& from, const char* key) { return from.named<Reason>(key, kReasonNames); }

Endpoint endpoint_in(const Fields& from, const char* address, const char* port) {
    Endpoint end;
    const std::string text = from.word(address);
    end.port = from.port(port);
    if (inet_pton(AF_INET, text.c_str(), end.address.data()) == 1) return end;
    end.family = Family::ipv6;
    if (inet_pton(AF_INET6, text.c_str(), end.address.data()) != 1) from.complain(address, "is no address");
    return end;
}

void read_vlans(const Fields& from, Incident& i) {
    if (!from.has("vlan")) return;
    for (const auto tag : from.numbers("vlan", 0xfff)) i.vlans.push_back(static_cast<std::uint16_t>(tag));
}

void read_flow(const Fields& from, Incident& i) {
    i.sent = {Amount{from.number("pkts_toserver", kMostCount), from.number("bytes_toserver", kMostCount)},
              Amount{from.number("pkts_toclient", kMostCount), from.number("bytes_toclient", kMostCount)}};
    i.begun = from.time("start");
    if (from.has("end")) i.last = from.time("end");
}

/// Under `would` stands what mode observe has left undone.
void read_action(const Fields& ajar, Incident& i) {
    if (ajar.has("cause")) i.cause = ajar.named<Cause>("cause", kCauseNames);
    if (ajar.has("mode")) i.mode = ajar.named<Mode>("mode", kModeNames);
    for (const char* key : {"action", "would"})
        if (ajar.has(key)) i.action = ajar.named<Action>(key, kActionNames);
}

void read_timer(const Fields& ajar, Incident& i) {
    if (!ajar.has("timer")) return;
    i.timer = ajar.named<TimerClass>("timer", kTimerClassNames);
    i.timeout = ajar.seconds("timeout");
}

void read_expected(const Fields& ajar, Incident& i) {
    if (!ajar.has("expected_seq")) return;
    const Fields expected = ajar.object("expected_seq");
    if (expected.has("orig")) i.expected[kClient] = expected.sequence("orig");
    if (expected.has("resp")) i.expected[kServer] = expected.sequence("resp");
}

void read_reset(const Fields& ajar, Incident& i) {
    if (!ajar.has("reset")) return;
    const Fields reset = ajar.object("reset");
    const Endpoint to = endpoint_in(reset, "to", "port");
    i.reset = ResetTold{to == i.ends[kServer] ? kServer : kClient, reset.sequence("seq")};
    if (i.ends[i.reset->to] != to) reset.complain("to", "is no end of the connection");
}

void read_probe(const Fields& ajar, Incident& i) {
    if (!ajar.has("probe")) return;
    const Fields probe = ajar.object("probe");
    ProbeTold& told = i.probe.emplace();
    told.rounds = static_cast<unsigned>(probe.number("rounds", 0xff));
    if (probe.has("interval")) told.interval = probe.seconds("interval", kLongestRound);
    told.pulse = {probe.named<Pulse>("orig", kPulseNames), probe.named<Pulse>("resp", kPulseNames)};
}

TcpFlags flags_in(const Fields& from, const char* key) {
    TcpFlags flags;
    for (const char letter : from.word(key)) {
        const auto bit = exporting::kFlagLetters.find(letter);
        if (bit == std::string_view::npos)
            from.complain(key, "holds what is no flag of TCP");
        else
            flags.bits = static_cast<std::uint8_t>(flags.bits | 1U << bit);
    }
    return flags;
}

std::vector<Glimpse> packets_in(const Fields& from, const char* key) {
    std::vector<Glimpse> out;
    from.each_object(key, [&](const Fields& packet) {
        if (out.size() == kMostPackets) return;
        Glimpse g;
        g.time = packet.time("time");
        g.flags = flags_in(packet, "flags");
        g.seq = packet.sequence("seq");
        g.ack = packet.sequence("ack");
        g.payload = packet.port("len");
        g.window = packet.port("win");
        g.ttl = static_cast<std::uint8_t>(packet.number("ttl", 0xff));
        out.push_back(g);
    });
    return out;
}

void read_verdict(const Fields& evidence, Suspected& s) {
    s.sign = reason_in(evidence, "verdict");
    s.confidence = evidence.named<Confidence>("confidence", kConfidenceNames);
    if (evidence.has("visibility")) s.visibility = evidence.named<Visibility>("visibility", kVisibilityNames);
    for (const auto& end : evidence.words("lost")) {
        if (end != "orig" && end != "resp") evidence.complain("lost", "names what is no end");
        s.lost[end == "resp" ? kServer : kClient] = true;
    }
    s.count = static_cast<unsigned>(evidence.number("count", 0xff));
    s.expected = evidence.sequence("expected_seq");
    s.seen = evidence.sequence("seen_seq");
}

void read_evidence(const Fields& ajar, Incident& i) {
    if (!ajar.has("evidence")) return;
    const Fields evidence = ajar.object("evidence");
    Suspected& s = i.suspected.emplace();
    if (evidence.has("verdict")) read_verdict(evidence, s);
    if (evidence.has("counted_by")) {
        s.own_counts = evidence.word("counted_by") == "self";
        if (!s.own_counts) evidence.complain("counted_by", "is not \"self\"");
    }
    s.began = evidence.time("began");
    if (evidence.has("replaces")) s.replaces = evidence.word("replaces");
    const Fields packets = evidence.object("packets");
    s.packets = {packets_in(packets, "orig"), packets_in(packets, "resp")};
}

void read_ajar(const Fields& ajar, Incident& i) {
    i.uid = ajar.word("uid");
    if (ajar.has("reason")) i.reason = reason_in(ajar, "reason");
    read_action(ajar, i);
    i.state = ajar.named<TcpState>("state", kTcpStateNames);
    read_timer(ajar, i);
    if (ajar.has("attempt")) i.attempt = ajar.named<Attempt>("attempt", kAttemptNames);
    if (ajar.has("history")) i.history = ajar.word("history");
    read_expected(ajar, i);
    read_reset(ajar, i);
    read_probe(ajar, i);
    read_evidence(ajar, i);
    if (ajar.has("pair")) i.pair = static_cast<unsigned>(ajar.number("pair", 0xff));
    if (ajar.has("generation")) i.generation = ajar.number("generation", kMostCount);
}

Incident event_in(const Fields& root) {
    constexpr std::uint64_t kFlowIds = (std::uint64_t{1} << 53U) - 1;
    Incident i;
    i.time = root.time("timestamp");
    i.kind = root.named<EventKind>("event_type", exporting::kEventTypes);
    if (root.has("flow_id")) i.flow_id = root.number("flow_id", kFlowIds);
    i.ends = {endpoint_in(root, "src_ip", "src_port"), endpoint_in(root, "dest_ip", "dest_port")};
    read_vlans(root, i);
    read_flow(root.object("flow"), i);
    read_ajar(root.object("ajar"), i);
    return i;
}

/// Zeek's conn.log, as append_flow() writes it.
Incident flow_record_in(const Fields& root) {
    Incident i;
    i.kind = EventKind::flow_end;
    i.begun = root.epoch_time("ts");
    i.uid = root.word("uid");
    i.ends = {endpoint_in(root, "id.orig_h", "id.orig_p"), endpoint_in(root, "id.resp_h", "id.resp_p")};
    i.last = i.begun + root.seconds("duration");
    i.time = *i.last;
    i.history = root.word("history");
    i.sent = {Amount{root.number("orig_pkts", kMostCount), root.number("orig_ip_bytes", kMostCount)},
              Amount{root.number("resp_pkts", kMostCount), root.number("resp_ip_bytes", kMostCount)}};
    for (const char* key : {"vlan", "inner_vlan"})
        if (root.has(key)) i.vlans.push_back(static_cast<std::uint16_t>(root.number(key, 0xfff)));
    i.state = root.named<TcpState>("ajar.state", kTcpStateNames);
    i.reason = reason_in(root, "ajar.end");
    i.attempt = root.named<Attempt>("ajar.attempt", kAttemptNames);
    return i;
}

/// Floods and blocked sources (export/changes.hpp).
bool is_about_no_connection(const Fields& root) {
    return root.has("event_type") && root.word("event_type") == "defence";
}

}  // namespace

Result<std::optional<Incident>> read_incident(std::string_view line) {
    Document document(line);
    if (!document.is_object()) return Error{"no JSON object"};
    const Fields root = document.fields();
    if (is_about_no_connection(root)) return std::optional<Incident>();
    const bool is_record = !root.has("event_type") && root.has("id.orig_h");
    if (!is_record && !root.has("event_type")) return Error{"neither an event of Ajar nor a flow record"};
    Incident incident = is_record ? flow_record_in(root) : event_in(root);
    if (!document.fault().empty()) return Error{document.fault()};
    return std::optional(std::move(incident));
}

}  // namespace ajar::explain
