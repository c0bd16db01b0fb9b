"""HTTP requests as nobody sane would send them: does each end, as an answer or a closed door, and the server live?

usage: hostile_http.py PORT COUNT
Prints how many were answered, and the longest that an honest request had to wait meanwhile.
"""
import random
import socket
import sys
import time

from mutation import mutated

SEEDS = [
    b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text\r\n\r\n",
    b"GET /events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 7\r\nAccept: text/event-stream\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1:9293\r\nAccept: text/html\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n",
    b"HEAD /metrics?x=%41%zz HTTP/1.0\r\nRange: bytes=0-1,2-3,4-\r\n\r\n",
    b"POST /metrics HTTP/1.1\r\nContent-Length: 18446744073709551615\r\nExpect: 100-continue\r\n\r\nbody",
    b"PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
]
PIECES = [b"\r\n", b"\n", b"\x00", b"\xff\xfe", b"%00", b"../", b":", b" ", b"A" * 3000, b"9" * 40, b"HTTP/1.1", b"Host: "]
random.seed(11)


def call(request):
    s = socket.create_connection(("127.0.0.1", PORT), timeout=10)
    try:
        s.sendall(request)
        how = random.randrange(20)
        if how == 0:  # leaves at once
            return None
        if how == 1:  # and with a reset
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            return None
        s.shutdown(socket.SHUT_WR)
        return s
    except ConnectionError:
        return s


def rest(s):
    out = b""
    try:
        while block := s.recv(65536):
            out += block
    except ConnectionError:
        pass
    s.close()
    return out


def honest():
    begun = time.monotonic()
    s = socket.create_connection(("127.0.0.1", PORT), timeout=10)
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = rest(s)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"\najar_uptime_seconds " in answer, answer[:200]
    return time.monotonic() - begun


PORT, left = int(sys.argv[1]), int(sys.argv[2])
# Those who dawdle stay beside it all, as many as there may be and more.
idle = [socket.create_connection(("127.0.0.1", PORT), timeout=10) for _ in range(80)]
for s in idle[::2]:
    s.sendall(b"GET /metr")
answered, longest = 0, 0.0
while left > 0:
    batch = [s for s in (call(mutated(random, SEEDS, PIECES)) for _ in range(min(left, 25))) if s is not None]
    left -= 25
    for s in batch:
        answer = rest(s)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 "), answer[:200]
        answered += answer != b""
    if left % 500 == 0:
        longest = max(longest, honest())
print(f"answered {answered}")
print(f"longest {longest:.3f}")
assert longest < 4.5, longest  # the server itself is patient for 5 s
