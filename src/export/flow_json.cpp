// A flow's end as a record in the words of Zeek's conn.log.
#include "ajar/flow/record.hpp"
#include "export/endpoints.hpp"
#include "export/event_json.hpp"

namespace ajar::exporting {
namespace {

void put_ends_of_flow(Text& out, const Event& e) {
    put(out, ",\"id.orig_h\":\"");
    put_endpoint(out, e, e.originator());
    put(out, "\",\"id.orig_p\":");
    put_number(out, e.key.port[e.originator()].value());
    put(out, ",\"id.resp_h\":\"");
    put_endpoint(out, e, responder(e));
    put(out, "\",\"id.resp_p\":");
    put_number(out, e.key.port[responder(e)].value());
    put(out, ",\"proto\":\"tcp\"");
}

void put_course(Text& out, const Event& e) {
    put(out, ",\"duration\":");
    put_seconds(out, Duration(e.record.last_ns - e.record.first_ns));
    put(out, ",\"conn_state\":\"");
    put(out, record::conn_state(e.record));
    put(out, "\",\"history\":\"");
    put(out, e.record.history_text());
    out.push_back('"');
}

void put_counts_of_flow(Text& out, const Event& e) {
    put(out, ",\"orig_pkts\":");
    put_number(out, e.warm.sent[e.originator()].packets);
    put(out, ",\"orig_ip_bytes\":");
    put_number(out, e.warm.sent[e.originator()].ip_bytes);
    put(out, ",\"resp_pkts\":");
    put_number(out, e.warm.sent[responder(e)].packets);
    put(out, ",\"resp_ip_bytes\":");
    put_number(out, e.warm.sent[responder(e)].ip_bytes);
    put(out, ",\"missed_bytes\":");
    put_number(out, e.record.missed);
}

void put_vlan_of_flow(Text& out, const Event& e) {
    const Tags tags = tags_of(e);
    if (tags.outer != 0 || tags.inner != 0) {
        put(out, ",\"vlan\":");
        put_number(out, tags.outer);
    }
    if (tags.inner != 0) {
        put(out, ",\"inner_vlan\":");
        put_number(out, tags.inner);
    }
}

}  // namespace

void append_flow(Text& out, const Event& e) {
    put(out, "{\"ts\":");
    put_seconds(out, Duration(e.record.first_ns));
    put(out, ",\"uid\":\"");
    put_uid(out, e.flow_id);
    out.push_back('"');
    put_ends_of_flow(out, e);
    put_course(out, e);
    put_counts_of_flow(out, e);
    put_vlan_of_flow(out, e);
    put(out, ",\"ajar.state\":\"");
    put(out, name(e.state));
    put(out, "\",\"ajar.end\":\"");
    put(out, name(e.reason));
    put(out, "\",\"ajar.attempt\":\"");
    put(out, name(e.attempt));
    put(out, "\"}\n");
}

}  // namespace ajar::exporting
