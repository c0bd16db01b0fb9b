"""Reloads of a running appliance, over its control socket.

usage: reload.py walk AJAR CONFIG SOCKET          every option of the table takes another value once
       reload.py many CONFIG SOCKET PID COUNT     so many reloads, good ones and bad ones

CONFIG is the file that the appliance was started with; it is written anew. Exit status 0: as it should be.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

# Text options, whose other values cannot be told from the table.
TEXTS = {
    "appliance.cpus": "0",
    "appliance.user": "nobody",
    "appliance.group": "nogroup",
    "appliance.seed": "7",
    "appliance.dumpcap": "reloaded",
    "appliance.eal_args": ["--log-level=lib.eal:6"],
    "defence.trusted": ["198.51.100.0/24"],
    "defence.blocked": ["203.0.113.0/24", "2001:db8::/48"],
    "defence.key_file": "{folder}/key",
    "tunnels.decapsulate": ["gre"],
    "events.file": "{folder}/other-events.json",
    "events.flows": "{folder}/other-flows.json",
    "control.socket": "{folder}/other.sock",
    "control.group": "root",
    "ipfix.collector": "{folder}/records.ipfix",
    "capture.folder": "{folder}/captures",
    "http.listen": "127.0.0.1:9299",
    "share.user": "ajar",
    "share.password_file": "{folder}/key",
    "share.name": "other",
    "share.prefix": "others",
}
# What one option may be depends on others, or on the devices.
TOGETHER = {
    "appliance.clock": "needs captures",
    "appliance.group": "needs a user",
    "appliance.pace": "needs clock = \"packet\"",
    "appliance.dumpcap": "needs hugepages = \"on\"",
}
UNITS = {"K": 1000, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9, "": 1}
TIMES = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Appliance:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)  # its thread is a nice one, and has one CPU with all others
        self.socket.connect(path)
        self.lines = self.socket.makefile("rb")

    def ask(self, **request):
        self.socket.sendall(json.dumps({"v": 1} | request).encode() + b"\n")
        return json.loads(self.lines.readline())

    def value(self, path):
        return self.ask(do="config", name=path)["options"][path]


def write(path, text):
    """In one piece, as an editor does it."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


def quoted(value):
    return json.dumps(value)


def milliseconds(text):
    return sum(int(n) * TIMES[unit] for n, unit in re.findall(r"(\d+)(ms|[smhd])", text))


