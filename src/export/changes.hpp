// What changes in the defence, and what stands: as a line of JSON, as a line for people.
#pragma once

#include <string>
#include <vector>

#include "ajar/defence/change.hpp"
#include "export/text.hpp"

namespace ajar::exporting {

/// One EVE record of type `defence` and a newline. Whom it is about stands in EVE's own fields (`dest_ip` and
/// `dest_port` of a service, `src_ip` of a source, where an IPv6 source is its /64's first address), the rest
/// in the object `ajar`: `change`, `sentence`, `about` (all, service, source, destination, network,
/// named_service, rung) and its `name`, `mode` (in `observe` nothing is done), `gauge` with `value`, of which
/// `elsewhere` at other appliances, and the marks `enter` and `leave`, `since` of what goes on or ends,
/// `until` of a block that is running out, `method` by which a flooded service's clients prove themselves,
/// `server_known` where cookies need a server that was seen to answer.
void append_change(Text& out, const Change& change);

/// "192.0.2.7:80", "web", "stage cookies", "all services".
std::string subject_of(const Change& change);
/// "1,200 half open (mark 1,000)": by what it was judged; empty where it was by nothing that is counted.
std::string gauge_of(const Change& change);
/// "192.0.2.7:80: flooded, 1,200 half open (mark 1,000): its SYNs are answered with cookies".
std::string line_of(const Change& change);

/// "flooded 192.0.2.7:80, web; answers for all services; pressure: stage cookies": what stands, each
/// measure with the first few it applies to, blocked sources with the time they have left; empty where
/// nothing does.
std::string standing_text(const Situation& situation, Time now);
/// An array of what stands, each with `change`, `name`, `since`.
std::string standing_json(const Situation& situation);
/// An object: how often each has happened, and how often each stage of the ladder was entered.
std::string changes_json(const Situation& situation);

}  // namespace ajar::exporting
