"""A connection to echo.py that says something, is silent, and says more when it is told to: a line of a named pipe
each time, "bye" at last.

usage: late_words.py ADDRESS PORT PIPE

Prints its own port, then "heard" for each echo; what gets no echo within a few seconds is given up.
"""
import socket
import sys

there = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)
print(there.getsockname()[1], flush=True)
for line in open(sys.argv[3], "rb"):
    if line == b"bye\n":
        break
    there.sendall(line)
    try:
        left = len(line)
        while left:
            left -= len(there.recv(left))
        print("heard", flush=True)
    except TimeoutError:
        print("silence", flush=True)
        break
there.close()
