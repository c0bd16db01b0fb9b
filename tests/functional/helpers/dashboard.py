"""Does a real Prometheus answer what the dashboard asks it?

usage: dashboard.py FILE INSTANCE HOST:PORT
Prints how many queries gave numbers; fails where one is refused.
"""
import json
import sys
import urllib.parse
import urllib.request

FILE, INSTANCE, PROMETHEUS = sys.argv[1:]


def ask(expression):
    query = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"http://{PROMETHEUS}/api/v1/query?{query}", timeout=10) as answer:
        body = json.load(answer)
    assert body["status"] == "success", body
    return body["data"]["result"]


with open(FILE) as file:
    panels = json.load(file)["panels"]
given, empty = 0, []
for panel in panels:
    for target in panel.get("targets", []):
        expression = target["expr"].replace("$__rate_interval", "10s").replace("$instance", INSTANCE)
        if ask(expression):
            given += 1
        else:
            empty.append(expression)
print(f"numbers {given}")
print("nothing of", *empty, sep="\n  ")
assert all("> 0" in e or "histogram" in e or "/" in e for e in empty), "a query found no series"
