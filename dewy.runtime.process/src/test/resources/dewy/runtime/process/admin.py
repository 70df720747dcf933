"""Answers health checks on a port of its own, with the status that is in the file "status", as does a child of its."""
import ctypes
import http.server
import os
import signal
import socket
import sys


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("status", encoding="ascii") as status:
            self.send_response(int(status.read()), "as told")
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *arguments):
        print("asked for", self.path, flush=True)


class Server(http.server.HTTPServer):
    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()

    def process_request(self, connection, address):
        print("was connected to", flush=True)
        super().process_request(connection, address)


server = Server(("127.0.0.1", int(sys.argv[1])), Health)
print("generation", os.environ["SERVER_STARTER_GENERATION"], "listens", flush=True)
if sys.argv[2:] == ["fork"] and os.fork() != 0:
    os.wait()
elif sys.argv[2:] == ["fork"]:
    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: it leaves the group, and is to end all the same.
server.serve_forever()
