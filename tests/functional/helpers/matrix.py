"""Who is said to have lost which connections, by what befell those of each port?

usage: matrix.py EVENTS HOW_MANY PORT=VERDICT:LOST...

Of each port there were so many connections. Prints how many are told, for certain, under which verdict: once each,
however often. Exit status 1 if one is told wrongly, in its verdict or its end, or one in twenty is not told at all.
What falls silent after its verdict is asked, too: who is lost then is silent, and that is no second opinion.
"""
import collections
import json
import sys

SILENT = "silent_after_probe"


def certain(path):
    """Port, client's port, verdict, lost of all that is told."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            found = event.get("ajar", {}).get("evidence", {})
            if event["event_type"] in ("half_open", "probed") and found.get("confidence") == "high":
                yield event["dest_port"], event["src_port"], found["verdict"], ",".join(found["lost"])


def main():
    path, how_many, *expected = sys.argv[1:]
    truth = {}
    for text in expected:
        port, _, right = text.partition("=")
        truth[int(port)] = tuple(right.split(":"))
    told = collections.defaultdict(set)
    wrong = 0
    for port, client, verdict, lost in certain(path):
        right = verdict, lost
        if port not in truth:
            continue
        true = right == truth[port] or (verdict == SILENT and lost == truth[port][1] and truth[port][0] != "none")
        wrong += not true
        told[truth[port], right].add((port, client))
    rows = sorted(set(truth.values()))
    columns = sorted({right for _, right in told})
    print("%-34s" % "is \\ told" + "".join("%22s" % verdict[-20:] for verdict, _ in columns))
    missed = 0
    for row in rows:
        everybody = int(how_many) * sum(t == row for t in truth.values())
        print("%-34s" % " ".join(row) + "".join("%22d" % len(told[row, c]) for c in columns) + "  of %d" % everybody)
        missed += row[0] != "none" and len(told[row, row]) * 20 < everybody * 19
    sys.exit(1 if wrong or missed else 0)


main()