def candidates(path, takes, now, folder):
    """Other values than `now`, by what the table says of the option."""
    if path in TEXTS:
        value = TEXTS[path]
        return [quoted(value.format(folder=folder) if isinstance(value, str) else value)]
    if takes == "true or false":
        return ["false" if now == "true" else "true"]
    if takes.startswith('"'):
        return [quoted(name) for name in re.findall(r'"([^"]+)"', takes) if quoted(name) != now]
    low, high = re.match(r"(\S+) to ([^\s,]+)", takes).groups()
    if low.endswith(("s", "m", "h", "d")) and not low.endswith("Mi"):
        values = [milliseconds(low), (milliseconds(low) + milliseconds(now.strip('"'))) // 2, milliseconds(high)]
        return [quoted(f"{v}ms") for v in values if v != milliseconds(now.strip('"'))]
    if low.endswith("%"):
        return [quoted(f"{v}%") for v in (30, 31)]
    if low.endswith("B"):
        return [quoted("32MiB"), quoted("48MiB")]
    bounds = [int(float(number) * UNITS[unit]) for number, unit in (re.match(r"([\d.]+)(\w*)", b).groups() for b in (low, high))]
    values = [bounds[0], bounds[0] * 2, bounds[0] * 4, 600, bounds[1]]
    return [str(v) for v in values if bounds[0] <= v <= bounds[1]]


def table_of(text):
    """Path, what it takes, whether it needs a restart, and the line: of each option of a printed configuration."""
    section, out = "", []
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        if (option := re.fullmatch(r"(\w+) = (.*)", line)) and section:
            about = lines[i - 1][2:]
            takes = about[: about.rindex("; default ")]
            out.append((f"{section}.{option[1]}", takes, about.endswith("(restart)"), i, option[2]))
    return out


def changed(text, values):
    """The printed configuration with other values, by path."""
    lines = text.split("\n")
    for path, _, _, at, _ in table_of(text):
        if path in values:
            lines[at] = f"{path.split('.')[1]} = {values[path]}"
    return "\n".join(lines)


def walk(program, config, path):
    base = subprocess.run([program, "run", "-c", config, "--print-config"], check=True, capture_output=True, text=True).stdout
    folder = os.path.dirname(config)
    with open(folder + "/key", "w") as key:
        key.write("0123456789abcdef0123456789abcdef")
    os.chmod(folder + "/key", 0o600)
    appliance = Appliance(path)
    write(config, base)
    assert appliance.ask(do="reload")["changed"] == []
    taken, waiting, alone = [], [], []
    for name, takes, restart, _, now in table_of(base):
        before = appliance.value(name)
        for value in candidates(name, takes, now, folder):
            write(config, changed(base, {name: value}))
            told = appliance.ask(do="reload")
            if told["ok"] and told["changed"] + told["restart"]:
                break
            assert appliance.value(name) == before, f"{name}: refused, and changed all the same"
        else:
            assert name in TOGETHER, f"{name}: {told}"
            alone.append(name)
            continue
        if restart:
            assert (told["restart"], told["changed"]) == ([name], []), (name, value, told)
            assert appliance.value(name) == before, f"{name} has changed and needs a restart"
            waiting.append(name)
        else:
            assert (told["restart"], told["changed"]) == ([], [name]), (name, value, told)
            assert appliance.value(name) != before, f"{name} was said to have changed"
            taken.append(name)
        write(config, base)
        told = appliance.ask(do="reload")
        assert told["ok"] and appliance.value(name) == before, (name, told)
    assert len(taken) + len(waiting) + len(alone) == len(appliance.ask(do="config")["options"]) > 90, (taken, waiting)
    assert sorted(alone) == sorted(TOGETHER), alone
    print(f"{len(taken)} options taken over and back, {len(waiting)} wait for a restart, {len(alone)} refused alone")


def faulty(text, n):
    """No configuration, in one of several ways."""
    return [
        lambda: text + "\n[timeouts\n",
        lambda: text + "\n[nonsense]\nx = 1\n",
        lambda: changed(text, {"timeouts.established": '"no time"'}),
        lambda: changed(text, {"defence.service_high": 10, "defence.service_low": 20}),
        lambda: text[: text.index(' = "', len(text) // 2) + 4],  # cut short within a value
        lambda: "",
        lambda: "\x00\xff" * 1000,
        lambda: "x" * 1_000_000,
        lambda: text + "\n[[services]]\nname = \"a\"\n",
        lambda: None,
    ][n % 10]()


def memory(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def good(text, n):
    services = "".join(
        f'\n[[services]]\nname = "s{i}"\nprefixes = ["198.51.{i}.0/24"]\nports = [{80 + n % 50}]\n' for i in range(n % 7)
    )
    values = {"timeouts.established": f'"{100 + n}s"', "timeouts.syn_sent": f'"{5 + n % 20}s"', "resets.rate": 100 + n}
    return changed(text, values) + services


class Lister(threading.Thread):
    """Lists while others reload."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.appliance, self.pages, self.trouble, self.over = Appliance(path), 0, None, False

    def run(self):
        try:
            while not self.over:
                page = self.appliance.ask(do="list", state="established")
                assert page["ok"] and len(page["flows"]) >= 20, page
                assert all(0 < flow["timeout"] < 10_000 for flow in page["flows"]), page
                self.pages += 1
        except Exception as why:
            self.trouble = why


def many(config, path, pid, count):
    appliance = Appliance(path)
    with open(config) as file:
        text = file.read()
    generation, last, levels = appliance.ask(do="config")["generation"], None, []
    lister = Lister(path)
    lister.start()
    for n in range(count):
        if n == count // 2:  # what is kept for reuse is there by then
            levels = [memory(pid), descriptors(pid)]
        bad = n % 2 == 1
        wanted = faulty(text, n // 2) if bad else good(text, n)
        if wanted is None:
            os.remove(config)
        else:
            write(config, wanted)
        if n % 10 == 8:  # as SIGHUP does it
            os.kill(pid, signal.SIGHUP)
            until = time.monotonic() + 30
            while appliance.ask(do="config", name="policy")["generation"] == generation:
                assert time.monotonic() < until, "nobody heeds SIGHUP"
                time.sleep(0.005)
            told = {"ok": True, "generation": appliance.ask(do="config")["generation"]}
        else:
            told = appliance.ask(do="reload")
        if bad:
            assert not told["ok"] and told["error"]["text"], (n, told)
            assert appliance.ask(do="config", name="policy")["generation"] == generation, "a bad file left its mark"
        else:
            assert told["ok"] and told["generation"] == generation + 1, (n, generation, told)
            generation, last = told["generation"], n
    lister.over = True
    lister.join()
    assert lister.trouble is None and lister.pages > 100, (lister.trouble, lister.pages)
    options = appliance.ask(do="config")
    assert options["options"]["resets.rate"] == str(100 + last), options["options"]["resets.rate"]
    grown = [now - before for now, before in zip([memory(pid), descriptors(pid)], levels)]
    print(f"{count} reloads, generation {generation}; memory grew by {grown[0]} bytes, descriptors by {grown[1]}")
    # A heap in pieces grows by a megabyte or two and no further; the text of a configuration alone, kept each
    # time, would be ten.
    assert grown[0] < 2_500_000 and grown[1] == 0, grown
    write(config, text)
    assert appliance.ask(do="reload")["ok"]


signal.alarm(800)
if sys.argv[1] == "walk":
    walk(*sys.argv[2:])
else:
    many(*sys.argv[2:4], *map(int, sys.argv[4:]))
