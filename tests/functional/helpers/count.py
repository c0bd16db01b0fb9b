"""How many objects of a file of JSON lines have all the members given as path=value?

"ajar.end" is the member of that name, or the member "end" of the member "ajar".
"""
import json
import sys


def member(value, path):
    if path in value:
        return value[path]
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value


path, conditions = sys.argv[1], [c.split("=", 1) for c in sys.argv[2:]]
with open(path, encoding="utf-8") as lines:
    objects = (json.loads(line) for line in lines if line.endswith("\n"))
    print(sum(all(str(member(o, p)) == v for p, v in conditions) for o in objects))
