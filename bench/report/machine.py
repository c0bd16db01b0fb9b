"""On which machine was measured, and what did the run have to do without?"""
import json
import os
import platform

BUSY = 0.75  # of its CPUs; the benches alone keep one busy


def cpu():
    with open("/proc/cpuinfo") as f:
        lines = dict(line.split(":", 1) for line in f if ":" in line)
    facts = {k.strip(): v.strip() for k, v in lines.items()}
    return f"{facts.get('model name', '?')}, family {facts.get('cpu family', '?')}, " \
           f"model {facts.get('model', '?')}, {int(facts.get('processor', 0)) + 1} CPUs"


def memory():
    with open("/proc/meminfo") as f:
        total = next(line for line in f if line.startswith("MemTotal"))
    return f"{int(total.split()[1]) / 2**20:.1f} GiB"


def main(out_file, *pairs):
    facts = {"cpu": cpu(), "memory": memory(), "kernel": platform.release().split("-")[0], "notes": []}
    for pair in pairs:
        key, value = pair.split("=", 1)
        if key == "note":
            facts["notes"].append(value)
        else:
            facts[key] = value
    load = os.getloadavg()[2]
    if load > BUSY * (os.cpu_count() or 1):
        facts["notes"].append(f"the machine was busy with other work: load average {load:.1f}")
    with open(out_file, "w") as f:
        json.dump(facts, f, indent=1, sort_keys=True)
        f.write("\n")
