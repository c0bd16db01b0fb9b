// An event in the shape of Suricata's EVE.
#include "export/event_json.hpp"

#include <algorithm>
#include <array>

#include "export/endpoints.hpp"
#include "tracker/numbers.hpp"

namespace ajar::exporting {
namespace {

/// Sentences and names are written without a look at each character.
constexpr bool is_plain(std::string_view s) {
    return std::none_of(s.begin(), s.end(), [](char c) { return c < 0x20 || c == '"' || c == '\\'; });
}
static_assert(std::all_of(kReasonTable.begin(), kReasonTable.end(),
                          [](const ReasonInfo& r) { return is_plain(r.name) && is_plain(r.sentence); }));

void put_who(Text& out, const Event& e) {
    put(out, ",\"src_ip\":\"");
    put_endpoint(out, e, e.originator());
    put(out, "\",\"src_port\":");
    put_number(out, e.key.port[e.originator()].value());
    put(out, ",\"dest_ip\":\"");
    put_endpoint(out, e, responder(e));
    put(out, "\",\"dest_port\":");
    put_number(out, e.key.port[responder(e)].value());
    put(out, ",\"proto\":\"TCP\"");
}

void put_vlan(Text& out, const Event& e) {
    const Tags tags = tags_of(e);
    if (tags.outer == 0 && tags.inner == 0) return;
    put(out, ",\"vlan\":[");
    put_number(out, tags.outer);
    if (tags.inner != 0) {
        out.push_back(',');
        put_number(out, tags.inner);
    }
    out.push_back(']');
}

void put_counts(Text& out, const Event& e) {
    put(out, ",\"flow\":{\"pkts_toserver\":");
    put_number(out, e.warm.sent[e.originator()].packets);
    put(out, ",\"pkts_toclient\":");
    put_number(out, e.warm.sent[responder(e)].packets);
    put(out, ",\"bytes_toserver\":");
    put_number(out, e.warm.sent[e.originator()].ip_bytes);
    put(out, ",\"bytes_toclient\":");
    put_number(out, e.warm.sent[responder(e)].ip_bytes);
    put(out, ",\"start\":\"");
    put_iso_time(out, e.begun());
    if (e.kind == EventKind::flow_end && e.recorded) {
        put(out, "\",\"end\":\"");
        put_iso_time(out, Time(Duration(e.record.last_ns)));
    }
    put(out, "\"}");
}

void put_plain(Text& out, std::string_view key, std::string_view plain) {
    put(out, key);
    out.push_back('"');
    put(out, plain);
    out.push_back('"');
}

void put_reason(Text& out, const Event& e) {
    if (e.reason == Reason::none) return;
    put_plain(out, ",\"reason\":", name(e.reason));
    put_plain(out, ",\"sentence\":", sentence(e.reason));
}

/// The cause of a refusal or eviction, and what was done about it, or would have been.
void put_action(Text& out, const Event& e) {
    const bool caused =
        e.kind == EventKind::flagged || e.kind == EventKind::evicted || e.kind == EventKind::refused;
    if (caused) put_plain(out, ",\"cause\":", name(e.cause));
    put_plain(out, ",\"mode\":", name(e.mode));
    const bool acted =
        e.kind == EventKind::flagged || e.kind == EventKind::evicted || e.kind == EventKind::reset_sent;
    if (acted) put_plain(out, e.mode == Mode::observe ? ",\"would\":" : ",\"action\":", name(e.action));
}

void put_timer(Text& out, const Event& e) {
    if (e.timer == TimerClass::untimed || e.timeout == Duration::zero()) return;
    put_plain(out, ",\"timer\":", name(e.timer));
    put(out, ",\"timeout\":");
    put_seconds(out, e.timeout);
}

/// Of a connection that came to nothing and is now given up: what became of it.
void put_attempt(Text& out, const Event& e) {
    if (failed(e.attempt)) put_plain(out, ",\"attempt\":", name(e.attempt));
}

/// The SEQ that each end waits for, as far as it has told: its highest ACK, by its own count.
void put_expected(Text& out, const Event& e, std::string_view key, Side side) {
    put(out, key);
    const bool unasked = tracker::awaits_server(e.conn) && side != e.originator();
    const auto expected = tracker::expected_by(side, e.conn, e.warm);
    if (expected && !unasked) {
        put_number(out, *expected);
    } else {
        put(out, "null");
    }
}

void put_reset(Text& out, const Event& e) {
    if (e.kind != EventKind::reset_sent) return;
    put(out, ",\"reset\":{\"to\":\"");
    put_endpoint(out, e, e.reset_to);
    put(out, "\",\"port\":");
    put_number(out, e.key.port[e.reset_to].value());
    put(out, ",\"seq\":");
    put_number(out, e.reset_seq);
    out.push_back('}');
}

/// What each end said when it was asked.
void put_probe(Text& out, const Event& e) {
    if (e.kind != EventKind::probed) return;
    put(out, ",\"probe\":{\"rounds\":");
    put_number(out, e.rounds);
    put(out, ",\"interval\":");
    put_seconds(out, e.interval);
    put_plain(out, ",\"orig\":", name(e.pulse[e.originator()]));
    put_plain(out, ",\"resp\":", name(e.pulse[responder(e)]));
    out.push_back('}');
}

void put_flags(Text& out, TcpFlags flags) {
    for (std::size_t bit = 0; bit < kFlagLetters.size(); ++bit)
        if (flags.has(static_cast<std::uint8_t>(1U << bit))) out.push_back(kFlagLetters[bit]);
}

/// Evidence counts as the server does: as the end does from which it came.
Glimpse as_sent(const Event& e, Side side, Glimpse g) {
    g.ack = tracker::as_known_to(side, g.ack, e.conn, e.warm);
    return g;
}

void put_glimpse(Text& out, const Glimpse& g) {
    put(out, "{\"time\":\"");
    put_iso_time(out, g.time);
    put(out, "\",\"flags\":\"");
    put_flags(out, g.flags);
    put(out, "\",\"seq\":");
    put_number(out, g.seq);
    put(out, ",\"ack\":");
    put_number(out, g.ack);
    put(out, ",\"len\":");
    put_number(out, g.payload);
    put(out, ",\"win\":");
    put_number(out, g.window);
    put(out, ",\"ttl\":");
    put_number(out, g.ttl);
    out.push_back('}');
}

/// The last packets that one end has sent.
void put_glimpses(Text& out, const Event& e, std::string_view key, Side side) {
    put(out, key);
    out.push_back('[');
    for (std::size_t i = 0; i < e.evidence.kept[side]; ++i) {
        if (i != 0) out.push_back(',');
        put_glimpse(out, as_sent(e, side, e.evidence.last[side][i]));
    }
    out.push_back(']');
}

/// A number of the verdict, likewise. It is of what its sender has sent, but of who was silent when asked: of
/// what that end, or the first of them, expects.
std::uint32_t as_told(const Event& e, std::uint32_t number) {
    if (e.evidence.sign != Reason::silent_after_probe) return number;
    const Side asked = (e.evidence.lost & 1U) != 0 ? 0 : 1;
    return tracker::as_known_to(asked, number, e.conn, e.warm);
}

/// What the packets have said: who has lost the connection, how sure that is, and the numbers that show it.
void put_verdict(Text& out, const Event& e) {
    const FlowEvidence& found = e.evidence;
    if (found.sign == Reason::none) return;
    put_plain(out, "\"verdict\":", name(found.sign));
    put_plain(out, ",\"confidence\":", name(found.confidence));
    if (found.visibility != Visibility::whole) put_plain(out, ",\"visibility\":", name(found.visibility));
    const auto lost = [&](Side s) { return (found.lost >> s & 1U) != 0; };
    put(out, ",\"lost\":[");
    if (lost(e.originator())) put(out, "\"orig\"");
    if (found.lost == 3) out.push_back(',');
    if (lost(responder(e))) put(out, "\"resp\"");
    put(out, "],\"count\":");
    put_number(out, found.count);
    put(out, ",\"expected_seq\":");
    put_number(out, as_told(e, found.expected));
    put(out, ",\"seen_seq\":");
    put_number(out, as_told(e, found.seen));
    out.push_back(',');
}

void put_evidence(Text& out, const Event& e) {
    if (!e.evidenced) return;
    put(out, ",\"evidence\":{");
    put_verdict(out, e);
    if (e.conn.mark(Conn::kTranslated)) put(out, "\"counted_by\":\"self\",");
    put(out, "\"began\":\"");
    put_iso_time(out, e.evidence.began);
    out.push_back('"');
    if (e.evidence.predecessor != 0) {
        put(out, ",\"replaces\":\"");
        put_uid(out, e.evidence.predecessor);
        out.push_back('"');
    }
    put_glimpses(out, e, ",\"packets\":{\"orig\":", e.originator());
    put_glimpses(out, e, ",\"resp\":", responder(e));
    put(out, "}}");
}

void put_ajar(Text& out, const Event& e) {
    put(out, ",\"ajar\":{\"uid\":\"");
    put_uid(out, e.flow_id);
    out.push_back('"');
    put_reason(out, e);
    put_action(out, e);
    put_plain(out, ",\"state\":", name(e.state));
    put_timer(out, e);
    put_attempt(out, e);
    const HistoryText brief = e.conn.mark(Conn::kTranslated) ? HistoryText{} : history::text(e.warm);
    put_plain(out, ",\"history\":", e.recorded ? e.record.history_text() : brief.view());
    put_expected(out, e, ",\"expected_seq\":{\"orig\":", e.originator());
    put_expected(out, e, ",\"resp\":", responder(e));
    out.push_back('}');
    put_reset(out, e);
    put_probe(out, e);
    put_evidence(out, e);
    put(out, ",\"pair\":");
    put_number(out, port_pair_of(e.key.zone));
    put(out, ",\"generation\":");
    put_number(out, e.generation);
    out.push_back('}');
}

}  // namespace

void append_event(Text& out, const Event& e, std::string_view capture_file) {
    constexpr std::uint64_t kSafeInteger = (1ULL << 53U) - 1;
    put(out, "{\"timestamp\":\"");
    put_iso_time(out, e.time);
    put_plain(out, "\",\"event_type\":", kEventTypes[static_cast<std::size_t>(e.kind)]);
    put(out, ",\"flow_id\":");
    put_number(out, e.flow_id & kSafeInteger);
    put_who(out, e);
    put_vlan(out, e);
    put_counts(out, e);
    if (!capture_file.empty()) {
        put(out, ",\"capture_file\":");
        put_quoted(out, capture_file);
    }
    put_ajar(out, e);
    put(out, "}\n");
}

}  // namespace ajar::exporting
