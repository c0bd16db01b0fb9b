"""Requests and clients as nobody of ours would be: is each answered, and nobody else kept waiting?

usage: hostile.py SOCKET COUNT

Eight clients at a time send COUNT mutated requests, some leave in the middle of them; beside them some begin
lines that they never end, some never read, and hundreds connect at once without a word. One well-behaved client
asks all the while; his longest wait is printed.
"""
import json
import random
import select
import signal
import socket
import sys
import threading
import time

from mutation import mutated

SEEDS = [
    b'{"v":1,"id":7,"do":"list","state":"SYN_SENT","src":"10.0.0.0/8","age":">5s","sort":"bytes","limit":100}',
    b'{"v":1,"id":"x","do":"get","flow":"10.0.0.1:4711-10.0.0.2:80"}',
    b'{"v":1,"do":"stats","ages":true,"talkers":true}',
    b'{"v":1,"do":"unblock","prefix":"2001:db8::/48"}',
    b'{"v":1,"do":"list","cursor":"p3f.200000001","limit":5}',
    b'{"v":1,"do":"explain","flow":"C2GWSpcZPk1ECMwwFo"}',
    b'{"v":1,"do":"flush","src":"203.0.113.0/24","reset":"yes"}',
    b'{"v":1,"do":"events","recent":5,"no-follow":true}',
    b'{"v":1,"do":"config","name":"timeouts"}',
    b'{"v":1,"do":"posture"}',
]
PIECES = [b"[" * 50, b"{", b'"', b"\x00", b"\xff\xfe", b"9" * 40, b"null", b",", b":", b"\\u0000", b"e999", b"A" * 3000]
PATIENCE = 30
LONGEST_WAIT = 8.0  # a client's patience is 10 s; the server's thread is a nice one, on a CPU that others share


def request(rand):
    line = mutated(rand, SEEDS, PIECES).replace(b"\n", b"")
    # Who follows is not answered to the end; nothing is to be evicted in earnest.
    harmless = b"follow" in line or b"events" not in line
    return line if line.strip(b" \t\r") and harmless and b"all" not in line else b"{}"


def connected():
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)  # with a timeout it would not wait for its place in the queue
    s.settimeout(PATIENCE)
    return s


class Clients(threading.Thread):
    """One client after the other; `sent` requests of those that stayed were answered."""

    def __init__(self, seed, count):
        super().__init__(daemon=True)
        self.rand, self.left = random.Random(seed), count
        self.answered, self.trouble = 0, None

    def run(self):
        try:
            while self.left > 0:
                lines = [request(self.rand) for _ in range(min(self.left, 100))]
                self.converse(lines)
                self.left -= len(lines)
        except Exception as why:
            self.trouble = why

    def converse(self, lines):
        with connected() as s:
            s.sendall(b"".join(line + b"\n" for line in lines))
            if self.rand.randrange(10) == 0:
                return  # in the middle of it
            s.shutdown(socket.SHUT_WR)
            with s.makefile("rb") as answers:
                got = sum("ok" in json.loads(answer) for answer in answers)
            assert got == len(lines), f"{got} answers to {len(lines)} requests"
            self.answered += got


class Sane(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.longest, self.asked, self.trouble, self.over = 0.0, 0, None, False

    def run(self):
        try:
            with connected() as s, s.makefile("rb") as answers:
                while not self.over:
                    began = time.monotonic()
                    s.sendall(b'{"v":1,"do":"posture"}\n')
                    assert json.loads(answers.readline())["ok"]
                    self.longest = max(self.longest, time.monotonic() - began)
                    self.asked += 1
                    time.sleep(0.01)
        except Exception as why:
            self.trouble = why


def crowd(count):
    """So many connect at once and say nothing. Those who are too many are told so."""
    waiting = [connected() for _ in range(count)]
    told, until = 0, time.monotonic() + 10
    while waiting and told <= count // 2 and time.monotonic() < until:
        ready, _, _ = select.select(waiting, [], [], 0.1)
        for s in ready:
            told += b'"busy"' in s.recv(1000)
            s.close()
        waiting = [s for s in waiting if s.fileno() >= 0]
    for s in waiting:
        s.close()
    assert told > count // 2, (told, count)


signal.alarm(300)
path, count = sys.argv[1], int(sys.argv[2])
sane = Sane()
sane.start()
rude = []
for i in range(10):
    rude.append(connected())
    rude[-1].sendall(b'{"v":1,"do":"li' if i % 2 else b'{"v":1,"do":"stats"}\n' * 500)  # no end; never reads
threads = [Clients(seed, count // 8) for seed in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for _ in range(5):
    crowd(200)
for s in rude:
    s.close()
sane.over = True
sane.join()
troubles = [t.trouble for t in threads + [sane] if t.trouble]
assert not troubles, troubles
assert sum(t.answered for t in threads) > count * 0.8, [t.answered for t in threads]
print(f"{sum(t.answered for t in threads)} answers; who asked beside them {sane.asked} times waited {sane.longest * 1000:.0f} ms at most")
assert sane.longest < LONGEST_WAIT, sane.longest
