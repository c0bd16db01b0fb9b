"""RESULTS.md: the bars first, then why those not met are not, then every table."""
import os

import bars
import plot
import tables
from results import SIZES, Results

TABLE_PLOTS = (("lookup", "hit", "Lookup of a random flow, state read, last-seen written"),
               ("churn", "churn", "Delete and insert"))


def analysis(path):
    """The hand-written text, by its headings."""
    sections, name = {}, None
    if not os.path.exists(path):
        return sections
    with open(path) as f:
        for text in f:
            if text.startswith("## "):
                name = text[3:].strip()
                sections[name] = []
            elif name is not None:
                sections[name].append(text.rstrip())
    return {k: "\n".join(v).strip() for k, v in sections.items()}


def head(results):
    m = results.machine()
    contexts = [c["context"] for _, c in results.benches("table") + results.benches("track")]
    pages = sorted({c["pages"] for c in contexts})
    yield "# What was measured"
    yield ""
    yield "Written by `scripts/bench` from `bench/results`; what is said about a bar stands in `bench/analysis.md`. The"
    yield "machine is noisy: only ratios of medians of interleaved runs mean anything."
    yield ""
    facts = [("CPU", m.get("cpu")), ("memory", m.get("memory")), ("kernel", m.get("kernel")),
             ("ISA", ", ".join(sorted({c["isa"] for c in contexts}))), ("pages", "; ".join(pages)),
             ("compiler", m.get("compiler")), ("commit", m.get("commit")), ("kind of run", m.get("kind") or "full"),
             ("command", "`scripts/bench`")]
    yield from tables.table(("", ""), [(k, v) for k, v in facts if v])
    if m.get("notes"):
        yield "What this run had to do without, or with:"
        yield ""
        yield from (f"- {note}" for note in m["notes"])
        yield ""


def not_met(figures, sections):
    yield "## Why bars are not met, and by how much others are passed"
    yield ""
    for axis in dict.fromkeys(f.axis for f in figures):
        missed = [f for f in figures if f.axis == axis and f.met is False]
        if axis not in sections and not missed:
            continue
        yield f"### {axis}"
        yield ""
        yield sections.get(axis, "Not analysed yet.")
        yield ""


def cost_plots(results, folder):
    """Writes the plots; returns their names."""
    made = []
    for name, what, title in TABLE_PLOTS:
        curves = {}
        for who in tables.names(results, "table", (what,)):
            curves[who] = {s: sample.median for s in SIZES if (sample := results.whose("table", what, s).get(who))}
        made += keep(folder, f"table-{name}.svg", plot.cost(title, curves))
    curves = {}
    for run, label in (("macswap", "plain forwarding"), ("ajar", "ajar")):
        got = {s: row["ns_per_packet"] for s in SIZES if (row := results.row("established", run, s))}
        if got:
            curves[label] = got
    made += keep(folder, "established-cost.svg", plot.cost("A packet of an established flow", curves))
    return made


def keep(folder, name, svg):
    if svg is None:
        return []
    with open(os.path.join(folder, name), "w") as f:
        f.write(svg)
    return [name]


def parts(results):
    yield "## Tables"
    yield ""
    yield from tables.rates(results)
    yield "Nanoseconds an item, median (least-most); `line` is one random line, `two lines` both of a lookup, known"
    yield "from the start. Peers hold 64 bytes a flow, Ajar its whole entry."
    yield ""
    yield from tables.times(results, "table", ("hit", "miss", "insert", "churn", "line", "two lines"))
    yield "## Timers"
    yield ""
    yield from tables.times(results, "timers", ("arm", "visit", "expire", "pass"))
    yield "A whole shard's background work, by slices as in a live worker:"
    yield ""
    yield from tables.times(results, "expiry", ("visit", "expire", "expire embryonic", "idle slice"))
    yield "## A whole shard, without devices"
    yield ""
    yield from tables.times(results, "track", ("established", "connect", "flood"))
    for program, title in (("hash", "Hashes"), ("count", "Counting half-open flows"), ("parse", "Parsing"),
                           ("translate", "Translation of proxied connections")):
        if results.benches(program):
            yield f"## {title}"
            yield ""
            yield from tables.programs(results, program)


def whole(results):
    for name, report in results.scenarios().items():
        yield f"## ajar bench {name.removeprefix('ajar-')}"
        yield ""
        yield from tables.scenario(report)
        for fault in report.get("faults", []):
            yield f"**Fault, so these figures mean nothing:** {fault}"
            yield ""
    if "replay" in results.files:
        content = results.files["replay"]
        yield "## Replay"
        yield ""
        yield f"One cached pcap file of {content['packets']} packets, {content['bytes'] / 2**20:.0f} MiB."
        yield ""
        yield from tables.replay(content)
    if "exporters" in results.files:
        yield "## An appliance that exports"
        yield ""
        yield "One worker that is always behind: ACKs of 3000 connections, and 3000 SYNs that nobody answers, each an event"
        yield "and a flow record every five seconds. `ajar run`, in turn with every exporter off and on."
        yield ""
        yield from tables.exporters(results.files["exporters"]["rounds"])
    yield "## Whole systems"
    yield ""
    yield "Measured earlier on one Zen 5 core, **neither in this run nor on this machine**: absolute figures drift, so the ratios"
    yield "say an order of magnitude."
    yield ""
    yield from tables.whole_systems(results)


def app_command(report):
    def values(key):
        return ",".join(str(v) for v in sorted({row[key] for row in report["rows"]}))
    return f"ajar bench {report['scenario']} --flows {values('flows')} --workers {values('workers')}"


def commands(results):
    yield "## Commands"
    yield ""
    given = [c["command"] for c in results.files.values() if c.get("command")]
    given += [app_command(c) for c in results.scenarios().values()]
    yield from (f"    {command}" for command in given)
    yield ""


def main(folder, markdown):
    results = Results(folder)
    sections = analysis(os.path.join(os.path.dirname(markdown) or ".", "analysis.md"))
    figures = list(bars.all_figures(results))
    plots = [name for name in sorted({*cost_plots(results, folder), *os.listdir(folder)}) if name.endswith(".svg")]
    lines = [*head(results), "## Bars", "", *tables.bars(figures), *not_met(figures, sections), "## Plots", "",
             *(f"![{p.removesuffix('.svg')}](results/{p})" for p in plots), "", *parts(results), *whole(results),
             *commands(results)]
    with open(markdown, "w") as f:
        f.write("\n".join(lines).rstrip() + "\n")
