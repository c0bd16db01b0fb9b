"""What was measured: the JSON files of one folder, asked for by name."""
import json
import os
from statistics import median

SIZES = ("64Ki", "1Mi", "16Mi")
FLOWS = {"64Ki": 1 << 16, "1Mi": 1 << 20, "16Mi": 1 << 24}


class Sample:
    """Repetitions of one figure, less is better or more is, as its user knows."""

    def __init__(self, values):
        self.values = sorted(values)
        self.median = median(values)
        self.least, self.most = self.values[0], self.values[-1]


class Results:
    def __init__(self, folder):
        self.files = {}
        for name in sorted(os.listdir(folder)):
            if name.endswith(".json"):
                with open(os.path.join(folder, name)) as f:
                    self.files[name.removesuffix(".json")] = json.load(f)

    def machine(self):
        return self.files.get("machine", {})

    def benches(self, program):
        """(file, content) of each run of a bench; runs in one file were interleaved."""
        return [(n, c) for n, c in self.files.items() if n == program or n.startswith(program + "-")
                if "runs" in c]

    def sample(self, content, run):
        ns = content["runs"].get(run, {}).get("ns")
        return Sample(ns) if ns else None

    def ns(self, program, run):
        """Nanoseconds per item, of the first file that has it."""
        found = (self.sample(content, run) for _, content in self.benches(program))
        return next((s for s in found if s), None)

    def whose(self, program, what, size):
        """Everybody who ran `what`, by name: Samples of the first file that has each."""
        out = {}
        for _, content in self.benches(program):
            for run in content["runs"]:
                head, _, who = run.rpartition("/")
                if head == f"{what}/{size}" and who not in out and (s := self.sample(content, run)):
                    out[who] = s
        return out

    def beside(self, program, what, size):
        """For each file that measured both: Ajar's Sample, and its peers' by name."""
        for _, content in self.benches(program):
            own = self.sample(content, f"{what}/{size}/ajar")
            peers = {run.rpartition("/")[2]: self.sample(content, run) for run in content["runs"]
                     if run.startswith(f"{what}/{size}/") and not run.endswith("/ajar")}
            if own:
                yield own, {who: s for who, s in peers.items() if s}, content

    def bytes_of(self, what):
        for _, content in self.benches("expiry"):
            if f"bytes of {what}" in content["context"]:
                return int(content["context"][f"bytes of {what}"])
        return None

    def scenarios(self):
        """Reports of `ajar bench`, by file."""
        return {n: c for n, c in self.files.items() if "scenario" in c}

    def row(self, scenario, run, size, workers=1):
        """Of the file of `ajar bench` that is named so."""
        for row in self.files.get("ajar-" + scenario, {}).get("rows", []):
            if row["run"] == run and row["flows"] == FLOWS[size] and row["workers"] == workers:
                return row
        return None

    def rate(self, scenario, run, size, workers=1):
        row = self.row(scenario, run, size, workers)
        return row["rate"]["median"] if row else None

    def replay(self, who, kind="rates"):
        rates = self.files.get("replay", {}).get("rows", {}).get(who, {}).get(kind)
        return Sample(rates) if rates else None
