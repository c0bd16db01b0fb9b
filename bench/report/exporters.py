"""Do exporters cost an appliance anything? One that exports nothing beside one that exports everything, in turn.

A real `ajar run` on net_pcap devices that repeat their captures for ever, so that its worker is always behind:
ACKs of 3000 connections, and among them SYNs that nobody answers, each of which is a half-open flow, an event
and a flow record every five seconds. Records in Zeek's terms make a tracker keep each flow's whole history:
what that costs beside the exporting itself is a contestant of its own."""
import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.request

SYN, ACK = 2, 16
CONNECTIONS = 3000
REPEATS = 8
WARM, WINDOW = 2.5, 5.0  # seconds
HTTP = 19293
COLLECTOR = 14739

BASE = """
[[ports]]
a = "net_pcap0,rx_pcap={work}/a.pcap,infinite_rx=1"
b = "net_pcap1,rx_pcap={work}/b.pcap,infinite_rx=1"
[appliance]
hugepages = "off"
mbufs = 131072
[tables]
confirmed = "64Ki"
embryonic = "64Ki"
tombstones = "16Ki"
[policy]
midstream = "loose"
[timeouts]
syn_sent = "5s"
[control]
socket = "{work}/ajar.sock"
"""
NOTHING = '[http]\nlisten = ""\n'
ALL = f"""
[http]
listen = "127.0.0.1:{HTTP}"
[capture]
folder = "{{work}}/packets"
[ipfix]
collector = "udp:127.0.0.1:{COLLECTOR}"
[events]
file = "{{work}}/events.json"
flow_start = true
flow_end = true
rotate_size = "64MiB"
rotate_keep = 1
"""
SHARE = '[share]\nserver = "unix:{work}/redis.sock"\nevents = true\n'
ZEEK = 'flows = "{work}/flows.json"\n'
REDIS = shutil.which("redis-server")
EVERY = BASE + (SHARE if REDIS else "") + ALL
CONTESTANTS = {"no exporter": BASE + NOTHING, "all exporters": EVERY, "and whole histories": EVERY + ZEEK}


def records(path):
    """Of a classic pcap file: header and frame together, as they stand there."""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        end = at + 16 + struct.unpack_from("<I", data, at + 8)[0]
        yield data[at:end]
        at = end


def tcp_flags(record):
    ip = record[16 + 14:]
    return ip[(ip[0] & 15) * 4 + 13]


def mirrored(record):
    """The same segment from the other end. What changes places keeps the checksums."""
    frame = bytearray(record[16:])
    ip, tcp = 14, 14 + (frame[14] & 15) * 4
    for at, size in ((0, 6), (ip + 12, 4), (tcp, 2), (tcp + 4, 4)):  # MAC and IP addresses, ports, SEQ and ACK
        frame[at:at + 2 * size] = frame[at + size:at + 2 * size] + frame[at:at + size]
    return record[:16] + bytes(frame)


def make_traffic(ajar, work):
    """ACKs to and fro, which mean the same however often they come; and a SYN among some of them."""
    common = ["--connections", str(CONNECTIONS), "--rate", "6000"]
    subprocess.run([ajar, "gen", "handshake", *common, "-o", f"{work}/talk.pcap"], check=True)
    subprocess.run([ajar, "gen", "flood", *common, "--seed", "2", "-o", f"{work}/flood.pcap"], check=True)
    syns = [r for r in records(f"{work}/flood.pcap") if tcp_flags(r) & (SYN | ACK) == SYN]
    first = {}
    for record in records(f"{work}/talk.pcap"):
        if tcp_flags(record) == ACK:
            source, target, ports = record[16 + 26:16 + 30], record[16 + 30:16 + 34], record[16 + 34:16 + 38]
            if ports[:2] > ports[2:]:  # of the client
                first.setdefault(source + target + ports, record)
    with open(f"{work}/talk.pcap", "rb") as file:
        head = file.read(24)
    with open(f"{work}/a.pcap", "wb") as a, open(f"{work}/b.pcap", "wb") as b:
        a.write(head)
        b.write(head)
        for turn in range(REPEATS):
            for i, record in enumerate(list(first.values())[:CONNECTIONS]):
                a.write(record)
                b.write(mirrored(record))
                if i % REPEATS == turn and i < len(syns):
                    a.write(syns[i])


