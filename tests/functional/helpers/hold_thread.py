"""Holds one thread of a process for a while, all others go on.

usage: hold_thread.py PID NAME SECONDS
"""

import ctypes
import glob
import os
import sys
import time

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
WAIT_ALL_THREADS = 0x40000000  # __WALL

pid, name, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")


def name_of(task):
    with open(f"{task}/comm") as comm:
        return comm.read().strip()


threads = [int(task.rsplit("/", 1)[1]) for task in glob.glob(f"/proc/{pid}/task/*") if name_of(task) == name]
if len(threads) != 1:
    sys.exit(f"{len(threads)} threads named {name}")
ptrace(PTRACE_SEIZE, threads[0])
ptrace(PTRACE_INTERRUPT, threads[0])
os.waitpid(threads[0], WAIT_ALL_THREADS)
print("held", flush=True)
time.sleep(seconds)  # with its tracer's end it goes on
