"""Of how many connections is it told, and shown, that an end has lost them?

usage: evidence.py EVENTS VERDICT orig|resp

Each such event must be certain, its numbers and times must fit, and where an end has spoken, there must be a packet.
What is wrong with one is printed, and the exit status is 1.
"""
import datetime
import json
import sys


def seconds(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()


def somebody_spoke(event):
    """The living end has answered Ajar, or who is gone has refused; else packets alone are the verdict."""
    pulses = event["ajar"].get("probe")
    return not pulses or any(pulses[end] in ("alive", "gone") for end in ("orig", "resp"))


def wrong(event, lost):
    found = event["ajar"]["evidence"]
    if found["lost"] != [lost]:
        return "the wrong end"
    if found["confidence"] != "high":
        return "not certain"
    apart = 1 if found["verdict"] == "silent_after_probe" else 0
    if (found["expected_seq"] - found["seen_seq"]) & 0xFFFFFFFF != apart:
        return "the numbers do not fit"
    if somebody_spoke(event) and not any(found["packets"].values()):
        return "no packet"
    times = [seconds(p["time"]) for row in found["packets"].values() for p in row]
    if times and max(times) > seconds(event["timestamp"]) + 0.001:
        return "a packet from the future"
    return "" if seconds(found["began"]) <= seconds(event["timestamp"]) + 0.001 else "it began later"


def main():
    path, verdict, lost = sys.argv[1:]
    told = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            found = event.get("ajar", {}).get("evidence", {})
            if event["event_type"] in ("half_open", "probed") and found.get("verdict") == verdict:
                told[event["flow_id"]] = event
    faults = [(w, e) for e in told.values() if (w := wrong(e, lost))]
    for fault, event in faults:
        print(fault, json.dumps(event), file=sys.stderr)
    print(len(told))
    sys.exit(1 if faults else 0)


main()
