"""Connections to echo.py that say something again and again, until SIGINT: how many still get their answers?

usage: talk.py ADDRESS PORT COUNT

Prints "connected" when all of them are, then, at the end, how many were lost and how many answers came.
"""
import signal
import socket
import sys
import time

stopped = []
signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
alive = {n: socket.create_connection((address, port), timeout=5) for n in range(count)}
files = {n: connection.makefile("rb") for n, connection in alive.items()}


def converse(line):
    """Everybody says it, then everybody wants it back; who does not get it is lost."""
    for act in (lambda n: alive[n].sendall(line), lambda n: files[n].readline() == line or 1 / 0):
        for number in list(alive):
            try:
                act(number)
            except (OSError, ZeroDivisionError):
                del alive[number]


turns = 0
while not stopped:
    converse(b"%d %s\n" % (turns, b"x" * 500))
    turns += 1
    if turns == 1:
        print("connected", flush=True)
    time.sleep(0.1)
converse(b"the end\n")
print("lost", count - len(alive), "turns", turns)
sys.exit(len(alive) != count)
