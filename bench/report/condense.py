"""What is kept of a Google Benchmark report: the context that matters, and each repetition's time per item."""
import json

CONTEXT = ("isa", "keyed hash", "pages", "pinned to CPU", "num_cpus", "mhz_per_cpu", "caches")
COUNTERS = ("bytes_per_flow",)


def context_of(raw):
    return {k: v for k, v in raw["context"].items() if k in CONTEXT or k.startswith("bytes of ")}


def name_of(run):
    return run["run_name"].removesuffix("/manual_time")


def runs_of(raw):
    runs = {}
    for run in raw["benchmarks"]:
        if run.get("run_type") != "iteration":
            continue
        entry = runs.setdefault(name_of(run), {"ns": []})
        if run.get("error_occurred"):
            entry["error"] = run["error_message"]
        elif "items_per_second" in run:
            entry["ns"].append(round(1e9 / run["items_per_second"], 4))
            entry.update({c: round(run[c], 1) for c in COUNTERS if c in run})
    return runs


def main(raw_file, out_file, *command):
    with open(raw_file) as f:
        raw = json.load(f)
    condensed = {"command": " ".join(command), "context": context_of(raw), "runs": runs_of(raw)}
    with open(out_file, "w") as f:
        json.dump(condensed, f, indent=1, sort_keys=True)
        f.write("\n")
