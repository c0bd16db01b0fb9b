"""The bars that throughput is held to, and how each figure follows from what was measured."""
from dataclasses import dataclass

import earlier


@dataclass
class Figure:
    """One figure beside its bar. No value: not measured in this run."""
    axis: str
    what: str
    bar: float | None
    value: float | None
    at_most: bool = False
    unit: str = "x"
    note: str = ""
    other_run: bool = False  # the peer's figure is an earlier one

    @property
    def met(self):
        if self.value is None or self.bar is None:
            return None
        return self.value <= self.bar if self.at_most else self.value >= self.bar


def ratio(a, b):
    return a / b if a is not None and b else None


def best_peer(results, what, size):
    """The least ratio of a peer's time to Ajar's, and whose it is; a ratio is within one run."""
    found = [(peer.median / own.median, who)
             for own, peers, _ in results.beside("table", what, size) for who, peer in peers.items()]
    return min(found, default=(None, "nobody"))


def lookups(results):
    for size in ("1Mi", "16Mi"):
        value, who = best_peer(results, "hit", size)
        yield Figure("table lookup", f"{size}: rate, of the best peer's ({who})", 1.5, value)
    for size in ("1Mi", "16Mi"):
        values = [2 * line.median / own.median
                  for own, _, content in results.beside("table", "hit", size)
                  if (line := results.sample(content, f"line/{size}/limit"))]
        miss = results.ns("table", f"miss/{size}/ajar")
        note = f"a miss takes {miss.median:.1f} ns" if miss else ""
        yield Figure("table lookup", f"{size}: rate, of half the random-line rate", 0.8,
                     min(values, default=None), note=note)
    for size in ("1Mi", "16Mi"):
        values = [lines.median / own.median for own, _, content in results.beside("table", "hit", size)
                  if (lines := results.sample(content, f"two lines/{size}/own size"))]
        yield Figure("table lookup", f"{size}: rate, of two lines of a table that large, both known at once", None,
                     min(values, default=None))
    value = [peers["boost"].median / own.median
             for own, peers, _ in results.beside("table", "hit", "64Ki") if "boost" in peers]
    yield Figure("table lookup", "64Ki: rate, of boost's", 0.8, min(value, default=None))


def established(results):
    for size, bar in (("64Ki", 0.45), ("1Mi", 0.30), ("16Mi", 0.22)):
        row = results.row("established", "ajar", size)
        value = row["ratio"]["median"] if row and row["ratio"] else None
        yield Figure("whole tracker, established", f"{size}: rate, of plain forwarding", bar, value)
    own = results.rate("established", "ajar", "1Mi")
    for who, rate, bar in (("OVS", earlier.OVS_ESTABLISHED, 10), ("nf_conntrack", earlier.NF_ESTABLISHED, 20)):
        yield Figure("whole tracker, established", f"1Mi: rate, of {who}'s {rate['1Mi']} M/s", bar,
                     ratio(own, rate["1Mi"] * 1e6), other_run=True)


def per_second(results, size):
    row = results.row("connect", "ajar", size)
    return row["figures"].get("connections a second") if row else None


def connections(results):
    own = per_second(results, "1Mi")
    yield Figure("new connections", f"1Mi: rate, of OVS's {earlier.OVS_NEW['1Mi']} M/s", 5,
                 ratio(own, earlier.OVS_NEW["1Mi"] * 1e6), note="7 x is the stretch", other_run=True)
    yield Figure("new connections", f"1Mi: rate, of nf_conntrack's {earlier.NF_FLOOD['1Mi']} M SYN/s", 10,
                 ratio(own, earlier.NF_FLOOD["1Mi"] * 1e6), other_run=True)
    yield Figure("new connections", "16Mi: M/s", 6, ratio(per_second(results, "16Mi"), 1e6), unit=" M/s")


def floods(results):
    values = [peers["boost"].median / own.median
              for own, peers, _ in results.beside("track", "flood", "16Mi") if "boost" in peers]
    yield Figure("SYN flood", "16Mi: a SYN of the shard, of boost's delete + insert", 1.25,
                 min(values, default=None), note="the shard alone, without devices")
    for size in ("1Mi", "16Mi"):
        yield Figure("SYN flood", f"{size}: M SYN/s", 10, ratio(results.rate("flood", "ajar", size), 1e6),
                     unit=" M/s")


