"""Followers of the live page's news who never read: is each refused, or dropped, and does nobody else wait?

usage: stalled.py PORT COUNT PLACES
"""
import socket
import sys
import time

PORT, COUNT, PLACES = (int(word) for word in sys.argv[1:])


def connected(room=None):
    s = socket.socket()
    if room:  # as little as the kernel lets it
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    s.settimeout(10)
    s.connect(("127.0.0.1", PORT))
    return s


def get(path):
    begun = time.monotonic()
    s = connected()
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    out = b""
    while block := s.recv(65536):
        out += block
    return out, time.monotonic() - begun


def followers():
    for line in get("/metrics")[0].decode().splitlines():
        if line.startswith("ajar_http_streams "):
            return int(float(line.split()[1]))


all_of_them = [connected(1024) for _ in range(COUNT)]
for s in all_of_them:
    s.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
heads = [s.recv(12) for s in all_of_them]
taken = sum(head == b"HTTP/1.1 200" for head in heads)
assert taken == PLACES and all(head[9:] in (b"200", b"503") for head in heads), heads
longest, begun = 0, time.monotonic()
while followers() > 0:
    for path in ("/metrics", "/"):
        answer, seconds = get(path)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer[:200]
        longest = max(longest, seconds)
    assert time.monotonic() - begun < 40, "who does not read keeps its place"
    time.sleep(0.2)
print(f"{COUNT} followers, {taken} places, all free after {time.monotonic() - begun:.1f} s; longest wait {longest:.2f} s")
assert longest < 4.5, longest  # the server itself is patient for 5 s
