"""How fast is a cached capture read, by `ajar replay`, tcpdump and tshark? In turn.

On the wall, and by the time on a CPU, which others on the machine disturb less."""
import json
import os
import resource
import shutil
import struct
import subprocess
import time

TSHARK_PACKETS = 200_000  # it takes minutes for all


def packets_in(path):
    """Of a classic pcap file; reading them all also brings it into the page cache."""
    n = 0
    with open(path, "rb", buffering=1 << 22) as f:
        magic = f.read(24)[:4]
        order = "<" if magic in (b"\x4d\x3c\xb2\xa1", b"\xd4\xc3\xb2\xa1") else ">"
        while header := f.read(16):
            f.seek(struct.unpack(order + "IIII", header)[2], 1)
            n += 1
    with open(path, "rb", buffering=0) as f:
        while f.read(1 << 24):
            pass
    return n


def contestants(ajar, path, packets):
    """Name, command, packets, whether all rounds."""
    cpus = sorted(os.sched_getaffinity(0))
    one = ["taskset", "-c", str(cpus[-1])]
    out = [("ajar, 1 shard", [*one, ajar, "replay", "-q", "--shards", "1", path], packets, True)]
    if len(cpus) > 1:
        two = ["taskset", "-c", f"{cpus[-2]},{cpus[-1]}"]
        out.append(("ajar, 2 shards", [*two, ajar, "replay", "-q", "--shards", "2", path], packets, True))
    if shutil.which("tcpdump"):
        out.append(("tcpdump", [*one, "tcpdump", "-n", "-r", path], packets, True))
    if shutil.which("tshark"):
        tshark = ["tshark", "-n", "-c", str(TSHARK_PACKETS), "-r", path]
        out.append(("tshark", [*one, *tshark], min(packets, TSHARK_PACKETS), False))
    return out


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(command):
    """On the wall, on the CPU."""
    start, used = time.monotonic(), cpu_seconds()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start, cpu_seconds() - used


def shown(command, path):
    words = [os.path.basename(w) if os.sep in w and w != path else w for w in command]
    return " ".join("FILE" if w == path else w for w in words)


def main(ajar, path, out_file, rounds):
    packets = packets_in(path)
    rows = {name: {"command": shown(command, path), "packets": n, "rates": [], "cpu_rates": []}
            for name, command, n, _ in contestants(ajar, path, packets)}
    for turn in range(int(rounds)):
        for name, command, n, always in contestants(ajar, path, packets):
            if always or turn == 0:
                wall, cpu = seconds(command)
                rows[name]["rates"].append(round(n / wall))
                rows[name]["cpu_rates"].append(round(n / cpu))
    with open(out_file, "w") as f:
        json.dump({"packets": packets, "bytes": os.path.getsize(path), "rows": rows}, f, indent=1, sort_keys=True)
        f.write("\n")
