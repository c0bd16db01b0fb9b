"""`ajar top` on a terminal of its own: its keys, windows of many sizes, and the terminal after its end.

usage: screen.py AJAR HOW     HOW: q (by its key), TERM, INT, HUP (by that signal)
"""
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import time

program, how = sys.argv[1:]
main, side = pty.openpty()
os.set_blocking(main, False)
before = termios.tcgetattr(side)
PATIENCE = 10


def seen(wanted, seconds=PATIENCE):
    """What has come to the screen until it held that, with what came with it."""
    out, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            out += os.read(main, 65536)
        except BlockingIOError:
            if wanted in out:
                return out
            time.sleep(0.01)
    raise AssertionError(f"no {wanted} in {out[-2000:]}")


def resize(rows, columns):
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.kill(pid, signal.SIGWINCH)


def frame(rows, columns):
    """A whole one that was drawn for a window of that size."""
    resize(rows, columns)
    seen(b"\x1b[J")  # this one may have been under way before
    last = seen(b"\x1b[J").rsplit(b"\x1b[H", 1)[1]
    lines = [re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", line) for line in last.replace(b"\r", b"").split(b"\n")]
    assert len(lines) <= rows and max(map(len, lines)) <= columns, (rows, columns, lines)
    return lines


fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(side, fd)
    os.execv(program, [program, "top", "--interval", "100ms"])
first = seen(b"Reasons by rate")
assert first.startswith(b"\x1b[?1049h\x1b[?25l"), first[:80]
assert b"WORKER" in first, first
os.write(main, b"s")
seen(b"Reasons by total")
os.write(main, b"\x1b[Ap")  # an arrow is no key
seen(b"PAUSED")
os.write(main, b"p/xyz\n")  # typed faster than it reads
seen(b"with xyz")
os.write(main, b"\x1b")
ordinary = frame(24, 80)
assert any(b"half open" in line for line in ordinary) and any(b"Reasons" in line for line in ordinary), ordinary
assert b"half open" in b"".join(frame(5, 20))
frame(1, 1)
for n in range(100):  # dragged larger and smaller, in the middle of whatever it does
    resize(5 + n, 20 + 2 * n)
    time.sleep(0.005)
frame(24, 80)
if how == "q":
    os.write(main, b"q")
else:
    os.kill(pid, getattr(signal, "SIG" + how))
rest = seen(b"\x1b[?1049l")
assert rest.endswith(b"\x1b[0m\x1b[?25h\x1b[?1049l"), rest[-80:]
assert os.waitpid(pid, 0)[1] == 0
assert termios.tcgetattr(side) == before, "the terminal is not as it was"
