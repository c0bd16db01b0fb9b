"""Many TCP connections at once, all of which do what they are told, step by step.

usage: crowd.py listen|connect ADDRESS PORT HOW_MANY STEP...

  say, hear    each sends a line, each receives one within 5 s
  sleep=S      does nothing
  after=FILE   nor until that is there, 40 s at most
  tell=FILE    and now it is
  keepalive=S  the kernel asks the peer after S seconds without a word, and does not give up
  forget       the sockets are gone, and nobody hears of it (TCP_REPAIR)
  again=S      each connects anew from its old port, within S seconds if it can
  cut          each peer gets a RST in this end's name, which this end knows nothing of
  reset=S      each is reset within S seconds

Exit status 0 if every step went as told; else 1, and the step is named.
"""
import os
import selectors
import socket
import struct
import sys
import time

LINE = b"hello\n"
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
RECEIVE_QUEUE, SEND_QUEUE = 1, 2
RST_ACK = 0x14


def number_of(connection, queue):
    connection.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
    return connection.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) & 0xFFFFFFFF


def numbers(connection):
    """SND.NXT and RCV.NXT."""
    connection.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    both = number_of(connection, SEND_QUEUE), number_of(connection, RECEIVE_QUEUE)
    connection.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, -1)  # off, without a window probe
    return both


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def rst_of(connection):
    """The segment that would end the connection for its peer."""
    seq, ack = numbers(connection)
    (own, own_port), (peer, peer_port) = connection.getsockname()[:2], connection.getpeername()[:2]
    header = struct.pack("!HHIIBBHHH", own_port, peer_port, seq, ack, 5 << 4, RST_ACK, 0, 0, 0)
    own, peer = socket.inet_pton(connection.family, own), socket.inet_pton(connection.family, peer)
    pseudo = own + peer + struct.pack("!HH", socket.IPPROTO_TCP, len(header))
    return header[:16] + struct.pack("!H", checksum(pseudo + header)) + header[18:]


class Crowd:
    def __init__(self, role, address, port, how_many):
        self.target = address, port
        self.family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if role == "connect":
            # Ports that are known, so that with a known seed each has its own place in the appliance's tables.
            first = 10000 + port % 100 * how_many
            self.all = [self.connection_from(first + n) for n in range(how_many)]
            for c in self.all:  # another crowd's connection may begin anew from the same port
                c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return
        with socket.create_server(self.target, family=self.family, backlog=1024) as server:
            server.settimeout(40)
            self.all = [server.accept()[0] for _ in range(how_many)]

    def connection_from(self, port):
        return socket.create_connection(self.target, timeout=5, source_address=("", port))

    def say(self, _):
        for c in self.all:
            c.sendall(LINE)

    def hear(self, _):
        for c in self.all:
            c.settimeout(5)
            assert c.recv(100) == LINE

    def sleep(self, seconds):
        time.sleep(seconds)

    def after(self, path):
        deadline = time.monotonic() + 40
        while not os.path.exists(path):
            assert time.monotonic() < deadline, "not there in time"
            time.sleep(0.05)

    def tell(self, path):
        with open(path, "w", encoding="ascii"):
            pass

    def keepalive(self, seconds):
        for c in self.all:
            c.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, int(seconds))
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, int(seconds))
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 100)

    def forget(self, _):
        self.names = [c.getsockname()[:2] for c in self.all]
        for c in self.all:
            c.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
            c.close()

    def again(self, seconds):
        self.all = []
        waiting = selectors.DefaultSelector()
        for name in self.names:
            c = socket.socket(self.family)
            c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            c.bind(name)
            c.setblocking(False)
            c.connect_ex(self.target)
            waiting.register(c, selectors.EVENT_WRITE)
            self.all.append(c)
        deadline = time.monotonic() + seconds
        connected = 0
        while connected < len(self.all) and time.monotonic() < deadline:
            for key, _ in waiting.select(0.1):
                waiting.unregister(key.fileobj)
                connected += 1
        print("connected", connected, flush=True)
        for c in self.all:
            c.setblocking(True)

    def cut(self, _):
        with socket.socket(self.family, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
            for c in self.all:
                raw.sendto(rst_of(c), (c.getpeername()[0], 0))

    def reset(self, seconds):
        for c in self.all:
            c.settimeout(seconds)
            try:
                c.recv(100)
            except ConnectionResetError:
                continue
            raise AssertionError("no reset but data or a close")


def main():
    role, address, port, how_many, *steps = sys.argv[1:]
    crowd = Crowd(role, address, int(port), int(how_many))
    for step in steps:
        name, _, value = step.partition("=")
        try:
            getattr(crowd, name)(value if name in ("after", "tell") else float(value or 0))
        except (OSError, AssertionError) as error:
            sys.exit("%s, step %s: %r" % (role, step, error))


main()
