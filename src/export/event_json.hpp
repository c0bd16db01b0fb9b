// An event as one line of JSON: in the shape of Suricata's EVE, or as a flow record in Zeek's.
//
// The text depends on the event alone, so equal events are equal bytes wherever they were written.
#pragma once

#include <array>
#include <string_view>

#include "ajar/event.hpp"
#include "export/text.hpp"

namespace ajar::exporting {

/// By EventKind. A flow's end is EVE's own record of a flow; the other kinds are ours.
inline constexpr std::array<std::string_view, 8> kEventTypes = {
    "flow_start", "flow", "flagged", "evicted", "reset_sent", "refused", "probed", "half_open"};
/// By bit of TcpFlags.
inline constexpr std::string_view kFlagLetters = "FSRPAUEC";

/// One EVE record and a newline. EVE's own fields hold what EVE means by them (the originator is `src_ip`,
/// `flow.bytes_toserver` are its bytes); what only Ajar knows stands in the object `ajar`. In mode `observe`
/// the action stands under `would`, else under `action`. `flow_id` are the low 53 bits of the id, which every
/// JSON parser keeps; `ajar.uid` is whole and the same as in the flow records. Of a connection under
/// suspicion `ajar.evidence` tells since when, its last packets each way, and the verdict, once there is one.
/// Numbers are as that end counts which has sent them, expects them, or gets the RST; its ends do not count
/// alike where Ajar shook hands in the server's place, and there `counted_by` is "self".
/// `capture_file`: where its packets are, if that is known; EVE's own field.
void append_event(Text& out, const Event& event, std::string_view capture_file = {});

/// One record of a connection and a newline, for events of kind flow_end: Zeek's conn.log fields, then
/// `vlan`, `inner_vlan` where there are tags, `ajar.state` and `ajar.end`.
void append_flow(Text& out, const Event& event);

}  // namespace ajar::exporting
