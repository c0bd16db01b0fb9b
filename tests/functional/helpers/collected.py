"""Does a collector have of each flow what Ajar's own record says?

usage: collected.py FLOWS.JSON NFDUMP.JSON [PORT]

Compares those to the server's port, or all; prints how many are the same.
"""
import json
import sys
from datetime import datetime

with open(sys.argv[1], encoding="utf-8") as lines:
    flows = [json.loads(line) for line in lines]
with open(sys.argv[2], encoding="utf-8") as file:
    found = json.loads("[" + file.read().strip().rstrip(",") + "]")
if len(sys.argv) > 3:
    flows = [f for f in flows if f["id.resp_p"] == int(sys.argv[3])]


def address(record, which):
    return record.get(f"{which}4_addr") or record.get(f"{which}6_addr")


def of_collector(r):
    return (address(r, "src"), r["src_port"], address(r, "dst"), r["dst_port"], r["in_packets"], r["in_bytes"],
            r.get("out_packets", 0), r.get("out_bytes", 0))


def of_ajar(f):
    return (f["id.orig_h"], f["id.orig_p"], f["id.resp_h"], f["id.resp_p"], f["orig_pkts"], f["orig_ip_bytes"],
            f["resp_pkts"], f["resp_ip_bytes"])


def seconds(text):
    return datetime.fromisoformat(text + "+00:00").timestamp()


known = {of_collector(r): r for r in found}
same = 0
for flow in flows:
    record = known.get(of_ajar(flow))
    if record is None:
        continue
    first, last = seconds(record["first"]), seconds(record["last"])
    if abs(first - flow["ts"]) > 0.002 or abs(last - flow["ts"] - flow["duration"]) > 0.1:
        sys.exit(f"{flow['uid']}: from {first} to {last}, not {flow['ts']} for {flow['duration']}")
    same += 1
print(same)
