"""Listens at the port that it is told by the variable PORT, or by the one that is its argument, and answers whoever asks."""
import os
import socket
import sys
import threading


def serve(connection):
    with connection:
        request = connection.recv(4096)
        if request:
            status = b"503 No" if request.startswith(b"GET /broken ") else b"200 OK"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")


variable = sys.argv[1] if len(sys.argv) > 1 else "PORT"
listener = socket.create_server(("127.0.0.1", int(os.environ[variable])))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
