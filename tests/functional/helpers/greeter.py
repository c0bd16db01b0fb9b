"""A server that answers each line with so many bytes, and waits for its client to close.

usage: greeter.py ADDRESS PORT BACKLOG
"""
import hashlib
import selectors
import socket
import sys

address, port, backlog = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
server = socket.create_server((address, port), family=family, backlog=backlog)
server.setblocking(False)
ready = selectors.DefaultSelector()
ready.register(server, selectors.EVENT_READ)


def answer(line):
    """As many bytes as the line says, which follow from it. It may have come in pieces."""
    size = int(line.split()[0])
    return (hashlib.sha256(line).digest() * (size // 32 + 1))[:size]


said = {}
while True:
    for key, _ in ready.select():
        if key.fileobj is server:
            client, _ = server.accept()
            said[client] = b""
            ready.register(client, selectors.EVENT_READ)
            continue
        client = key.fileobj
        try:
            piece = client.recv(100)
            said[client] += piece
            if piece and said[client].endswith(b"\n") and said[client].strip():
                client.setblocking(True)
                client.sendall(answer(said[client]))
                client.shutdown(socket.SHUT_WR)
        except OSError:
            piece = b""
        if not piece:
            ready.unregister(client)
            client.close()
            del said[client]
