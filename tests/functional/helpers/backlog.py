"""A server that accepts nobody: listens with the backlog given and waits to be stopped."""
import signal
import socket
import sys

server = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=int(sys.argv[3]))
signal.pause()