def defences(results):
    for size in ("64Ki", "1Mi"):
        for run in ("cookies", "cookies, full SYNs"):
            yield Figure("cookies", f"{size}: {run}, M/s", None, ratio(results.rate("cookies", run, size), 1e6),
                         unit=" M/s")
        for other in ("macswap", "established", "embryonic"):
            yield Figure("cookies", f"{size}: rate, of {other}", None,
                         ratio(results.rate("cookies", "cookies", size), results.rate("cookies", other, size)))
        for rule in ("probation", "refused"):
            yield Figure("ACK flood", f"{size}: each tried for a cookie, {rule}, M/s", None,
                         ratio(results.rate("acks", rule + ", cookies", size), 1e6), unit=" M/s")
            yield Figure("ACK flood", f"{size}: rate, of the same ACKs when calm, {rule}", None,
                         ratio(results.rate("acks", rule + ", cookies", size), results.rate("acks", rule, size)))
        for kind in ("", ", timestamps"):
            yield Figure("translation", f"{size}: rate, of untranslated flows{kind}", None,
                         ratio(results.rate("translated", "translated" + kind, size),
                               results.rate("translated", "untranslated" + kind, size)))


def expiries(results):
    for size in ("1Mi", "16Mi"):
        for part, what, bar, text in (("timers", "visit", 10, "a visit, the timer and the flow's line"),
                                      ("expiry", "visit", 10, "a visit in a shard's slices, policy asked"),
                                      ("expiry", "expire", 60, "deletion and event")):
            own = results.ns(part, f"{what}/{size}/ajar")
            yield Figure("expiry", f"{size}: {text}", bar, own.median if own else None, True, " ns")


def bytes_each(results):
    for what, bar in (("a confirmed IPv4 flow", 144), ("an embryonic IPv4 flow", 64), ("an IPv4 tombstone", 32),
                      ("a confirmed IPv6 flow", None), ("an embryonic IPv6 flow", None),
                      ("an IPv6 tombstone", None)):
        yield Figure("bytes", what, bar, results.bytes_of(what), True, " B")


def growth(results):
    cost = {s: r["ns_per_packet"] for s in ("64Ki", "1Mi", "16Mi")
            if (r := results.row("established", "ajar", s))}
    for small, bar in (("64Ki", 3), ("1Mi", 1.4)):
        yield Figure("growth", f"{small} to 16Mi: cost of an established packet", bar,
                     ratio(cost.get("16Mi"), cost.get(small)), True)


def workers(results):
    def gain(run):
        return ratio(results.rate("workers", run, "64Ki", 2), results.rate("workers", run, "64Ki", 1))
    value = ratio(gain("ajar"), gain("macswap"))
    yield Figure("1 to 2 workers", "64Ki: gain, of two plain forwarders'", 0.95, value)


def replays(results):
    one, two = results.replay("ajar, 1 shard"), results.replay("ajar, 2 shards")
    cpu = results.replay("ajar, 1 shard", "cpu_rates")
    yield Figure("replay", "one shard, a second of one core", 5, cpu.median / 1e6 if cpu else None, unit=" M packets/s")
    for who in ("tcpdump", "tshark"):
        other = results.replay(who, "cpu_rates")
        value = ratio(cpu.median, other.median) if cpu and other else None
        yield Figure("replay", f"one shard, of {who}", None, value)
    gain = ratio(two.median, one.median) if one and two else None
    yield Figure("replay", "two shards on two cores, of one on one", 1.6, gain)


def own_checks(results):
    """What `ajar bench` holds itself to."""
    for name, report in results.scenarios().items():
        for c in report.get("checks", []):
            what = f"{c['flows']} flows, {c['workers']} workers: {c['name']}"
            yield Figure(f"ajar bench {report['scenario']}", what, c["bar"], c["value"], c["at_most"], "")


def all_figures(results):
    for part in (lookups, established, connections, floods, defences, expiries, bytes_each, growth, workers, replays,
                 own_checks):
        yield from part(results)
