"""One end of a TCP connection that does what it is told, step by step.

usage: ends.py listen|connect ADDRESS PORT STEP...

  say          sends a line                     hear       receives one within 5 s
  sleep=S      does nothing                     silence=S  receives nothing and stays open for S seconds
  half         closes its sending direction     finish     receives until the peer closes, prints how much
  drip=N       sends N times 1000 bytes, 0.4 s apart
  reset=S      the connection is reset within S seconds; when, is printed
  after=FILE   does nothing until that is there, 60 s at most
  tell=FILE    and now it is
  linger       whatever ends this program ends its socket at once, with a RST
  keepalive=S  the kernel asks the peer after S seconds without a word

Exit status 0 if every step went as told; else 1, and the step is named.
"""
import os
import socket
import struct
import sys
import time

LINE = b"hello\n"


def receive(connection, seconds):
    connection.settimeout(seconds)
    return connection.recv(65536)


def silent(connection, seconds):
    try:
        data = receive(connection, seconds)
    except socket.timeout:
        return True
    raise AssertionError("received %r" % data)


def reset(connection, seconds):
    try:
        receive(connection, seconds)
    except ConnectionResetError:
        print("reset at %.3f" % time.time(), flush=True)
        return True
    raise AssertionError("no reset but data or a close")


def after(_, path):
    deadline = time.monotonic() + 60
    while not os.path.exists(path):
        assert time.monotonic() < deadline, "not there in time"
        time.sleep(0.02)


def tell(_, path):
    with open(path, "w", encoding="ascii"):
        pass


def finish(connection):
    total = 0
    while data := receive(connection, 10):
        total += len(data)
    print("received", total, flush=True)


def drip(connection, times):
    for _ in range(int(times)):
        connection.sendall(b"x" * 1000)
        time.sleep(0.4)


def keepalive(connection, seconds):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, int(seconds))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, int(seconds))


STEPS = {
    "say": lambda c, _: c.sendall(LINE),
    "hear": lambda c, _: receive(c, 5) == LINE or sys.exit("no line"),
    "sleep": lambda c, s: time.sleep(s),
    "silence": silent,
    "half": lambda c, _: c.shutdown(socket.SHUT_WR),
    "finish": lambda c, _: finish(c),
    "drip": drip,
    "reset": reset,
    "linger": lambda c, _: c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)),
    "keepalive": keepalive,
}
ABOUT_FILES = {"after": after, "tell": tell}


def connect(role, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if role == "connect":
        return socket.create_connection((address, port), timeout=5)
    with socket.create_server((address, port), family=family) as server:
        server.settimeout(20)
        return server.accept()[0]


def main():
    role, address, port, *steps = sys.argv[1:]
    connection = connect(role, address, int(port))
    for step in steps:
        name, _, value = step.partition("=")
        try:
            if name in ABOUT_FILES:
                ABOUT_FILES[name](connection, value)
            else:
                STEPS[name](connection, float(value or 0))
        except (OSError, AssertionError) as error:
            sys.exit("%s, step %s: %r" % (role, step, error))


main()
