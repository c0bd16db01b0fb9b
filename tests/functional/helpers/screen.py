"""`ajar top` on a terminal of its own: its keys, a window that changes its size, and the terminal after its end.

usage: screen.py AJAR HOW     HOW: q (by its key), TERM, INT, HUP (by that signal)
"""
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import time

program, how = sys.argv[1:]
main, side = pty.openpty()
before = termios.tcgetattr(side)


def resize(rows, columns):
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def seen(seconds):
    """What has come to the screen within so many seconds."""
    os.set_blocking(main, False)
    out, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            out += os.read(main, 65536)
        except BlockingIOError:
            time.sleep(0.02)
    return out


resize(40, 120)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(side, fd)
    os.execv(program, [program, "top", "--interval", "300ms"])
first = seen(1.5)
assert first.startswith(b"\x1b[?1049h\x1b[?25l"), first[:80]
assert b"WORKER" in first and b"Reasons by rate" in first, first
os.write(main, b"s")
assert b"Reasons by total" in seen(1)
os.write(main, b"p")
assert b"PAUSED" in seen(1)
os.write(main, b"p")
resize(10, 30)
os.kill(pid, signal.SIGWINCH)
seen(0.5)  # what was under way
small = seen(1).split(b"\x1b[H")[1]
assert small.count(b"\r\n") <= 9, small
for line in small.replace(b"\x1b[K", b"").split(b"\r\n"):
    plain = b"".join(part.split(b"m", 1)[-1] if n else part for n, part in enumerate(line.split(b"\x1b[")))
    assert len(plain) <= 31, plain
if how == "q":
    os.write(main, b"q")
else:
    os.kill(pid, getattr(signal, "SIG" + how))
rest = seen(1.5)
assert rest.endswith(b"\x1b[0m\x1b[?25h\x1b[?1049l"), rest[-80:]
assert os.waitpid(pid, 0)[1] == 0
assert termios.tcgetattr(side) == before, "the terminal is not as it was"