class Reader(threading.Thread):
    """Who reads what is exported over the network: a collector, a Prometheus that is in a hurry, somebody who has
    the page open."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over, self.datagrams, self.scrapes, self.news = False, 0, 0, 0
        self.collector = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.collector.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.collector.bind(("127.0.0.1", COLLECTOR))
        self.collector.settimeout(0.2)

    def run(self):
        due = time.monotonic()
        threading.Thread(target=self.watch, daemon=True).start()
        while not self.over:
            try:
                self.collector.recv(65536)
                self.datagrams += 1
            except TimeoutError:
                pass
            if time.monotonic() > due:
                due += 1
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/metrics", timeout=2).read()
                    self.scrapes += 1
                except OSError:
                    pass
        self.collector.close()

    def watch(self):
        while not self.over:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/events", timeout=2) as stream:
                    for line in stream:
                        self.news += line.startswith(b"data:")
            except OSError:
                time.sleep(0.2)


def ask(ajar, work):
    told = subprocess.run([ajar, "stats", "-o", "json", "--socket", f"{work}/ajar.sock"], check=True,
                          capture_output=True)
    return json.loads(told.stdout)


def resident(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def redis(work):
    """Of this run alone, on a socket of its own; where there is none, nothing is shared."""
    if not REDIS:
        print("  without redis-server: nothing is shared", flush=True)
        yield
        return
    server = subprocess.Popen([REDIS, "--port", "0", "--unixsocket", f"{work}/redis.sock", "--save", "", "--dir", work],
                              stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def measure(ajar, work, text):
    """Packets a second, resident bytes, and what was exported: of one run of an appliance."""
    with open(f"{work}/ajar.toml", "w") as file:
        file.write(text.format(work=work))
    os.makedirs(f"{work}/packets", exist_ok=True)
    reader = Reader()
    reader.start()
    with open(f"{work}/ajar.log", "w") as log:
        box = subprocess.Popen([ajar, "run", "-c", f"{work}/ajar.toml", "--summary", f"{work}/summary.json"],
                               stdout=log, stderr=log, env=os.environ | {"RUNTIME_DIRECTORY": work})
    try:
        for _ in range(200):
            if os.path.exists(f"{work}/ajar.sock") or box.poll() is not None:
                break
            time.sleep(0.05)
        time.sleep(WARM)
        first = ask(ajar, work)
        time.sleep(WINDOW)
        last = ask(ajar, work)
        memory = resident(box.pid)
    finally:
        box.terminate()
        box.wait()
        reader.over = True
        reader.join()
    with open(f"{work}/summary.json") as file:
        summary = json.load(file)
    packets = last["workers"][0]["packets"] - first["workers"][0]["packets"]
    return {"rate": packets / (last["uptime"] - first["uptime"]), "resident": memory,
            "lines": summary["lines_written"], "records": summary["flows_exported"],
            "packets": summary["packets_written"], "scrapes": reader.scrapes, "datagrams": reader.datagrams,
            "news": reader.news,
            "lost": summary["events_lost"] + summary["lines_lost"] + summary["flows_not_exported"] +
            summary["packets_lost"]}


def clean(work):
    for left in ("events.json", "flows.json"):
        if os.path.exists(f"{work}/{left}"):
            os.remove(f"{work}/{left}")
    shutil.rmtree(f"{work}/packets", ignore_errors=True)


def main(ajar, out_file, rounds):
    ajar = os.path.abspath(ajar)
    rows = {name: [] for name in CONTESTANTS}
    with tempfile.TemporaryDirectory(prefix="ajar-exporters.") as work:
        make_traffic(ajar, work)
        with redis(work):
            for turn in range(int(rounds)):
                for name, text in CONTESTANTS.items():
                    rows[name].append(measure(ajar, work, text))
                    print(f"  round {turn + 1}, {name}: {rows[name][-1]['rate'] / 1e6:.2f} M packets/s", flush=True)
                    clean(work)
    with open(out_file, "w") as file:
        json.dump({"rounds": rows}, file, indent=1, sort_keys=True)
        file.write("\n")
