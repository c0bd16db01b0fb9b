#!/usr/bin/env python3
"""Holds the appliance's report against the generator's truth: demo-check.py TRUTH EVENTS SUMMARY."""
import collections
import json
import sys

WHAT = {
    ("evicted", "stale_syn_sent"): "SYNs that nobody answered, evicted",
    ("evicted", "stale_syn_recv"): "handshakes that the flood left half open, evicted",
    ("reset_sent", "reset_sent"): "resets that freed the server's backlog",
    ("flagged", "idle"): "connections gone silent, flagged",
    ("ends", "closed_by_fin"): "connections that closed in order, left alone",
    ("ends", "closed_by_rst"): "closed by their own RST (scans, refused ports)",
}


def expected(truth):
    """What a tracker must report, from the outcomes that the generator counted."""
    total = truth["total"]["outcomes"]
    of = lambda *names: sum(total.get(n, 0) for n in names)
    return {
        ("evicted", "stale_syn_sent"): of("unanswered"),
        ("evicted", "stale_syn_recv"): of("half_open"),
        ("reset_sent", "reset_sent"): of("half_open", "aborted"),
        ("flagged", "idle"): of("idle"),
        ("ends", "closed_by_fin"): of("closed"),
        ("ends", "closed_by_rst"): of("reset", "refused", "aborted"),
    }


def reported(events_file, summary):
    counts = collections.Counter()
    with open(events_file) as lines:
        for line in lines:
            event = json.loads(line)
            counts[event["event_type"], event["ajar"].get("reason")] += 1  # the defence's changes have none
    for reason, n in summary["ends"].items():
        counts["ends", reason] = n
    return counts


def main():
    truth_file, events_file, summary_file = sys.argv[1:]
    with open(truth_file) as f:
        want = expected(json.load(f))
    with open(summary_file) as f:
        summary = json.load(f)
    got = reported(events_file, summary)
    wrong = 0
    for key, sentence in WHAT.items():
        agrees = got[key] == want[key]
        wrong += not agrees
        print(f"  {'ok ' if agrees else 'NO '} {got[key]:7} of {want[key]:7}  {sentence}")
    if not summary["sums_hold"] or summary["mbufs_lost"] != 0:
        wrong += 1
        print("  NO  the appliance's own sums do not add up")
    print("every number agrees" if wrong == 0 else f"{wrong} numbers disagree")
    return wrong != 0


sys.exit(main())
