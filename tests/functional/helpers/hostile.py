"""Requests as no client of ours would send them: is each answered, with an object, and the appliance well after?

usage: hostile.py SOCKET COUNT
"""
import json
import random
import socket
import sys

SEEDS = [
    b'{"v":1,"id":7,"do":"list","state":"SYN_SENT","src":"10.0.0.0/8","age":">5s","sort":"bytes","limit":100}',
    b'{"v":1,"id":"x","do":"get","flow":"10.0.0.1:4711-10.0.0.2:80"}',
    b'{"v":1,"do":"stats","ages":true,"talkers":true}',
    b'{"v":1,"do":"unblock","prefix":"2001:db8::/48"}',
    b'{"v":1,"do":"list","cursor":"p3f.200000001","limit":5}',
    b'{"v":1,"do":"explain","flow":"C2GWSpcZPk1ECMwwFo"}',
    b'{"v":1,"do":"posture"}',
]
PIECES = [b"[" * 50, b"{", b'"', b"\x00", b"\xff\xfe", b"9" * 40, b"null", b",", b":", b"\\u0000", b"e999", b"A" * 3000]
random.seed(11)


def mutated():
    text = bytearray(random.choice(SEEDS))
    for _ in range(random.randrange(6)):
        at = random.randrange(len(text) + 1)
        what = random.randrange(4)
        if what == 0 and at < len(text):
            text[at] = random.randrange(256)
        elif what == 1:
            del text[at : at + random.randrange(8)]
        elif what == 2:
            text[at:at] = random.choice(PIECES)
        else:
            text[at:at] = text[random.randrange(len(text) + 1) :][: random.randrange(16)]
    line = bytes(text).replace(b"\n", b"")
    return line if line.strip(b" \t\r") else b"{}"


def converse(path, lines):
    """Some clients leave in the middle of it, which is theirs to do."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(path)
        s.sendall(b"".join(line + b"\n" for line in lines))
        if random.randrange(10) == 0:
            return 0
        s.shutdown(socket.SHUT_WR)
        with s.makefile("rb") as answers:
            return sum("ok" in json.loads(answer) for answer in answers)


path, left = sys.argv[1], int(sys.argv[2])
while left > 0:
    lines = [mutated() for _ in range(min(left, 100))]
    answered = converse(path, lines)
    assert answered in (0, len(lines)), (answered, len(lines))
    left -= len(lines)
assert converse(path, [b'{"v":1,"do":"posture"}']) in (0, 1)
