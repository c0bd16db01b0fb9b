"""A server that gives back each line, on as many connections as come.

usage: echo.py ADDRESS PORT BACKLOG
"""
import socket
import socketserver
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            for line in self.rfile:
                self.wfile.write(line)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = int(sys.argv[3])


Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
