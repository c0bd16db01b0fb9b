"""The tables of RESULTS.md."""
from statistics import median

import earlier
from results import SIZES

ORDER = ("ajar", "boost", "absl", "rte_hash", "tbb", "limit", "own size", "walk", "list wheel", "array wheel",
         "rte_timer")


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join("---" for _ in head) + "|"
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
    yield ""


def number(v):
    if v is None:
        return "-"
    return f"{v:.0f}" if abs(v) >= 100 else f"{v:.1f}" if abs(v) >= 10 else f"{v:.2f}"


def bars(figures):
    def row(f):
        sign = "<=" if f.at_most else ">="
        bar = f"{sign} {f.bar:g}{f.unit}" if f.bar is not None else "stated"
        value = "not measured" if f.value is None else f"{number(f.value)}{f.unit}"
        met = {None: "", True: "met", False: "**not met**"}[f.met]
        mark = "; peer measured earlier" if f.other_run else ""
        return f.axis, f.what, bar, value, met, (f.note + mark).lstrip("; ")
    return table(("axis", "what", "bar", "figure", "", "remark"), map(row, figures))


def spread(sample):
    return f"{number(sample.median)} ({number(sample.least)}-{number(sample.most)})" if sample else "-"


def names(results, program, whats):
    found = {w for what in whats for s in SIZES for w in results.whose(program, what, s)}
    return sorted(found, key=lambda w: (ORDER.index(w) if w in ORDER else len(ORDER), w))


def times(results, program, whats):
    """Nanoseconds an item: median (least-most), one row for each what and who."""
    def rows():
        for what in whats:
            for who in names(results, program, (what,)):
                cells = [results.whose(program, what, s).get(who) for s in SIZES]
                yield (what, who, *map(spread, cells))
    return table(("what", "who", *(f"{s}, ns" for s in SIZES)), rows())


def rates(results):
    """Lookups and the rest as the issue's table has them: M/s."""
    def cell(who, size):
        got = [results.whose("table", what, size).get(who) for what in ("hit", "insert", "churn")]
        return " / ".join(number(1e3 / s.median) if s else "-" for s in got)

    def bytes_each(who):
        found = [c["runs"][f"hit/{s}/{who}"].get("bytes_per_flow") for s in SIZES
                 for _, c in results.benches("table") if f"hit/{s}/{who}" in c["runs"]]
        return next((number(b) for b in found if b), "-")

    whos = names(results, "table", ("hit",))
    return table(("lookup / insert / delete + insert, M/s", *SIZES, "bytes a flow"),
                 [(who, *(cell(who, s) for s in SIZES), bytes_each(who)) for who in whos])


def programs(results, program):
    """Everything a bench has measured whose names carry no size."""
    found = {run: results.sample(c, run) for _, c in results.benches(program) for run in c["runs"]}
    return table(("what", "ns"), [(run, spread(s)) for run, s in sorted(found.items()) if s])


def scenario(report):
    def rows():
        for r in report["rows"]:
            rate, ratio = r["rate"], r["ratio"]
            beside = f"{number(ratio['median'])} of {ratio['beside']}" if ratio else ""
            figures = ", ".join(f"{k} {number(v)}" for k, v in r["figures"].items())
            yield (r["run"], r["flows"], r["workers"],
                   f"{number(rate['median'] / 1e6)} ({number(rate['least'] / 1e6)}-{number(rate['most'] / 1e6)})",
                   number(r["ns_per_packet"]), beside, r["dropped"], r["switches"], figures)
    return table(("run", "flows", "workers", "M packets/s", "ns a packet", "ratio", "dropped",
                  "involuntary switches", "besides"), rows())


def millions(rates):
    values = sorted(rates)
    least, middle, most = (number(v / 1e6) for v in (values[0], values[len(values) // 2], values[-1]))
    return f"{middle} ({least}-{most})"


def replay(content):
    return table(("who", "command", "M packets/s of CPU time", "on the wall"),
                 [(who, f"`{r['command']}`", millions(r["cpu_rates"]), millions(r["rates"]))
                  for who, r in content.get("rows", {}).items()])


def exporters(rounds):
    def rows():
        alone = median(r["rate"] for r in rounds["no exporter"])
        for who, runs in rounds.items():
            rates = [r["rate"] for r in runs]
            wrote = (f"{sum(r[what] for r in runs)} {what}" for what in ("lines", "records", "packets", "scrapes", "news"))
            yield (who, millions(rates), number(median(rates) / alone),
                   f"{median(r['resident'] for r in runs) / 2**20:.0f}",
                   ", ".join(text for text in wrote if not text.startswith("0 ")), sum(r["lost"] for r in runs))
    return table(("who", "M packets/s", "of none", "resident, MiB", "exported", "lost"), rows())


def whole_systems(results):
    def rows():
        for size in ("64Ki", "1Mi"):
            own = results.rate("established", "ajar", size)
            for who, rate in (("OVS userspace conntrack", earlier.OVS_ESTABLISHED),
                              ("Linux nf_conntrack, its own share", earlier.NF_ESTABLISHED),
                              ("Linux router with conntrack", earlier.ROUTER)):
                yield ("established packets", size, who, rate[size], number(own / 1e6 / rate[size]) if own else "-")
        row = results.row("connect", "ajar", "1Mi")
        own = row["figures"].get("connections a second") if row else None
        yield ("new connections", "1Mi", "OVS userspace conntrack", earlier.OVS_NEW["1Mi"],
               number(own / 1e6 / earlier.OVS_NEW["1Mi"]) if own else "-")
        flood = results.rate("flood", "ajar", "1Mi")
        for who, rate in (("Linux nf_conntrack, SYN flood", earlier.NF_FLOOD), ("nft synproxy", earlier.SYNPROXY)):
            yield ("SYNs", "1Mi", who, rate["1Mi"], number(flood / 1e6 / rate["1Mi"]) if flood else "-")
    return table(("what", "connections", "who", "M/s, earlier", "Ajar's rate, of it"), rows())
